import { isDeepStrictEqual } from 'node:util';
import {
  type DueAutomation,
  dueAutomation,
  dueAutomationsKey,
  jsonBytes,
  type Session,
  sessionDataLimits,
} from '@patchcord/contracts';
import { type FlowEffect, type FlowStep, flowStateKey } from '@patchcord/flows';
import { z } from 'zod';

/** A call in a flow before a step. */
interface BeforeStep {
  /** With what is unstored. */
  readonly session: Session;
  readonly state: unknown;
  /** What earlier steps could not store. */
  readonly unstored: Readonly<Record<string, unknown>>;
}

export interface StepChanges {
  /** All that the session does not have. */
  readonly changes: Readonly<Record<string, unknown>>;
  /** Automations that are not told, since too many are due at once. */
  readonly dropped: number;
}

/** Most automations that one write tells of. */
const mostDue = 50;

/**
 * What a step adds to the session: variables, automations that are due, and the state, in one write, so that it never has
 * half of a step. Automations of steps that could not be stored stay due; those that were told make room for the next.
 */
export function changesOf({ session, state: was, unstored }: BeforeStep, { effects, state }: FlowStep): StepChanges {
  const written = effects.flatMap((effect) => (effect.effect === 'set-variables' ? [effect.changes] : []));
  const moved = isDeepStrictEqual(state, was) ? {} : { [flowStateKey]: state };
  const changes = Object.assign({}, unstored, ...written, moved);
  const all = [...dueOf(unstored), ...effects.filter((one) => one.effect === 'run-automation').map(toDue)];
  const due = newest(all);
  const told = session.data?.[dueAutomationsKey] !== undefined;
  if (due.length > 0) changes[dueAutomationsKey] = due;
  else if (told && Object.keys(changes).length > 0) changes[dueAutomationsKey] = null;
  return { changes, dropped: all.length - due.length };
}

const toDue = ({ automation, module, position, occurrence }: FlowEffect & DueAutomation): DueAutomation => ({
  automation,
  module,
  position,
  occurrence,
});

/** Automations that changes of a session tell of. */
export const dueOf = (changes: Readonly<Record<string, unknown>>): readonly DueAutomation[] =>
  z.array(dueAutomation).safeParse(changes[dueAutomationsKey]).data ?? [];

/** As many of the last as one value may hold. */
function newest(due: readonly DueAutomation[]): readonly DueAutomation[] {
  let kept = due.slice(-mostDue);
  while (jsonBytes(kept) > sessionDataLimits.valueBytes) kept = kept.slice(1);
  return kept;
}
