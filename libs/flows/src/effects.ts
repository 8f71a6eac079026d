import type { DueAutomation, Session } from '@patchcord/contracts';

/** Variables that the flow writes into the session. `null` deletes. */
export interface SetVariables {
  readonly effect: 'set-variables';
  readonly changes: Readonly<Record<string, unknown>>;
}

/** An automation to run; its texts are rendered by whoever runs it. */
export interface RunAutomation extends DueAutomation {
  readonly effect: 'run-automation';
}

/** A line of the call's story. Holds nothing that a caller entered, no number, and of values the names of queues and the like. */
export interface FlowNote {
  readonly effect: 'note';
  readonly about:
    | 'entered'
    | 'route'
    | 'input'
    | 'no-input'
    | 'no-match'
    | 'wait'
    | 'text'
    | 'identified'
    | 'left'
    | 'ended';
  readonly module: string;
  readonly text: string;
  /** Routes that were looked at, in that order. */
  readonly tried?: readonly TriedRoute[];
}

export interface TriedRoute {
  readonly trigger: string;
  readonly module: string;
  readonly fires: boolean;
  readonly note?: string;
}

/** In the order in which they are to be done: an automation sees what was written before it. */
export type FlowEffect = SetVariables | RunAutomation | FlowNote;

/** A session's data after a change. */
export function applyChanges(
  data: Readonly<Record<string, unknown>>,
  changes: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const all = new Map(Object.entries({ ...data, ...changes }));
  return Object.fromEntries([...all].filter(([, value]) => value !== null));
}

/** The session as the flow left it, for a driver that goes on before it was stored. */
export function withEffects(session: Session, effects: readonly FlowEffect[]): Session {
  const changes = effects.filter((one) => one.effect === 'set-variables').map((one) => one.changes);
  return changes.length === 0 ? session : { ...session, data: changes.reduce(applyChanges, session.data ?? {}) };
}
