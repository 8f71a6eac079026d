import type { Interaction } from '@patchcord/contracts';
import type { CallView } from './call-view.ts';
import { type KnownName, knownNames, type NameRow } from './known-names.ts';
import { referenceFinishReason, referenceState } from './reference-states.ts';

const abandoned = { since: 'call.abandoned' };
const answered = { since: 'call.answered' };
const ended = { since: 'call.ended' };
const queued = { since: 'call.queued' };
const transferred = { since: 'call.transferred' };

const state: NameRow[] = [
  ['call.type', '`inbound`, `outbound` or `internal`', 'inbound', ({ session }) => session.direction],
  ['call.direction', '`inbound`, `outbound` or `internal`', 'inbound', ({ session }) => session.direction],
  [
    'call.state',
    "babelforce's states: `ringing` `in-progress` `queued` `bridged` `canceled` `busy` `no-answer` `completed` `failed`",
    'in-progress',
    ({ session }) => referenceState(session),
  ],
  [
    'call.phase',
    'our states: `ringing` `ivr` `queued` `talking` `held` `ended`',
    'ivr',
    ({ session }) => session.state,
  ],
  [
    'call.outcome',
    '`answered` `abandoned` `missed` `failed` `merged`',
    'answered',
    ({ session }) => session.outcome,
    ended,
  ],
  [
    'call.finishReason',
    "babelforce's reasons, e.g. `hangup` `busy` `no-answer` `transferred` `dropped`",
    'hangup',
    ({ session }) => referenceFinishReason(session),
    ended,
  ],
  [
    'call.endedBy',
    '`agent` `customer` `transfer` `system` `unknown`',
    'customer',
    ({ session }) => session.endedBy,
    ended,
  ],
  ['call.endReason', 'why it ended, e.g. `hangup` or `busy`', 'hangup', ({ session }) => session.endReason, ended],
  ['call.cause.q850', 'cause of the end (ITU-T Q.850)', 16, ({ session }) => session.cause?.q850, ended],
  ['call.cause.text', 'the cause in words', 'Normal Clearing', ({ session }) => session.cause?.text, ended],
  ['call.cause.sip', 'SIP status of the end', 486, ({ session }) => session.cause?.sip, ended],
];

const story: NameRow[] = [
  [
    'call.digits',
    'all digits that the caller pressed in IVRs',
    '42',
    ({ session }) => session.digits,
    { since: 'call.dtmf-collected' },
  ],
  ['call.ivr', 'the last IVR entered', 'main', ({ session }) => session.ivrs.at(-1), { since: 'call.ivr-entered' }],
  ['call.ivrs', 'the IVRs entered', ['main'], ({ session }) => session.ivrs, { since: 'call.ivr-entered' }],
  ['call.queue', 'the last queue', 'support', ({ queue }) => queue?.queue, queued],
  [
    'call.queues',
    'the stays in queues',
    [{ queue: 'support', waitMs: 4100, reason: 'connected' }],
    ({ session }) => session.queues,
    queued,
  ],
  ['call.abandoned', 'whether the caller gave up', false, ({ session }) => session.abandoned !== undefined],
  ['call.abandoned.at', 'when', '2026-11-20T23:41:50.000Z', ({ session }) => session.abandoned?.at, abandoned],
  ['call.abandoned.during', '`ivr`, `queue` or `ringing`', 'queue', (v) => v.session.abandoned?.during, abandoned],
  ['call.abandoned.queue', 'in which queue', 'support', ({ session }) => session.abandoned?.queue, abandoned],
  ['call.abandoned.waitMs', 'after what time (ms)', 28_900, ({ session }) => session.abandoned?.waitMs, abandoned],
  [
    'call.interactions',
    "the agents' parts of the call",
    [{ agent: { agentId: '1001' }, state: 'talking' }],
    ({ session }) => session.interactions,
    { since: 'call.agent-ringing' },
  ],
  ['call.bridged.agent.id', 'the agent who took the call', '1001', (view) => bridged(view)?.agent.agentId, answered],
  ['call.bridged.agent.name', 'his name', 'Ann', (view) => bridged(view)?.agent.name, answered],
  ['call.bridged.queueId', 'the queue it came from', 'support', (view) => bridged(view)?.queue, answered],
  ['call.bridged.queueName', 'the queue it came from', 'support', (view) => bridged(view)?.queue, answered],
  ['call.transferred', 'whether it was transferred', false, ({ session }) => session.transfers.length > 0],
  [
    'call.transfers',
    'its transfers',
    [{ kind: 'blind', to: { extension: '1002' } }],
    ({ session }) => session.transfers,
    transferred,
  ],
  ['call.transfer.kind', 'the last one: `blind` `attended` `redirect`', 'blind', (v) => v.transfer?.kind, transferred],
  ['call.transfer.at', 'when', '2026-11-20T23:42:00.000Z', ({ transfer }) => transfer?.at, transferred],
  ['call.transfer.from', 'the agent who transferred', '1001', (v) => v.transfer?.from?.agentId, transferred],
  [
    'call.transfer.to',
    'the extension or agent transferred to',
    '1002',
    ({ transfer }) => transfer?.to.extension ?? transfer?.to.agent?.agentId,
    transferred,
  ],
  [
    'call.conference',
    'legs of the conference',
    ['l-1', 'l-2', 'l-3'],
    ({ session }) => session.conference,
    { since: 'call.conference-changed' },
  ],
  [
    'call.recordings',
    'its recordings',
    [{ recordingId: 'r-1', location: '/var/spool/r-1.wav' }],
    ({ session }) => session.recordings,
    { since: 'call.recording-ready' },
  ],
];

/** The part of whoever has the call or had it last; a telephone that only rings is not bridged. */
function bridged({ part }: CallView): Interaction | undefined {
  return part?.answeredAt === undefined ? undefined : part;
}

/** Names in `call` that tell how it went. */
export const courseNames: readonly KnownName[] = [state, story].flatMap((rows) =>
  knownNames('call', 'call.offered', rows),
);
