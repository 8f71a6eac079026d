import {
  type ContactDatabase,
  contactDatabase,
  type ExternalSite,
  externalSite,
  type Session,
  type SiteParameter,
  siteParameter,
} from '@patchcord/contracts';
import { expect } from 'vitest';
import { renderServerRequest, type ServerRequest, type SiteFacts } from '../../src/index.ts';

export const recordingFile = 'prev-115-20190604-2-4149014-1559667982.424.wav';

export const part: Session['interactions'][number] = {
  interactionId: 'i-1',
  legId: 'l-2',
  agent: { agentId: '1001', name: 'Agent One' },
  queue: 'support',
  state: 'talking',
  ringingAt: '2026-11-20T23:41:23.000Z',
  answeredAt: '2026-11-20T23:41:25.200Z',
  ringMs: 2200,
  talkMs: 61_000,
  holdMs: 500,
  holds: 1,
};

export const session: Session = {
  tenantId: 'acme',
  callId: 'c-1',
  version: 4,
  state: 'talking',
  direction: 'inbound',
  ani: '+14155550123',
  callerName: 'José & Co',
  dnis: '+12025550100',
  pbxId: 'lab',
  pbxCallId: '1559667982.424',
  offeredAt: '2026-11-20T23:41:21.100Z',
  answeredAt: '2026-11-20T23:41:25.200Z',
  ivrs: [],
  digits: '42',
  queues: [{ queue: 'support', enteredAt: '2026-11-20T23:41:21.100Z', waitMs: 4100, reason: 'connected' }],
  interactions: [part],
  transfers: [],
  conference: [],
  variables: { 'ivr.premium': 'true', Omlcrmcustomerid: '4711', Omlcrmcustomerplan: 'gold' },
  recordings: [
    {
      recordingId: 'r-1',
      legId: 'l-2',
      location: `/var/spool/${recordingFile}`,
      startedAt: '2026-11-20T23:41:26.000Z',
    },
  ],
};

export const facts: SiteFacts = {
  cause: 'answered',
  occurredAt: '2026-11-20T23:41:25.200Z',
  tenant: { id: 'acme', timeZone: 'America/Argentina/Cordoba' },
  campaign: { id: '11', name: 'Support', type: 'inbound', external: { system: 'crm', id: 'C-11' } },
  session,
  interaction: part,
  agent: { id: '1001', username: 'one', externalIds: { crm: 'A-1' } },
  contact: {
    contactId: '321321321',
    databaseId: 'customers',
    externalId: 'X-9',
    values: { name: 'José & Co', city: 'Córdoba', phone: '+14155550123' },
  },
};

export const customers: ContactDatabase = contactDatabase.parse({
  id: 'customers',
  name: 'Customers',
  columns: ['name', 'city', 'phone'],
  phoneColumns: ['phone'],
});

export const siteOf = (more: Readonly<Record<string, unknown>> = {}): ExternalSite =>
  externalSite.parse({ id: 'crm', name: 'CRM', url: 'https://crm.example/calls', ...more });

export const post = (format: string, more: Readonly<Record<string, unknown>> = {}): ExternalSite =>
  siteOf({ method: 'POST', format, ...more });

/** `call.ani as phone`, `fixed.en as lang`, `contact.city as {1}`; the rest of the row beside it. */
export function row(text: string, more: Partial<SiteParameter> = {}): SiteParameter {
  const [, family, key, name] = /^([a-z]+)\.(.*) as (\S+)$/s.exec(text) ?? [];
  return siteParameter.parse({ family, key, name, ...more });
}

/** Facts in which the session variable `v` has a value of any kind. */
export const withValue = (value: unknown): SiteFacts => ({ ...facts, sample: { variable: { v: value } } });

/** A row that sends what `withValue` holds. */
export const valueRow = (name: string, more: Partial<SiteParameter> = {}): SiteParameter =>
  row(`variable.v as ${name}`, more);

/** What is rendered; fails the test when nothing is. */
export function rendered(site: ExternalSite, parameters: readonly SiteParameter[], given = facts): ServerRequest {
  const result = renderServerRequest(site, parameters, given);
  expect(result).toMatchObject({ ok: true });
  if (!result.ok) throw new Error(result.message);
  return result.value;
}

/** What JSON holds under `v` for a family and key; undefined when it is left out. */
export function jsonValue(what: string, given: SiteFacts = facts): unknown {
  const site = what.startsWith('disposition') ? post('json', { trigger: 'disposition' }) : post('json');
  const { body = '' } = rendered(site, [row(`${what} as v`)], given);
  return (JSON.parse(body) as { v?: unknown }).v;
}
export const withSession = (more: Partial<typeof session>): SiteFacts => ({
  ...facts,
  session: { ...session, ...more },
});
const { session: _session, interaction: _interaction, contact: _contact, ...withoutCall } = facts;
/** Of a disposition outside a call, and of no contact. */
export const outside: SiteFacts = withoutCall;

export const disposition: SiteFacts = {
  ...facts,
  cause: 'disposition',
  disposition: {
    value: { optionId: 'sold', name: 'Sold', comments: 'at last', form: { Motivo: 'ventá', n: 1, nested: ['a', 'b'] } },
    previous: { optionId: 'later', name: 'Call again', form: { Motivo: 'no' } },
  },
};
