/**
 * What the page that holds the desk in a frame, and the frame, say to each other. Both sides are built from this file. A
 * side ignores what it does not know, so that either can be newer.
 */
export const protocolVersion = 1;

/** An agent's state: `unknown` before the PBX has told one. */
export type AgentState = 'ready' | 'paused' | 'ringing' | 'busy' | 'on-hold' | 'offline' | 'unknown';

export interface EmbeddedState {
  readonly agentId: string;
  readonly state: AgentState;
  readonly reason?: string;
}

export interface EmbeddedCall {
  readonly callId: string;
  readonly interactionId: string;
  readonly state: 'ringing' | 'talking' | 'held' | 'ended';
  readonly direction?: 'inbound' | 'outbound' | 'internal';
  /** Of the customer, as the PBX tells it. */
  readonly number?: string;
  readonly name?: string;
  readonly queue?: string;
  /** ISO 8601. */
  readonly answeredAt?: string;
  readonly endedAt?: string;
}

/** A call rings: the page opens its own record of whoever calls. */
interface EmbeddedPop {
  readonly callId: string;
  readonly interactionId: string;
  readonly number?: string;
  readonly name?: string;
}

/** A call is over, and what it was about: to be kept in the page's own history. */
export interface EmbeddedLog {
  readonly call: EmbeddedCall;
  readonly seconds?: number;
  /** Its name, as the agent sees it. */
  readonly disposition?: string;
  readonly comments?: string;
}

/** What the frame tells by itself. */
export interface FrameEvents {
  readonly ready: { readonly version: number };
  readonly 'signed-in': { readonly signedIn: boolean };
  readonly state: EmbeddedState;
  readonly call: EmbeddedCall;
  readonly 'screen-pop': EmbeddedPop;
  readonly log: EmbeddedLog;
}
export type FrameEvent = keyof FrameEvents;

/** What the page asks for. */
export interface HostRequests {
  readonly dial: { readonly number: string };
  readonly 'set-state': { readonly state: 'ready' | 'paused'; readonly reason?: string };
  /** A note on the customer's card of a call. */
  readonly log: { readonly callId: string; readonly text: string };
}
export type HostRequest = keyof HostRequests;

export interface EventMessage {
  readonly patchcord: typeof protocolVersion;
  readonly type: 'event';
  readonly event: FrameEvent;
  readonly data: unknown;
}

/** An object of this protocol and version, or undefined: anything may come by a message. */
export function envelopeOf(data: unknown): { readonly type: string; readonly [field: string]: unknown } | undefined {
  if (typeof data !== 'object' || data === null) return undefined;
  const { patchcord, type } = data as { patchcord?: unknown; type?: unknown };
  if (patchcord !== protocolVersion || typeof type !== 'string') return undefined;
  return data as { type: string };
}
