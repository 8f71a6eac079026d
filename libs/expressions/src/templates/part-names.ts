import { isHttpUrl, recordingFileName } from '../sites/call-values.ts';
import { type CallView, elapsedMs, visitMs, wholeSeconds } from './call-view.ts';
import { type KnownName, knownNames, type NameRow } from './known-names.ts';

const answered = { since: 'call.answered' };
const held = { since: 'call.held' };
const over = { since: 'call.agent-released' };

const agent: NameRow[] = [
  ['agent.id', 'the agent who has the call, or whose telephone rings, or who had it last', '1001', agentId],
  ['agent.name', 'his name', 'Ann', ({ part }) => part?.agent.name],
  ['agent.interface', "the PBX's address of his telephone", 'PJSIP/1001', ({ part }) => part?.agent.interface],
  ['agent.interactionId', 'id of his part of the call', 'i-lab-1795218083_2E1609', ({ part }) => part?.interactionId],
  ['agent.legId', 'id of his leg', 'l-lab-1795218083_2E1609', ({ part }) => part?.legId],
  ['agent.state', '`ringing` `talking` `held` `missed` `ended`', 'talking', ({ part }) => part?.state],
  ['agent.queue', 'the queue that the call came from', 'support', ({ part }) => part?.queue],
  ['agent.ringingAt', 'when his telephone rang', '2026-11-20T23:41:23.000Z', ({ part }) => part?.ringingAt],
  ['agent.answeredAt', 'when he answered', '2026-11-20T23:41:25.200Z', ({ part }) => part?.answeredAt, answered],
  [
    'agent.heldAt',
    'when the hold began that is still on',
    '2026-11-20T23:41:40.000Z',
    ({ part }) => part?.heldAt,
    held,
  ],
  ['agent.endedAt', 'when he was out of the call', '2026-11-20T23:42:26.000Z', ({ part }) => part?.endedAt, over],
  ['agent.endedBy', 'who ended his part', 'agent', ({ part }) => part?.endedBy, over],
  [
    'agent.missedReason',
    'why he did not answer',
    'timeout',
    ({ part }) => part?.missedReason,
    { since: 'call.agent-missed' },
  ],
  ['agent.ringMs', 'time that his telephone rang, up to now while it does (ms)', 2200, ringMs],
  ['agent.talkMs', 'answer to end, holds included, up to now while he talks (ms)', 61_000, talkMs, answered],
  ['agent.talkSeconds', 'the same (s)', 61, (view) => wholeSeconds(talkMs(view)), answered],
  ['agent.holdMs', 'time that he held the call (ms)', 500, ({ part }) => part?.holdMs],
  ['agent.holds', 'how many times he held it', 1, ({ part }) => part?.holds],
  ['agent.pauses', 'the holds', [{ heldAt: '2026-11-20T23:41:40.000Z' }], ({ part }) => part?.pauses, held],
];

function agentId({ part }: CallView): string | undefined {
  return part?.agent.agentId;
}

function ringMs({ part, now }: CallView): number | undefined {
  const rings = part?.state === 'ringing';
  return rings ? (part.ringMs ?? elapsedMs(part.ringingAt, undefined, now)) : part?.ringMs;
}

function talkMs({ part, now }: CallView): number | undefined {
  const talks = part?.endedAt === undefined;
  return talks ? elapsedMs(part?.answeredAt, undefined, now) : part.talkMs;
}

const queue: NameRow[] = [
  ['queue.id', 'the last queue', 'support', (view) => view.queue?.queue],
  ['queue.name', 'the last queue', 'support', (view) => view.queue?.queue],
  ['queue.enteredAt', 'when the caller came into it', '2026-11-20T23:41:21.100Z', (view) => view.queue?.enteredAt],
  ['queue.waitMs', 'time in it, up to now while he waits (ms)', 4100, queueWait],
  ['queue.waitSeconds', 'time in it, up to now while he waits (s)', 4, (view) => wholeSeconds(queueWait(view))],
  ['queue.leftAt', 'when he left it', '2026-11-20T23:41:25.200Z', (view) => view.queue?.leftAt, left()],
  ['queue.reason', '`connected` `abandoned` `timeout` `left`', 'connected', (view) => view.queue?.reason, left()],
];

function left(): { since: string } {
  return { since: 'call.dequeued' };
}

function queueWait({ queue: visit, now }: CallView): number | undefined {
  return visit === undefined ? undefined : visitMs(visit, now);
}

const recording: NameRow[] = [
  ['recording.id', "the recording of the agent's part, or else the last", 'r-lab-1', (v) => v.recording?.recordingId],
  ['recording.legId', 'the leg recorded', 'l-lab-1795218083_2E1609', (view) => view.recording?.legId],
  ['recording.location', 'where it is: a path or a URL', '/var/rec/a.wav', (view) => view.recording?.location],
  ['recording.url', 'where it is, if that is a URL', 'https://pbx.example/rec/a.wav', recordingUrl],
  [
    'recording.fileName',
    'the name of its file',
    'a.wav',
    (view) => view.recording && recordingFileName(view.recording),
  ],
  ['recording.startedAt', 'when it began', '2026-11-20T23:41:26.000Z', (view) => view.recording?.startedAt],
  ['recording.endedAt', 'when it ended', '2026-11-20T23:42:26.000Z', (view) => view.recording?.endedAt],
];

function recordingUrl({ recording: one }: CallView): string | undefined {
  return one !== undefined && isHttpUrl(one.location) ? one.location : undefined;
}

/** Names in `agent`, `queue` and `recording`. */
export const partNames: readonly KnownName[] = [
  ...knownNames('agent', 'call.agent-ringing', agent),
  ...knownNames('queue', 'call.queued', queue),
  ...knownNames('recording', 'call.recording-ready', recording),
];
