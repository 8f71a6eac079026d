import type { Flow, FlowModule, Session } from '@patchcord/contracts';
import { callScope, type Scope, type Triggers } from '@patchcord/expressions';
import { applyChanges, type FlowEffect, type FlowNote } from './effects.ts';

/** What a step looks at. Nothing of it is changed. */
export interface FlowContext {
  readonly flow: Flow;
  readonly triggers: Triggers;
  /** With all that earlier steps wrote: see `withEffects`. */
  readonly session: Session;
  /** ms since 1970. */
  readonly now: number;
  /** Where national numbers are dialled (ISO 3166), for `{call.from.national}` and the like. */
  readonly region?: string | undefined;
}

/** One step under way: what it comes to so far. */
export interface Run {
  readonly context: FlowContext;
  readonly effects: readonly FlowEffect[];
  /** The values of the call, with what this step wrote. */
  readonly scope: () => Scope;
  readonly has: (variable: string) => boolean;
  readonly write: (changes: Readonly<Record<string, unknown>>) => void;
  readonly note: (module: FlowModule | string, note: Omit<FlowNote, 'effect' | 'module'>) => void;
  readonly act: (module: FlowModule, automation: string, occurrence: string) => void;
  /** The automations of one position; `passage` tells this passage of the call through the module from others. */
  readonly automate: (module: FlowModule, position: 'enter' | 'exit', passage: number) => void;
}

export function createRun(context: FlowContext): Run {
  const { flow, session, now, region } = context;
  const effects: FlowEffect[] = [];
  let data: Readonly<Record<string, unknown>> = session.data ?? {};
  return {
    context,
    effects,
    scope: () => callScope({ ...session, data }, { now, ...(region === undefined ? {} : { region }) }),
    has: (variable) => Object.hasOwn(data, variable),
    write: (changes) => {
      data = applyChanges(data, changes);
      effects.push({ effect: 'set-variables', changes });
    },
    note: (module, note) => {
      effects.push({ effect: 'note', module: typeof module === 'string' ? module : module.id, ...note });
    },
    act: ({ id }, automation, occurrence) => {
      effects.push({ effect: 'run-automation', automation, position: 'action', module: id, occurrence });
    },
    automate: ({ id, automations }, position, passage) => {
      const due = automations.filter((one) => one.position === position);
      for (const [at, { automation }] of due.entries()) {
        const occurrence = occurrenceOf(flow, passage, `${position}-${at}`);
        effects.push({ effect: 'run-automation', automation, position, module: id, occurrence });
      }
    },
  };
}

/** What is due in one passage of a call: one token, however long the name of the flow is. Passages are counted per call. */
export const occurrenceOf = ({ id }: Flow, passage: number, what: string): string =>
  `${id.slice(0, 100)}-${passage}-${what}`;
