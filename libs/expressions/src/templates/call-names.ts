import {
  addressOf,
  type CallView,
  diallable,
  elapsedMs,
  inUnixSeconds,
  numberOf,
  waitedMs,
  wholeSeconds,
} from './call-view.ts';
import { courseNames } from './course-names.ts';
import { type KnownName, knownNames, type NameRow } from './known-names.ts';

const answered = { since: 'call.answered' };
const ended = { since: 'call.ended' };
const queued = { since: 'call.queued' };

const identity: NameRow[] = [
  ['call.id', 'our id of the call', 'c-lab-1795218080_2E1608', ({ session }) => session.callId],
  ['call.sessionId', 'id of its session: that of the call', 'c-lab-1795218080_2E1608', ({ session }) => session.callId],
  [
    'call.conversationId',
    'id of the conversation: that of the call',
    'c-lab-1795218080_2E1608',
    (v) => v.session.callId,
  ],
  [
    'call.parentId',
    'the call that this one became part of',
    'c-lab-1795218070_2E1601',
    ({ session }) => session.mergedInto,
    { since: 'call.merged' },
  ],
  ['call.tenantId', 'id of the tenant', 'acme', ({ session }) => session.tenantId],
  ['call.pbxId', 'the PBX', 'lab', ({ session }) => session.pbxId],
  ['call.pbxCallId', "the PBX's id of the call", '1795218080.1608', ({ session }) => session.pbxCallId],
  ['call.version', 'how many events of the call there were', 4, ({ session }) => session.version],
  ['call.traceparent', 'the trace in which it came (W3C)', '00-0af7…-b7ad…-01', ({ session }) => session.traceparent],
];

const numbers: NameRow[] = [
  ['call.from', 'the caller: E.164 if it is a number', '+14155550123', (view) => addressOf(view, 'ani')],
  ['call.from.number', "the caller's number; none if he hides it", '+14155550123', (view) => diallable(view, 'ani')],
  ['call.from.national', 'the number within its country', '4155550123', (view) => numberOf(view, 'ani')?.national],
  ['call.from.kind', '`number`, `extension`, `sip-user` or `anonymous`', 'number', (v) => numberOf(v, 'ani')?.kind],
  ['call.from.name', "the caller's name by the PBX", 'José', ({ session }) => session.callerName],
  ['call.callerName', "the caller's name by the PBX", 'José', ({ session }) => session.callerName],
  ['call.to', 'the number dialled: E.164 if it is one', '+12025550100', (view) => addressOf(view, 'dnis')],
  ['call.to.number', 'the number dialled', '+12025550100', (view) => diallable(view, 'dnis')],
  ['call.to.national', 'the number dialled within its country', '2025550100', (v) => numberOf(v, 'dnis')?.national],
  ['call.to.kind', '`number`, `extension`, `sip-user` or `anonymous`', 'number', (v) => numberOf(v, 'dnis')?.kind],
  ['call.ani', "the caller's number as the PBX said it", '+14155550123', ({ session }) => session.ani],
  ['call.dnis', 'the number dialled as the PBX said it', '+12025550100', ({ session }) => session.dnis],
  ['call.did', 'the number dialled as the PBX said it', '+12025550100', ({ session }) => session.dnis],
  ['call.anonymous', 'whether the caller hides his number', false, isAnonymous],
];

/** Of a conversation that is no call: who writes, over what, and to where. */
const digital: NameRow[] = [
  ['call.channel', '`voice` or `digital`', 'voice', ({ session }) => session.channel ?? 'voice'],
  ['call.digital.contactId', "the platform's id of the conversation", '418204417', (v) => v.session.digital?.contactId],
  ['call.digital.kind', '`chat` `sms` `email` `social` `messaging`', 'chat', ({ session }) => session.digital?.kind],
  ['call.digital.pointOfContact', 'where the customer wrote to', 'web shop', (v) => v.session.digital?.pointOfContact],
  ['call.digital.customer.name', "the customer's name", 'José', ({ session }) => session.digital?.customer?.name],
  ['call.digital.customer.phone', 'his number', '+14155550123', ({ session }) => session.digital?.customer?.phone],
  ['call.digital.customer.email', 'his mail address', 'jose@example.com', (v) => v.session.digital?.customer?.email],
  ['call.digital.customer.handle', 'his name in a network', '@jose', (v) => v.session.digital?.customer?.handle],
];

/** No number at all is one that is withheld, once the call is known. */
function isAnonymous(view: CallView): boolean | undefined {
  const kind = numberOf(view, 'ani')?.kind;
  if (kind !== undefined) return kind === 'anonymous';
  return view.session.offeredAt === undefined ? undefined : true;
}

const times: NameRow[] = [
  ['call.dateCreated', 'when it began (unix seconds)', 1795218081, ({ session }) => inUnixSeconds(session.offeredAt)],
  [
    'call.dateEstablished',
    'when it was answered (unix seconds)',
    1795218085,
    ({ session }) => inUnixSeconds(session.answeredAt),
    answered,
  ],
  [
    'call.dateFinished',
    'when it ended (unix seconds)',
    1795218146,
    ({ session }) => inUnixSeconds(session.endedAt),
    ended,
  ],
  ['call.offeredAt', 'when it began', '2026-11-20T23:41:21.100Z', ({ session }) => session.offeredAt],
  [
    'call.answeredAt',
    'when it was answered',
    '2026-11-20T23:41:25.200Z',
    ({ session }) => session.answeredAt,
    answered,
  ],
  ['call.endedAt', 'when it ended', '2026-11-20T23:42:26.000Z', ({ session }) => session.endedAt, ended],
  ['call.duration', 'the whole call, up to now while it lasts (s)', 65, (view) => wholeSeconds(callMs(view))],
  ['call.durationMs', 'the whole call, up to now while it lasts (ms)', 64_900, (view) => callMs(view)],
  ['call.waitMs', 'time in all queues, up to now while he waits (ms)', 4100, waitedMs, queued],
  ['call.waitSeconds', 'time in all queues, up to now while he waits (s)', 4, (v) => wholeSeconds(waitedMs(v)), queued],
];

function callMs({ session, now }: CallView): number | undefined {
  return elapsedMs(session.offeredAt, session.endedAt, now);
}

/** Names in `call`. */
export const callNames: readonly KnownName[] = [
  ...[identity, digital, numbers, times].flatMap((rows) => knownNames('call', 'call.offered', rows)),
  ...courseNames,
];
