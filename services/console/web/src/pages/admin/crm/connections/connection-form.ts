import type { CrmConnection, CrmPresence, Direction, loggedOutcomes, PresentedState } from '@patchcord/contracts';
import { every } from '../../../../parts/every.ts';
import { type Pair, pairsOf, recordOf } from '../../parts/pair-rows.tsx';
import { type DescribedValues, describedForm, describedOf } from './described-form.ts';

export const presentedStates = every<PresentedState>({
  ready: true,
  paused: true,
  ringing: true,
  busy: true,
  'on-hold': true,
  offline: true,
  acw: true,
});
export const crmPresences = every<CrmPresence>({ available: true, busy: true, away: true, offline: true });
export const outcomes = every<(typeof loggedOutcomes)[number]>({
  answered: true,
  missed: true,
  abandoned: true,
  failed: true,
});
export const directions = every<Direction>({ inbound: true, outbound: true, internal: true });

/** What is shown of a state unless somebody says otherwise. */
const usual: Record<PresentedState, CrmPresence> = {
  ready: 'available',
  paused: 'away',
  ringing: 'busy',
  busy: 'busy',
  'on-hold': 'busy',
  offline: 'offline',
  acw: 'busy',
};

/** A field that may be empty. */
type OptionalNumber = number | '';

/** A CRM connection as its form holds it. */
export interface ConnectionValues {
  readonly id: string;
  readonly name: string;
  readonly enabled: boolean;
  readonly connector: CrmConnection['connector'];
  readonly baseUrl: string;
  readonly headers: Pair[];
  readonly authentication: string | null;
  readonly username: string;
  readonly password: string;
  readonly clientSecret: string;
  readonly settings: CrmConnection['settings'];
  readonly described: DescribedValues | null;
  readonly agentSystem: string | null;
  readonly logging: {
    readonly outcomes: string[];
    readonly directions: string[];
    /** Empty: all. */
    readonly agents: string[];
    readonly campaigns: string[];
    readonly modules: string[];
    readonly notes: boolean;
    readonly summary: boolean;
    readonly recording: boolean;
    readonly digits: boolean;
  };
  readonly presence: {
    readonly enabled: boolean;
    /** Empty: nothing is told of it. */
    readonly states: Record<PresentedState, CrmPresence | ''>;
    readonly pauses: Pair[];
    readonly words: Record<CrmPresence, string>;
    readonly agents: string[];
  };
  readonly tls: CrmConnection['tls'];
  readonly timeoutMs: OptionalNumber;
  readonly perSecond: OptionalNumber;
  readonly quota: {
    readonly requests: OptionalNumber;
    readonly per: string;
    readonly reserveForCallersPercent: OptionalNumber;
  };
  readonly concurrency: OptionalNumber;
  readonly egress: CrmConnection['egress'];
}

export const emptyConnection: ConnectionValues = {
  id: '',
  name: '',
  enabled: true,
  connector: 'salesforce',
  baseUrl: '',
  headers: [],
  authentication: null,
  username: '',
  password: '',
  clientSecret: '',
  settings: {},
  described: null,
  agentSystem: null,
  logging: {
    outcomes: [...outcomes],
    directions: [...directions],
    agents: [],
    campaigns: [],
    modules: [],
    notes: true,
    summary: true,
    recording: true,
    digits: true,
  },
  presence: {
    enabled: false,
    states: usual,
    pauses: [],
    words: { available: '', busy: '', away: '', offline: '' },
    agents: [],
  },
  tls: { verify: true, minVersion: 'TLSv1.2' },
  timeoutMs: 10_000,
  perSecond: '',
  quota: { requests: '', per: 'day', reserveForCallersPercent: 20 },
  concurrency: 20,
  egress: { allowHttp: false, allowCidrs: [] },
};

const listed = (chosen: 'all' | readonly string[]): string[] => (chosen === 'all' ? [] : [...chosen]);
const allOr = (chosen: readonly string[]): 'all' | readonly string[] => (chosen.length === 0 ? 'all' : chosen);

export function connectionForm(entity: CrmConnection): ConnectionValues {
  const { authentication, agentSystem, described, logging, presence, quota, rateLimit } = entity;
  return {
    ...emptyConnection,
    ...plainOf(entity),
    headers: pairsOf(entity.headers),
    authentication: authentication ?? null,
    described: described === undefined ? null : describedForm(described),
    agentSystem: agentSystem ?? null,
    logging: {
      ...logging,
      agents: listed(logging.agents),
      campaigns: listed(logging.campaigns),
      modules: logging.modules ?? [],
    },
    presence: presenceForm(presence),
    tls: entity.tls,
    perSecond: rateLimit?.perSecond ?? '',
    quota: quota ?? emptyConnection.quota,
  };
}

const plainOf = (entity: CrmConnection) => ({
  id: entity.id,
  name: entity.name,
  enabled: entity.enabled,
  connector: entity.connector,
  baseUrl: entity.baseUrl,
  username: entity.username ?? '',
  password: entity.password ?? '',
  clientSecret: entity.clientSecret ?? '',
  settings: entity.settings,
  timeoutMs: entity.timeoutMs,
  concurrency: entity.concurrency,
  egress: entity.egress,
});

const presenceForm = ({ states, pauses, words, ...rest }: CrmConnection['presence']): ConnectionValues['presence'] => ({
  enabled: rest.enabled,
  states: Object.fromEntries(presentedStates.map((state) => [state, states[state] ?? ''])) as Record<
    PresentedState,
    CrmPresence | ''
  >,
  pauses: pairsOf(pauses),
  words: { ...emptyConnection.presence.words, ...words },
  agents: listed(rest.agents),
});

/** Texts that are empty, and what has no value, are left out. */
const filled = <Value extends object>(value: Value): Partial<Value> =>
  Object.fromEntries(
    Object.entries(value).filter(([, one]) => one !== '' && one !== null && one !== undefined),
  ) as Partial<Value>;

/** What is stored. */
export function connectionOf(values: ConnectionValues): object {
  const { headers, settings, described, logging, presence, tls, perSecond, quota, egress, ...plain } = values;
  const { modules, agents, campaigns, ...logged } = logging;
  const isDescribed = values.connector === 'proprietary' || values.connector === 'proprietary-i';
  return {
    ...filled(plain),
    headers: recordOf(headers),
    settings: filled(settings),
    ...(isDescribed && described !== null ? { described: describedOf(described) } : {}),
    logging: {
      ...logged,
      agents: allOr(agents),
      campaigns: allOr(campaigns),
      ...(modules.length === 0 ? {} : { modules }),
    },
    presence: {
      enabled: presence.enabled,
      states: filled(presence.states),
      pauses: recordOf(presence.pauses),
      words: filled(presence.words),
      agents: allOr(presence.agents),
    },
    tls,
    ...(perSecond === '' ? {} : { rateLimit: { perSecond } }),
    ...(quota.requests === '' ? {} : { quota: filled(quota) }),
    egress,
  };
}
