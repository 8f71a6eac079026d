import type { Draft } from './draft.ts';

/** What is written now, and how it came to be. */
export interface History {
  readonly now: Draft;
  readonly past: readonly Draft[];
  readonly future: readonly Draft[];
  /** What was changed last: letters that are typed into one field are one step. */
  readonly what?: string | undefined;
}

export type HistoryAction =
  /** `what` names a field whose changes, one after another, are one step. */
  | { readonly type: 'change'; readonly change: (draft: Draft) => Draft; readonly what?: string | undefined }
  | { readonly type: 'undo' }
  | { readonly type: 'redo' }
  /** From now on this is where one begins. */
  | { readonly type: 'begin'; readonly draft: Draft };

const mostSteps = 200;

export const historyOf = (now: Draft): History => ({ now, past: [], future: [] });

export function historyAfter(history: History, action: HistoryAction): History {
  switch (action.type) {
    case 'begin':
      return historyOf(action.draft);
    case 'change':
      return changed(history, action.change(history.now), action.what);
    case 'undo':
      return undone(history);
    case 'redo':
      return redone(history);
  }
}

function changed({ now, past, what: before, future }: History, next: Draft, what: string | undefined): History {
  if (next === now) return { now, past, future, what: before };
  const goesOn = what !== undefined && what === before;
  return { now: next, past: goesOn ? past : [...past, now].slice(-mostSteps), future: [], what };
}

function undone({ now, past, future }: History): History {
  const before = past.at(-1);
  return before === undefined
    ? { now, past, future }
    : { now: before, past: past.slice(0, -1), future: [now, ...future] };
}

function redone({ now, past, future }: History): History {
  const [next, ...rest] = future;
  return next === undefined ? { now, past, future } : { now: next, past: [...past, now], future: rest };
}
