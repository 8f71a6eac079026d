import type { Draft } from './draft.ts';
import { type Exit, exitsOf } from './exits.ts';

/** What happened to the call that is tried, as the API takes it. */
export type TryInput =
  | { readonly type: 'played' | 'timeout' | 'hung-up' | 'failed' }
  | { readonly type: 'digits'; readonly digits: string }
  | { readonly type: 'identified'; readonly outcome: 'success' | 'failure'; readonly id?: string }
  | { readonly type: 'variables'; readonly variables: Readonly<Record<string, unknown>> }
  | {
      readonly type: 'answered';
      readonly outcome: TryOutcome;
      readonly variables: Readonly<Record<string, unknown>>;
    };

export type TryOutcome = 'succeeded' | 'found' | 'several' | 'none' | 'done' | 'failed' | 'timeout';

export interface TryNote {
  readonly about: string;
  readonly module: string;
  readonly text: string;
  readonly tried?: readonly { readonly trigger: string; readonly module: string; readonly fires: boolean }[];
}

export interface TryStep {
  readonly instruction: {
    readonly do: 'play' | 'read' | 'wait' | 'identify' | 'leave';
    readonly prompts?: readonly Heard[];
    readonly filler?: readonly Heard[];
    readonly maxDigits?: number;
    readonly terminators?: readonly string[];
    readonly remainingMs?: number;
    readonly identification?: string;
    readonly leave?: { readonly to: string; readonly target?: string; readonly returns?: boolean };
  };
  readonly module: string;
  readonly entered: readonly string[];
  readonly notes: readonly TryNote[];
  readonly wouldRun: readonly { readonly kind: 'automation' | 'crm-workflow'; readonly id: string }[];
}

export type Heard = { readonly sound: string } | { readonly text: string };

export interface Way {
  /** Modules that the call came through. */
  readonly modules: ReadonlySet<string>;
  /** Ways out that it took: `module exit`. */
  readonly exits: ReadonlySet<string>;
  /** Where it is now. */
  readonly at: string | undefined;
}

export const noWay: Way = { modules: new Set(), exits: new Set(), at: undefined };

/** The way that a call took through the graph. */
export function wayOf(draft: Draft, steps: readonly TryStep[], inputs: readonly TryInput[]): Way {
  const exits = new Set<string>();
  let before: string | undefined;
  for (const [at, step] of steps.entries()) {
    const input = at === 0 ? undefined : inputs[at - 1];
    for (const module of step.entered) {
      const taken = exitBetween(draft, before, module, { step, input });
      if (taken !== undefined) exits.add(`${before} ${taken.key}`);
      before = module;
    }
  }
  return { modules: new Set(steps.flatMap(({ entered }) => entered)), exits, at: steps.at(-1)?.module };
}

interface Hints {
  readonly step: TryStep;
  readonly input: TryInput | undefined;
}

function exitBetween(draft: Draft, from: string | undefined, to: string, { step, input }: Hints): Exit | undefined {
  const module = draft.modules.find(({ id }) => id === from);
  const ways = module === undefined ? [] : exitsOf(module).filter((exit) => exit.to === to);
  if (ways.length < 2) return ways[0];
  const digit = input?.type === 'digits' ? input.digits.slice(0, 1) : undefined;
  const route = step.notes.find((note) => note.module === from && note.tried !== undefined)?.tried?.at(-1);
  const fired = route?.fires === true ? route.trigger : undefined;
  return (
    ways.find((exit) => exit.kind === 'key' && exit.digit === digit) ??
    ways.find((exit) => exit.kind === 'route' && exit.use?.trigger === fired) ??
    ways.find(({ kind }) => kind === 'next') ??
    ways[0]
  );
}
