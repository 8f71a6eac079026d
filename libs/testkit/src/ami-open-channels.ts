import type { AmiHeaderRecord } from './ami-recording.ts';

/** What is open in what was played: what a client that comes late is told of. */
export interface OpenChannels {
  note(event: AmiHeaderRecord): void;
  /** `CoreShowChannel` events. */
  list(): AmiHeaderRecord[];
  /** `QueueEntry` events: who waits. */
  waiting(): AmiHeaderRecord[];
}

export function createOpenChannels(): OpenChannels {
  const open = new Map<string, AmiHeaderRecord>();
  const waiting = new Map<string, AmiHeaderRecord>();
  const change = (event: AmiHeaderRecord, headers: AmiHeaderRecord): void => {
    const before = open.get(String(event.Uniqueid));
    if (before !== undefined) open.set(String(event.Uniqueid), { ...before, ...headers });
  };
  const noting: Record<string, (event: AmiHeaderRecord) => unknown> = {
    Newchannel: (event) =>
      open.set(String(event.Uniqueid), { ...event, Event: 'CoreShowChannel', Application: '', BridgeId: '' }),
    Newstate: (event) =>
      change(event, { ChannelState: event.ChannelState ?? '', ChannelStateDesc: event.ChannelStateDesc ?? '' }),
    Newexten: (event) => change(event, { Application: event.Application ?? '', ApplicationData: event.AppData ?? '' }),
    AgentCalled: (event) =>
      change({ Uniqueid: event.DestUniqueid ?? '' }, { Application: 'AppQueue', ApplicationData: '(Outgoing Line)' }),
    BridgeEnter: (event) => change(event, { BridgeId: event.BridgeUniqueid ?? '', Linkedid: event.Linkedid ?? '' }),
    BridgeLeave: (event) => change(event, { BridgeId: '' }),
    Hangup: (event) => open.delete(String(event.Uniqueid)),
    QueueCallerJoin: (event) => waiting.set(String(event.Uniqueid), { ...event, Event: 'QueueEntry', Wait: '0' }),
    QueueCallerLeave: (event) => waiting.delete(String(event.Uniqueid)),
  };
  return {
    note: (event) => noting[String(event.Event)]?.(event),
    list: () => [...open.values()],
    waiting: () => [...waiting.values()],
  };
}
