import type { CampaignType, DispositionValue, ParameterFamily } from '@patchcord/contracts';
import * as call from './call-values.ts';
import { encodeForm } from './disposition-form.ts';
import type { SiteFacts } from './facts.ts';
import type { Value } from './values.ts';

/** One value that a parameter can name. In a key, what stands between `<` and `>` is to be replaced. */
export interface CatalogueEntry {
  readonly family: ParameterFamily;
  readonly key: string;
  readonly meaning: string;
  readonly type: 'text' | 'number' | 'time' | 'any';
  /** Other names of the same value; those of OMniLeads' interface and manual are among them. */
  readonly aliases: readonly string[];
}

/** A catalogue entry whose key is a fixed word, and how its value is found. */
export interface KnownKey extends CatalogueEntry {
  readonly read: (facts: SiteFacts) => Value | undefined;
  /** Its name in what a site without a parameter table is sent. */
  readonly essential?: string;
}

type Row = readonly [key: string, meaning: string, read: KnownKey['read'], more?: Partial<KnownKey>];

const rows = (family: ParameterFamily, ...list: readonly Row[]): KnownKey[] =>
  list.map(([key, meaning, read, more]) => ({ family, key, meaning, read, type: 'text', aliases: [], ...more }));

/** By which names OMniLeads calls the types of its campaigns: the text that is sent. */
const campaignTypeLabels: Record<CampaignType, string> = {
  inbound: 'Inbound',
  preview: 'Preview',
  predictive: 'Dialer',
  manual: 'Manual',
};

const campaignKeys = rows(
  'campaign',
  ['id', 'id of the campaign', ({ campaign }) => campaign.id, { essential: 'campaignId' }],
  ['name', 'its name', ({ campaign }) => campaign.name, { essential: 'campaignName', aliases: ['nombre'] }],
  [
    'type',
    `its type: ${Object.values(campaignTypeLabels).join(', ')}`,
    ({ campaign }) => campaignTypeLabels[campaign.type],
    { aliases: ['tipo'] },
  ],
  ['externalId', 'what the CRM calls it', ({ campaign }) => campaign.external?.id, { aliases: ['external_id'] }],
);

const essential = (key: string, more: Partial<KnownKey> = {}): Partial<KnownKey> => ({ essential: key, ...more });
const time = { type: 'time' } as const;
const number = { type: 'number' } as const;

const callKeys = rows(
  'call',
  ['event', 'what happened, e.g. `answered`', ({ cause }) => cause, essential('event')],
  ['eventTime', 'when it happened', ({ occurredAt }) => occurredAt, essential('eventTime', time)],
  ['tenantId', 'id of the tenant', ({ tenant }) => tenant.id, essential('tenantId')],
  ['callId', 'our id of the call', ({ session }) => session?.callId, essential('callId', { aliases: ['call_id'] })],
  ['pbxCallId', "the PBX's id of the call", ({ session }) => session?.pbxCallId, essential('pbxCallId')],
  ['pbxId', 'the PBX', ({ session }) => session?.pbxId],
  [
    'interactionId',
    "id of the agent's part of the call",
    (facts) => call.partOf(facts)?.interactionId,
    essential('interactionId'),
  ],
  ['direction', '`inbound`, `outbound` or `internal`', ({ session }) => session?.direction, essential('direction')],
  ['state', 'state of the call, e.g. `talking`', ({ session }) => session?.state, essential('state')],
  ['outcome', 'how it ended, e.g. `answered`', ({ session }) => session?.outcome, essential('outcome')],
  ['ani', "the caller's number", ({ session }) => session?.ani, essential('ani')],
  ['callerName', "the caller's name by the PBX", ({ session }) => session?.callerName, essential('callerName')],
  ['dnis', 'the number that was dialled', ({ session }) => session?.dnis, essential('dnis')],
  ['did', 'the number that was dialled', ({ session }) => session?.dnis, essential('did')],
  [
    'phone',
    'the number of whoever is not the agent: the caller, or the number dialled of an outbound call',
    call.otherNumber,
    { aliases: ['telefono'] },
  ],
  [
    'contact_id',
    'our id of the contact',
    ({ contact }) => contact?.contactId,
    essential('contactId', { aliases: ['contactId', 'id_contacto'] }),
  ],
  [
    'queue',
    'the queue of the agent, or the last of the call',
    (facts) => call.partOf(facts)?.queue ?? call.lastVisit(facts)?.queue,
    essential('queue'),
  ],
  ['agentId', 'id of the agent', (facts) => call.agentOf(facts)?.id, essential('agentId', { aliases: ['agent_id'] })],
  [
    'agentName',
    'name of the agent',
    (facts) => call.agentOf(facts)?.name,
    essential('agentName', { aliases: ['agent_name'] }),
  ],
  [
    'agentUsername',
    'name by which the agent logs in',
    (facts) => call.agentOf(facts)?.username,
    { aliases: ['agent_username'] },
  ],
  ['agentExternalId', 'what the CRM calls the agent', call.agentExternalId],
  [
    'datetime',
    'when the call began; see the switch `legacyDatetime`',
    ({ session, occurredAt }) => session?.offeredAt ?? occurredAt,
    time,
  ],
  ['offeredAt', 'when the call began', ({ session }) => session?.offeredAt, essential('offeredAt', time)],
  ['ringingAt', "when the agent's phone began to ring", (facts) => call.partOf(facts)?.ringingAt, time],
  [
    'answeredAt',
    'when the agent answered, or the first agent did',
    (facts) => call.partOf(facts)?.answeredAt ?? facts.session?.answeredAt,
    essential('answeredAt', time),
  ],
  ['endedAt', 'when the call ended', ({ session }) => session?.endedAt, essential('endedAt', time)],
  ['endedBy', 'who ended it', ({ session }) => session?.endedBy, essential('endedBy')],
  ['endReason', 'why it ended, in words of the PBX', ({ session }) => session?.endReason],
  ['waitMs', 'time in the last queue (ms)', (facts) => call.lastVisit(facts)?.waitMs, essential('waitMs', number)],
  [
    'call_wait_duration',
    'time in the last queue (s)',
    (facts) => call.inSeconds(call.lastVisit(facts)?.waitMs),
    { ...number, aliases: ['waitSeconds'] },
  ],
  [
    'ringMs',
    "time that the agent's phone rang (ms)",
    (facts) => call.partOf(facts)?.ringMs,
    essential('ringMs', number),
  ],
  [
    'talkMs',
    "agent's answer to end, holds included (ms)",
    (facts) => call.partOf(facts)?.talkMs,
    essential('talkMs', number),
  ],
  [
    'holdMs',
    'time that the agent held the call (ms)',
    (facts) => call.partOf(facts)?.holdMs,
    essential('holdMs', number),
  ],
  ['holds', 'how many times the agent held the call', (facts) => call.partOf(facts)?.holds, number],
  ['durationMs', 'the whole call (ms)', call.durationMs, number],
  [
    'digits',
    'all digits that the caller pressed in IVRs',
    ({ session }) => session?.digits || undefined,
    essential('digits'),
  ],
  [
    'rec_filename',
    'file name of the recording',
    (facts) => named(call.recordingOf(facts), call.recordingFileName),
    { aliases: ['recordingFile'] },
  ],
  ['recordingId', 'id of the recording', (facts) => call.recordingOf(facts)?.recordingId],
  [
    'recordingLocation',
    'where the PBX stored the recording: a path or a URL',
    (facts) => call.recordingOf(facts)?.location,
  ],
  [
    'recordingUrl',
    'where the recording is, if that is a URL',
    (facts) => named(call.recordingOf(facts), ({ location }) => (call.isHttpUrl(location) ? location : undefined)),
  ],
);

function named<T>(what: T | undefined, read: (what: T) => string | undefined): string | undefined {
  return what === undefined ? undefined : read(what);
}

type Which = (facts: SiteFacts) => DispositionValue | undefined;

const dispositionRows = (prefix: string, sent: string, whose: string, which: Which): Row[] => [
  [`${prefix}id`, `id of the ${whose}`, (facts) => which(facts)?.optionId, essential(`${sent}Id`)],
  [`${prefix}name`, `name of the ${whose}`, (facts) => which(facts)?.name, essential(`${sent}Name`)],
  [`${prefix}comments`, `comments on the ${whose}`, (facts) => which(facts)?.comments, essential(`${sent}Comments`)],
  [
    `${prefix}form`,
    `its management form as JSON in base64url without padding; empty without a form`,
    (facts) => {
      const value = which(facts);
      return value === undefined ? undefined : encodeForm(value.form);
    },
  ],
];

const dispositionKeys = rows(
  'disposition',
  ...dispositionRows('', 'disposition', 'disposition', ({ disposition }) => disposition?.value),
  ...dispositionRows(
    'previous_',
    'previousDisposition',
    'disposition before the change',
    ({ disposition }) => disposition?.previous,
  ),
);

/** Keys that are fixed words. */
export const knownKeys: readonly KnownKey[] = [...campaignKeys, ...callKeys, ...dispositionKeys];

const open = (
  family: ParameterFamily,
  key: string,
  meaning: string,
  type: 'text' | 'any' = 'text',
): CatalogueEntry => ({
  family,
  key,
  meaning,
  type,
  aliases: [],
});

/** Every value that a parameter can name, by family. */
export const parameterCatalogue: readonly CatalogueEntry[] = [
  ...campaignKeys,
  open('contact', '<column>', 'a column of the contact database; absent while the number fits no contact, or several'),
  open('contact', 'contact_id', 'our id of the contact, unless there is a column of that name'),
  open('contact', 'external_id', "the contact's id in the CRM, unless there is a column of that name"),
  ...callKeys,
  open('fixed', '<text>', 'the text itself'),
  open(
    'dialplan',
    'Omlcrm<name>',
    'a variable of the dialplan, in any case; only those that `OMLCUSTOMDIALPLANVARS` names, if it is set',
  ),
  ...dispositionKeys,
  open('disposition', 'form.<field>', 'one field of the management form', 'any'),
  open('disposition', 'previous_form.<field>', 'the same, before the change', 'any'),
  open('variable', '<name>', 'a variable of the session, e.g. `ivr.premium`'),
].map(({ family, key, meaning, type, aliases }) => ({ family, key, meaning, type, aliases }));
