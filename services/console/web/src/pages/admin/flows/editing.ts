import type { FlowModuleType } from '@patchcord/contracts';
import { createContext, useContext } from 'react';
import type { Draft, DraftModule, Place } from './model/draft.ts';
import { moduleOf, withModule } from './model/draft.ts';
import type { FlowProblem } from './model/problems.ts';
import type { Way } from './model/way.ts';

/** What every part of the editor looks at and does. */
export interface Editing {
  readonly draft: Draft;
  /** `what` names a field: what is typed into it, letter by letter, is undone at once. */
  readonly change: (change: (draft: Draft) => Draft, what?: string) => void;
  readonly selected: string | undefined;
  readonly select: (id: string | undefined) => void;
  /** Selects a module, and brings it and its settings before the eyes. */
  readonly jump: (id: string) => void;
  /** Brings a module before the eyes, and leaves what stands beside the graph. */
  readonly look: (id: string) => void;
  /** Adds a module and selects it: at a place, or behind the module that is selected. */
  readonly add: (kind: FlowModuleType, place?: Place) => void;
  readonly askRemove: (id: string) => void;
  readonly problems: readonly FlowProblem[];
  readonly way: Way;
}

/** A module that is to come before the eyes; a new object each time. */
export interface Jump {
  readonly id: string;
  /** Whether its settings are gone to as well. */
  readonly focus: boolean;
}

export const EditingContext = createContext<Editing | undefined>(undefined);

export function useEditing(): Editing {
  const editing = useContext(EditingContext);
  if (editing === undefined) throw new Error('only within the editor of a flow');
  return editing;
}

/** One module with its problems, and how its settings are changed. */
export function useModule(id: string) {
  const { draft, change, problems } = useEditing();
  const module = moduleOf(draft, id);
  return {
    module,
    problems: problems.filter((problem) => problem.module === id),
    set: (next: (module: DraftModule) => DraftModule, field?: string) =>
      change(
        (before) => {
          const now = moduleOf(before, id);
          return now === undefined ? before : withModule(before, next(now));
        },
        field === undefined ? undefined : `${id} ${field}`,
      ),
  };
}
