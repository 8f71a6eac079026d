import type { z } from 'zod';
import type { EventDefinition } from '../define-event.ts';
import type { Envelope } from '../envelope.ts';
import { type IssueRule, ruleOf } from '../issue-rule.ts';
import { agentAcwEnded } from './agent-acw-ended.ts';
import { agentAcwExtended } from './agent-acw-extended.ts';
import { agentAcwStarted } from './agent-acw-started.ts';
import { agentStateChanged } from './agent-state-changed.ts';
import { callAbandoned } from './call-abandoned.ts';
import { callAgentMissed } from './call-agent-missed.ts';
import { callAgentReleased } from './call-agent-released.ts';
import { callAgentRinging } from './call-agent-ringing.ts';
import { callAnswered } from './call-answered.ts';
import { callConferenceChanged } from './call-conference-changed.ts';
import { callDequeued } from './call-dequeued.ts';
import { callDtmfCollected } from './call-dtmf-collected.ts';
import { callEnded } from './call-ended.ts';
import { callHeld } from './call-held.ts';
import { callIvrEntered } from './call-ivr-entered.ts';
import { callMerged } from './call-merged.ts';
import { callOffered } from './call-offered.ts';
import { callQueued } from './call-queued.ts';
import { callRecordingReady } from './call-recording-ready.ts';
import { callResumed } from './call-resumed.ts';
import { callSessionWritten } from './call-session-written.ts';
import { callTransferred } from './call-transferred.ts';
import { callVariablesSet } from './call-variables-set.ts';
import { customRaised } from './custom-raised.ts';
import { deliveryAttempted } from './delivery-attempted.ts';
import { deliveryDead } from './delivery-dead.ts';
import { deliveryFailed } from './delivery-failed.ts';
import { deliveryQueued } from './delivery-queued.ts';
import { deliverySucceeded } from './delivery-succeeded.ts';
import { digitalAssigned } from './digital-assigned.ts';
import { digitalClosed } from './digital-closed.ts';
import { digitalDismissed } from './digital-dismissed.ts';
import { digitalOpened } from './digital-opened.ts';
import { digitalTranscriptRecorded } from './digital-transcript-recorded.ts';
import { digitalTransferred } from './digital-transferred.ts';
import { digitalUnassigned } from './digital-unassigned.ts';
import { dispositionChanged } from './disposition-changed.ts';
import { dispositionRecorded } from './disposition-recorded.ts';
import { memorializationCompleted } from './memorialization-completed.ts';
import { sessionChanged } from './session-changed.ts';

/** Events of a call, as a PBX adapter publishes them, and what is written into its session from elsewhere. */
export const callEvents = {
  callAbandoned,
  callAgentMissed,
  callAgentReleased,
  callAgentRinging,
  callAnswered,
  callConferenceChanged,
  callDequeued,
  callDtmfCollected,
  callEnded,
  callHeld,
  callIvrEntered,
  callMerged,
  callOffered,
  callQueued,
  callRecordingReady,
  callResumed,
  callSessionWritten,
  callTransferred,
  callVariablesSet,
} as const;

export const agentEvents = { agentStateChanged, agentAcwStarted, agentAcwExtended, agentAcwEnded } as const;
/** Events of conversations that are no calls, as their platform tells them. */
export const digitalEvents = {
  digitalOpened,
  digitalAssigned,
  digitalTransferred,
  digitalUnassigned,
  digitalDismissed,
  digitalClosed,
  digitalTranscriptRecorded,
} as const;
export const dispositionEvents = { dispositionRecorded, dispositionChanged } as const;
export const deliveryEvents = {
  deliveryQueued,
  deliveryAttempted,
  deliverySucceeded,
  deliveryFailed,
  deliveryDead,
} as const;
export const memorializationEvents = { memorializationCompleted } as const;
export const sessionEvents = { sessionChanged } as const;
export const customEvents = { customRaised } as const;

/** Every event of the house. */
export const events = {
  ...callEvents,
  ...agentEvents,
  ...digitalEvents,
  ...dispositionEvents,
  ...deliveryEvents,
  ...memorializationEvents,
  ...sessionEvents,
  ...customEvents,
} as const;

type EnvelopeOf<Definition> = Definition extends EventDefinition<infer Type, infer Data> ? Envelope<Type, Data> : never;
export type CallEvent = EnvelopeOf<(typeof callEvents)[keyof typeof callEvents]>;
export type AgentEvent = EnvelopeOf<(typeof agentEvents)[keyof typeof agentEvents]>;
export type DigitalEvent = EnvelopeOf<(typeof digitalEvents)[keyof typeof digitalEvents]>;
export type SessionChanged = EnvelopeOf<typeof sessionChanged>;
export type CustomRaised = EnvelopeOf<typeof customRaised>;
export type AnyEvent = EnvelopeOf<(typeof events)[keyof typeof events]>;

const callTypes: ReadonlySet<string> = new Set(Object.values(callEvents).map(({ type }) => type));

/** Whether the event is part of the life of a call: only those are folded. */
export const isCallEvent = (event: AnyEvent): event is CallEvent => callTypes.has(event.type);

const byType = new Map<string, EventDefinition<string, never>>(
  Object.values(events).map((definition) => [definition.type, definition as unknown as EventDefinition<string, never>]),
);

/** The definition of an event type, or undefined for one that is not ours. */
export const eventDefinition = (type: string): EventDefinition<string, never> | undefined => byType.get(type);

/** What parsing an unknown value as an event came to. */
export type ParsedEvent =
  | { readonly ok: true; readonly event: AnyEvent }
  | { readonly ok: false; readonly code: 'invalid' | 'unknown_type'; readonly issues: readonly EventIssue[] };

export interface EventIssue {
  readonly path: string;
  readonly message: string;
  /** What is wrong as data, where the schema has no words of its own for it. */
  readonly rule?: IssueRule | undefined;
}

/** Checks an unknown value against the schema of its own type. Never throws. */
export function parseEvent(value: unknown): ParsedEvent {
  const type = typeof value === 'object' && value !== null && 'type' in value ? value.type : undefined;
  if (typeof type !== 'string')
    return invalid('invalid', 'type', 'expected the event type, e.g. "patchcord.v1.call.offered"');
  const definition = byType.get(type);
  if (definition === undefined) return invalid('unknown_type', 'type', `"${type}" is not an event of this version`);
  const parsed = definition.schema.safeParse(value);
  if (!parsed.success) return { ok: false, code: 'invalid', issues: eventIssues(parsed.error) };
  return { ok: true, event: parsed.data as unknown as AnyEvent };
}

const invalid = (code: 'invalid' | 'unknown_type', path: string, message: string): ParsedEvent => ({
  ok: false,
  code,
  issues: [{ path, message }],
});

/** The findings of zod as path and message, with paths as people write them: `data.agent.agentId`, `rows[2].value`. */
export function eventIssues(error: z.ZodError): EventIssue[] {
  return error.issues.map((issue) => ({ path: joinPath(issue.path), message: issue.message }));
}

/** The same with the rule that is broken, for those who tell people of it in their language. */
export function ruledIssues(error: z.ZodError): EventIssue[] {
  return error.issues.map((issue) => {
    const rule = ruleOf(issue);
    return { path: joinPath(issue.path), message: issue.message, ...(rule === undefined ? {} : { rule }) };
  });
}

function joinPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    return text === '' ? String(key) : `${text}.${String(key)}`;
  }, '');
}
