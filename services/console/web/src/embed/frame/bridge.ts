import { ApiError } from '../../api/client.ts';
import { envelopeOf, type FrameEvent, type FrameEvents, type HostRequest, protocolVersion } from '../protocol.ts';
import { createLimit } from './limit.ts';

/** Does what the page around asks for; rejects with what is told it. */
export type Deeds = { readonly [What in HostRequest]: (data: Readonly<Record<string, unknown>>) => Promise<void> };

/** Who is at the desk: what he may be asked for, and what a page that comes is told first. */
interface AtDesk {
  /** Undefined: nobody is signed in. */
  readonly deeds: Deeds | undefined;
  readonly greeting: (tell: Bridge['tell']) => void;
}

export interface Bridge {
  tell<Event extends FrameEvent>(event: Event, data: FrameEvents[Event]): void;
  /** From now on; a page that is there already is told. */
  serve(desk: AtDesk): void;
}

/**
 * The frame's end of what is said between it and the page around. Only the page directly around it, and only from an origin
 * that may hold the frame, brings a port; the port itself belongs to these two alone.
 */
export function openBridge(origins: readonly string[]): Bridge {
  const [limit, connects] = [createLimit(20, 5), createLimit(10, 2)];
  let port: MessagePort | undefined;
  let desk: AtDesk | undefined;
  const tell: Bridge['tell'] = (event, data) =>
    port?.postMessage({ patchcord: protocolVersion, type: 'event', event, data });
  const heard = async (from: MessagePort, data: unknown): Promise<void> => {
    const message = envelopeOf(data);
    if (message?.type !== 'ask' || typeof message.id !== 'number') return;
    const error = limit.take() ? await failureOf(() => done(desk?.deeds, message)) : tooMuch;
    from.postMessage({
      patchcord: protocolVersion,
      type: 'answer',
      id: message.id,
      ...(error === undefined ? {} : { error }),
    });
  };
  const onMessage = ({ data, origin, source, ports }: MessageEvent<unknown>): void => {
    const [offered] = ports;
    if (source !== window.parent || !origins.includes(origin) || envelopeOf(data)?.type !== 'connect') return;
    if (offered === undefined || !connects.take()) return;
    port?.close();
    port = offered;
    offered.onmessage = ({ data: asked }: MessageEvent<unknown>) => void heard(offered, asked);
    tell('ready', { version: protocolVersion });
    desk?.greeting(tell);
  };
  // A page that frames itself is no host.
  if (window.parent !== window) window.addEventListener('message', onMessage);
  return {
    tell,
    serve: (next) => {
      desk = next;
      if (port !== undefined) desk.greeting(tell);
    },
  };
}

interface Told {
  readonly code: string;
  readonly message: string;
}
const tooMuch: Told = { code: 'rate_limited', message: 'too much was asked at once: wait a moment' };

async function done(deeds: Deeds | undefined, { what, data }: Readonly<Record<string, unknown>>): Promise<void> {
  if (deeds === undefined) throw refused('signed_out', 'nobody is signed in to the desk');
  const deed = typeof what === 'string' && Object.hasOwn(deeds, what) ? deeds[what as HostRequest] : undefined;
  if (deed === undefined) throw refused('unknown', 'the desk does not know what was asked');
  await deed(typeof data === 'object' && data !== null ? (data as Readonly<Record<string, unknown>>) : {});
}

/** What the page around is told in these words. */
export const refused = (code: string, message: string): ApiError => new ApiError(400, { code, message });

async function failureOf(work: () => Promise<void>): Promise<Told | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    if (error instanceof ApiError) return { code: error.code, message: error.message };
    return { code: 'internal', message: 'the desk could not do it' };
  }
}
