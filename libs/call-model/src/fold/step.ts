import type { CallEvent, Session } from '@patchcord/contracts';
import { defined } from '../defined.ts';
import { answer, hold, miss, release, resume, ring } from './interactions.ts';
import { end, merge } from './lifecycle.ts';
import { enterQueue, leaveQueue } from './queues.ts';

/** What one event changes. What it refers to may never have been seen: then it tells what it can. */
export function step(session: Session, event: CallEvent): Session {
  switch (event.type) {
    case 'patchcord.v1.call.offered':
      return offer(session, event);
    case 'patchcord.v1.call.ivr-entered':
      return { ...session, ivrs: [...session.ivrs, event.data.ivr] };
    case 'patchcord.v1.call.dtmf-collected':
      return { ...session, digits: session.digits + event.data.digits };
    case 'patchcord.v1.call.variables-set':
      return { ...session, variables: withVariables(session.variables, event.data.variables) };
    case 'patchcord.v1.call.session-written':
      return withData(session, event.data.changes);
    case 'patchcord.v1.call.queued':
      return enterQueue(session, event);
    case 'patchcord.v1.call.dequeued':
      return leaveQueue(session, event);
    case 'patchcord.v1.call.agent-ringing':
      return ring(session, event);
    case 'patchcord.v1.call.agent-missed':
      return miss(session, event);
    case 'patchcord.v1.call.answered':
      return answer(session, event);
    case 'patchcord.v1.call.agent-released':
      return release(session, event);
    case 'patchcord.v1.call.held':
      return hold(session, event);
    case 'patchcord.v1.call.resumed':
      return resume(session, event);
    case 'patchcord.v1.call.transferred':
      return transfer(session, event);
    case 'patchcord.v1.call.conference-changed':
      return { ...session, conference: event.data.legIds };
    case 'patchcord.v1.call.recording-ready':
      return keepRecording(session, event);
    case 'patchcord.v1.call.abandoned':
      return { ...session, abandoned: { at: event.time, ...event.data } };
    case 'patchcord.v1.call.merged':
      return merge(session, event);
    case 'patchcord.v1.call.ended':
      return end(session, event);
    default:
      return session;
  }
}

type Of<Name extends string> = Extract<CallEvent, { type: `patchcord.v1.call.${Name}` }>;

/** A call may be offered again when more is known, e.g. whom a click-to-call dials: what is said later counts. */
function offer(session: Session, event: Of<'offered'>): Session {
  const { direction, ani, callerName, dnis, pbxId, pbxCallId } = event.data;
  return {
    ...session,
    ...defined({ direction, ani, callerName, dnis, pbxId, pbxCallId }),
    offeredAt: session.offeredAt ?? event.time,
  };
}

function transfer(session: Session, { time, data }: Of<'transferred'>): Session {
  const { kind, from, to, consultCallId } = data;
  return { ...session, transfers: [...session.transfers, { kind, at: time, to, ...defined({ from, consultCallId }) }] };
}

function keepRecording(session: Session, { data }: Of<'recording-ready'>): Session {
  const others = session.recordings.filter((one) => one.recordingId !== data.recordingId);
  return { ...session, recordings: [...others, data] };
}

function withVariables(
  variables: Readonly<Record<string, string>>,
  changes: Readonly<Record<string, string | null>>,
): Record<string, string> {
  const all = Object.entries({ ...variables, ...changes });
  return Object.fromEntries(all.filter((entry): entry is [string, string] => entry[1] !== null));
}

/** A name that nobody wrote, or that was deleted, is not there. */
function withData(session: Session, changes: Readonly<Record<string, unknown>>): Session {
  const { data: before, ...rest } = session;
  const all = new Map(Object.entries({ ...before, ...changes }).filter(([, value]) => value !== null));
  return all.size === 0 ? rest : { ...rest, data: Object.fromEntries(all) };
}
