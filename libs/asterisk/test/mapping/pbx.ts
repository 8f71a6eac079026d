import { join } from 'node:path';
import { type Story, storyOf } from '@patchcord/call-model';
import type { AnyEvent, EventDefinition } from '@patchcord/contracts';
import {
  type AmiMapper,
  type AmiMapperOptions,
  type AmiMessage,
  type AmiSnapshot,
  createAmiMapper,
  field,
  replayRecording,
} from '../../src/index.ts';

type Headers = Readonly<Record<string, string | readonly string[]>>;

/** An AMI event; a list is a header that repeats. */
export function ami(event: string, headers: Headers = {}): AmiMessage {
  const all = Object.entries({ Event: event, ...headers });
  return { headers: all.flatMap(([name, value]) => [value].flat().map((one) => [name, one] as const)) };
}

/** Where in time the scripts below begin; they count in ms from here. */
export const start = Date.parse('2026-11-20T12:00:00.000Z');

interface ChannelOptions {
  readonly uid: string;
  readonly name: string;
  readonly linkedid?: string;
  readonly headers?: Headers;
}

/** A PBX that says what a test makes it say, one channel by name after another, through a mapper of its own. */
export class Pbx {
  readonly mapper: AmiMapper;
  readonly events: AnyEvent[] = [];
  readonly #channels = new Map<string, Headers>();
  #now = start;

  constructor(options: Partial<AmiMapperOptions> = {}) {
    this.mapper = createAmiMapper({ pbxId: 'lab', tenantId: 'demo', ...options });
  }

  send(message: AmiMessage): this {
    this.events.push(...this.mapper.apply(message, this.#now));
    return this;
  }

  wait(ms: number): this {
    this.#now += ms;
    return this;
  }

  /** Any event of a channel. */
  on(uid: string, event: string, headers: Headers = {}): this {
    return this.send(ami(event, { ...this.#headersOf(uid), ...headers }));
  }

  /** Any event of a channel and another one that it dials. */
  dial(from: string | undefined, to: string, event: string, headers: Headers = {}): this {
    const destination = Object.entries(this.#headersOf(to)).map(([name, value]) => [`Dest${name}`, value]);
    const source = from === undefined ? {} : this.#headersOf(from);
    return this.send(ami(event, { ...source, ...Object.fromEntries(destination), ...headers }));
  }

  channel({ uid, name, linkedid = uid, headers = {} }: ChannelOptions): this {
    this.#channels.set(uid, { Channel: name, Uniqueid: uid, Linkedid: linkedid });
    return this.on(uid, 'Newchannel', { ChannelState: '0', ChannelStateDesc: 'Down', ...headers });
  }

  /** From now on the PBX says this Linkedid of the channel. */
  relink(uid: string, linkedid: string): this {
    this.#channels.set(uid, { ...this.#headersOf(uid), Linkedid: linkedid });
    return this;
  }

  call(uid: string, headers: Headers = {}): this {
    const from = { ChannelState: '4', CallerIDNum: '+14155550123', CallerIDName: 'Caller', Exten: '+12025550100' };
    return this.channel({ uid, name: `PJSIP/carrier-${hex(uid)}`, headers: { ...from, Context: 'in', ...headers } });
  }

  phone(uid: string, number: string, linkedid: string, headers: Headers = {}): this {
    const own = { CallerIDNum: number, CallerIDName: `Agent ${number}`, Exten: 's', Context: 'from-agent' };
    return this.channel({ uid, name: `PJSIP/${number}-${hex(uid)}`, linkedid, headers: { ...own, ...headers } });
  }

  join(uid: string, queue: string): this {
    return this.on(uid, 'QueueCallerJoin', { Queue: queue, Position: '1' });
  }

  /** A phone is dialled and rings; for a queue, if there is one. */
  ring(from: string, uid: string, number: string, { queue }: { readonly queue?: string } = {}): this {
    this.phone(uid, number, String(this.#headersOf(from).Linkedid));
    const member = { Queue: queue ?? '', Interface: `PJSIP/${number}`, MemberName: `Agent ${number}` };
    if (queue !== undefined) this.dial(from, uid, 'AgentCalled', member);
    return this.dial(from, uid, 'DialBegin').on(uid, 'Newstate', { ChannelState: '5' });
  }

  answer(from: string, uid: string): this {
    return this.on(uid, 'Newstate', { ChannelState: '6' }).dial(from, uid, 'DialEnd', { DialStatus: 'ANSWER' });
  }

  bridge(id: string, ...uids: string[]): this {
    for (const uid of uids) this.on(uid, 'BridgeEnter', { BridgeUniqueid: id });
    return this;
  }

  leave(id: string, ...uids: string[]): this {
    for (const uid of uids) this.on(uid, 'BridgeLeave', { BridgeUniqueid: id });
    return this;
  }

  hangup(uid: string, cause = '16', headers: Headers = {}): this {
    return this.on(uid, 'Hangup', { Cause: cause, 'Cause-txt': 'text', ...headers });
  }

  resync(snapshot: Partial<AmiSnapshot>): this {
    this.events.push(...this.mapper.resync({ channels: [], queues: [], restarted: false, ...snapshot }, this.#now));
    return this;
  }

  /** `CoreShowChannel` of a channel. */
  shown(uid: string, headers: Headers = {}): AmiMessage {
    return ami('CoreShowChannel', { ...this.#headersOf(uid), ChannelState: '6', Duration: '00:00:10', ...headers });
  }

  story(): Story {
    return storyOf(this.events);
  }

  types(): string[] {
    return this.events.map(({ type }) => type.split('.').slice(2).join('.'));
  }

  #headersOf(uid: string): Headers {
    return this.#channels.get(uid) ?? {};
  }
}

export const createPbx = (options: Partial<AmiMapperOptions> = {}): Pbx => new Pbx(options);

const hex = (uid: string): string => uid.replace(/\D/g, '').padStart(8, '0').slice(-8);

/** A caller in a queue who speaks with agent 1001: channels 1.0 and 1.1, answered after 1000 ms of ringing. */
export function talking(options: Partial<AmiMapperOptions> = {}) {
  return createPbx(options)
    .call('1.0')
    .join('1.0', 'support')
    .ring('1.0', '1.1', '1001', { queue: 'support' })
    .wait(1000)
    .answer('1.0', '1.1')
    .on('1.0', 'QueueCallerLeave', { Queue: 'support' })
    .bridge('b1', '1.1', '1.0')
    .wait(1000);
}

/** The data of every event of one kind, in order. */
export function data<Type extends string, Data>(
  events: readonly AnyEvent[],
  definition: EventDefinition<Type, Data>,
): Data[] {
  return events.flatMap((event) => (event.type === definition.type ? [definition.data.parse(event.data)] : []));
}

export const recorded = (name: string) =>
  replayRecording(join(import.meta.dirname, '../../fixtures', `${name}.ami.jsonl`));

/** The events of a recording whose messages were changed: left out where the change gives undefined. */
export function changed(name: string, change: (message: AmiMessage) => AmiMessage | undefined): AnyEvent[] {
  const mapper = createAmiMapper({ pbxId: 'lab', tenantId: 'demo' });
  return recorded(name).flatMap(({ message, at }) => {
    const next = change(message);
    return next === undefined ? [] : mapper.apply(next, at);
  });
}

export const without =
  (...names: string[]) =>
  (message: AmiMessage): AmiMessage | undefined =>
    names.includes(field(message, 'Event') ?? '') ? undefined : message;
