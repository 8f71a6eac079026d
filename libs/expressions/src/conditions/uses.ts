import type { Trigger, TriggerUse } from '@patchcord/contracts';
import type { Scope } from '../templates/scope.ts';
import { evaluateTrigger, type TriggerResult } from './evaluate-trigger.ts';

/** How a trigger is found by its id. */
export type Triggers = Pick<ReadonlyMap<string, Trigger>, 'get'>;

export interface UseResult {
  /** Whether what hangs on the use is to be done. */
  readonly fires: boolean;
  /** Absent when the trigger was not evaluated. */
  readonly result?: TriggerResult;
  /** Why it was not. */
  readonly note?: string;
}

/** A trigger where it is used. One that is switched off or gone does not fire, inverted or not. Never throws. */
export function evaluateUse({ trigger: id, invert, enabled }: TriggerUse, triggers: Triggers, scope: Scope): UseResult {
  if (!enabled) return { fires: false, note: 'not enabled' };
  const trigger = triggers.get(id);
  if (trigger === undefined) return { fires: false, note: `there is no trigger "${id}"` };
  const result = evaluateTrigger(trigger, scope);
  return { fires: result.triggered !== invert, result };
}

/** One of several ways, e.g. a row of a switch. */
export interface Way {
  /** Without one the way is always open. */
  readonly when?: TriggerUse | undefined;
  readonly priority: number;
}

export interface FirstMatch<T extends Way> {
  readonly match?: T;
  /** Those that were looked at, in that order; the last is the one that fired, if any did. */
  readonly tried: readonly (UseResult & { readonly way: T })[];
}

/** The way of the highest priority whose trigger fires; of equal ones the one that stands first. Never throws. */
export function firstMatch<T extends Way>(ways: readonly T[], triggers: Triggers, scope: Scope): FirstMatch<T> {
  const tried: (UseResult & { readonly way: T })[] = [];
  for (const way of ways.toSorted((a, b) => b.priority - a.priority)) {
    const used = way.when === undefined ? { fires: true } : evaluateUse(way.when, triggers, scope);
    tried.push({ way, ...used });
    if (used.fires) return { match: way, tried };
  }
  return { tried };
}
