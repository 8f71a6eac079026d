import {
  type EventMessage,
  envelopeOf,
  type FrameEvent,
  type FrameEvents,
  type HostRequest,
  type HostRequests,
  protocolVersion,
} from '../protocol.ts';

export { attachOpenCti, type OpenCti } from './open-cti.ts';
export { attachOpenFrame, type OpenFrame } from './open-frame.ts';

export type Listeners = { readonly [Event in FrameEvent]?: (data: FrameEvents[Event]) => void };

/** A frame that holds the agent's desk. */
export interface Patchcord {
  /** Calls a number: the agent's phone rings first. Rejects with a `PatchcordError`. */
  dial(number: string): Promise<void>;
  setState(state: 'ready' | 'paused', reason?: string): Promise<void>;
  /** Writes a note on the customer's card of a call. */
  log(entry: { readonly callId: string; readonly text: string }): Promise<void>;
  /** Hears an event besides those given to `connect`. Returns what ends it. */
  on<Event extends FrameEvent>(event: Event, listener: (data: FrameEvents[Event]) => void): () => void;
  /** The frame is told and asked nothing any more. */
  close(): void;
}

/** What was not done, and why: `code` for programs, `message` for people. */
export class PatchcordError extends Error {
  override readonly name = 'PatchcordError';
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

export interface ConnectOptions {
  /** How long an answer may take (ms). Default 30 s: somebody has to pick up a phone. */
  readonly timeoutMs?: number;
}

/** How often the frame is spoken to until it answers: it may be loading, or somebody may sign in first. */
const againMs = 400;

/**
 * Speaks with the desk in this frame. Its `src` says where it comes from, and nothing from elsewhere is believed. When the
 * frame is loaded again, it is connected again by itself.
 */
export function connect(
  frame: HTMLIFrameElement,
  listeners: Listeners = {},
  { timeoutMs = 30_000 }: ConnectOptions = {},
): Patchcord {
  const origin = new URL(frame.src, document.baseURI).origin;
  const heard = createHeard(listeners);
  const asking = createAsking(timeoutMs);
  let port: MessagePort | undefined;
  let offered: MessagePort | undefined;
  const take = (from: MessagePort, data: unknown): void => {
    const message = envelopeOf(data);
    if (message?.type === 'answer') asking.answered(message as { id?: unknown; error?: unknown });
    if (message?.type !== 'event') return;
    if (message.event === 'ready' && port !== from) {
      port?.close();
      port = from;
      asking.open((asked) => from.postMessage(asked));
    }
    heard.tell(message as unknown as EventMessage);
  };
  const offer = (): void => {
    if (port !== undefined) return;
    offered?.close();
    const { port1, port2 } = new MessageChannel();
    offered = port1;
    port1.onmessage = ({ data }) => take(port1, data);
    // Whatever is in the frame, only a page of this origin is given the port.
    frame.contentWindow?.postMessage({ patchcord: protocolVersion, type: 'connect' }, origin, [port2]);
  };
  const again = (): void => {
    port?.close();
    port = undefined;
    offer();
  };
  frame.addEventListener('load', again);
  const timer = setInterval(offer, againMs);
  offer();
  return {
    dial: (number) => asking.ask('dial', { number }),
    setState: (state, reason) => asking.ask('set-state', { state, ...(reason === undefined ? {} : { reason }) }),
    log: ({ callId, text }) => asking.ask('log', { callId, text }),
    on: (event, listener) => heard.on(event, listener as (data: unknown) => void),
    close: () => {
      clearInterval(timer);
      frame.removeEventListener('load', again);
      offered?.close();
      port?.close();
      asking.end();
    },
  };
}

function createHeard(listeners: Listeners) {
  const more = new Map<string, Set<(data: unknown) => void>>();
  return {
    on: (event: string, listener: (data: unknown) => void): (() => void) => {
      const those = more.get(event) ?? new Set();
      more.set(event, those.add(listener));
      return () => those.delete(listener);
    },
    tell: ({ event, data }: EventMessage): void => {
      if (Object.hasOwn(listeners, event)) (listeners[event] as ((data: unknown) => void) | undefined)?.(data);
      for (const listener of more.get(event) ?? []) listener(data);
    },
  };
}

interface Waiting {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
  readonly timer: ReturnType<typeof setTimeout>;
}

/** Questions and their answers; what is asked before the frame is there waits for it. */
function createAsking(timeoutMs: number) {
  const waiting = new Map<number, Waiting>();
  let unsent: unknown[] = [];
  let send: ((message: unknown) => void) | undefined;
  let last = 0;
  const settle = (id: unknown, error?: PatchcordError): void => {
    const found = typeof id === 'number' ? waiting.get(id) : undefined;
    if (found === undefined) return;
    waiting.delete(id as number);
    clearTimeout(found.timer);
    if (error === undefined) found.resolve();
    else found.reject(error);
  };
  return {
    open: (by: (message: unknown) => void): void => {
      send = by;
      for (const message of unsent) by(message);
      unsent = [];
    },
    ask: <What extends HostRequest>(what: What, data: HostRequests[What]): Promise<void> =>
      new Promise((resolve, reject) => {
        last += 1;
        const id = last;
        const late = (): void => settle(id, new PatchcordError('timeout', 'the desk did not answer'));
        waiting.set(id, { resolve, reject, timer: setTimeout(late, timeoutMs) });
        const message = { patchcord: protocolVersion, type: 'ask', id, what, data };
        if (send === undefined) unsent.push(message);
        else send(message);
      }),
    answered: ({ id, error }: { readonly id?: unknown; readonly error?: unknown }): void => {
      const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
      settle(id, error === undefined ? undefined : new PatchcordError(String(code), String(message)));
    },
    end: (): void => {
      for (const id of waiting.keys()) settle(id, new PatchcordError('closed', 'the connection was closed'));
    },
  };
}
