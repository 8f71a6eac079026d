import { useDebouncedValue } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useReducer, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { ApiError, ask } from '../../../api/client.ts';
import { useSaveEntity } from '../../../api/config.ts';
import { editorPath } from '../sections.ts';
import { isSame } from './model/differences.ts';
import type { Draft } from './model/draft.ts';
import { forStorage } from './model/edits.ts';
import { historyAfter, historyOf } from './model/history.ts';
import { type FlowProblem, problemsOf } from './model/problems.ts';

/** Where the editor begins: a stored flow with its tag, or one that is not stored yet. */
export interface Beginning {
  readonly draft: Draft;
  readonly etag?: string;
}

const noProblems: readonly FlowProblem[] = [];

/** What is drawn, how it is stored, and what keeps it from being stored. */
export function useFlow(beginning: Beginning) {
  const [history, dispatch] = useReducer(historyAfter, beginning.draft, historyOf);
  const [base, setBase] = useState<Beginning>(beginning);
  const { now } = history;
  const change = useCallback(
    (by: (draft: Draft) => Draft, what?: string) => dispatch({ type: 'change', change: by, what }),
    [],
  );
  const saving = useSaving(now, base);
  const check = useCheck(now);
  const begin = (next: Beginning): void => {
    setBase(next);
    dispatch({ type: 'begin', draft: next.draft });
    saving.save.reset();
  };
  return {
    draft: now,
    change,
    undo: history.past.length === 0 ? undefined : () => dispatch({ type: 'undo' }),
    redo: history.future.length === 0 ? undefined : () => dispatch({ type: 'redo' }),
    isNew: base.etag === undefined,
    dirty: base.etag === undefined || !isSame(forStorage(now), forStorage(base.draft)),
    problems: check,
    begin,
    ...saving,
    /** Over the version that one began with, unless another is named; over none: it must not be there yet. */
    store: (over: Pick<Beginning, 'etag'> = base) => saving.send(over.etag, (etag) => setBase({ draft: now, etag })),
  };
}

function useSaving(draft: Draft, base: Beginning) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const client = useQueryClient();
  const save = useSaveEntity('flow');
  const { error } = save;
  const send = (etag: string | undefined, onStored: (etag: string) => void): void => {
    if (save.isPending) return;
    save.mutate(
      { id: draft.id, entity: forStorage(draft), ...(etag === undefined ? {} : { etag }) },
      {
        onSuccess: (stored) => {
          onStored(stored.etag);
          notifications.show({ message: t('admin.editor.saved', { name: stored.entity.name }) });
          if (base.etag === undefined) void navigate(editorPath('flow', draft.id), { replace: true });
        },
        onError: (refused) => {
          if (refused instanceof ApiError && refused.issues.length > 0)
            client.setQueryData(checkKey(draft), problemsOf(draft, refused.issues));
        },
      },
    );
  };
  return {
    save,
    send,
    conflict: error instanceof ApiError && (error.status === 412 || error.status === 409),
    refused: error instanceof ApiError && error.issues.length > 0,
  };
}

const checkKey = (draft: Draft) => ['flow-check', draft];

/** The API says what it would refuse, while one draws: nothing is stored. */
function useCheck(draft: Draft): readonly FlowProblem[] {
  const [settled] = useDebouncedValue(draft, 400);
  const { data } = useQuery({
    queryKey: checkKey(settled),
    queryFn: ({ signal }) => checked(settled, signal),
    staleTime: 30_000,
    gcTime: 60_000,
    placeholderData: (before) => before,
    retry: false,
  });
  return data ?? noProblems;
}

async function checked(draft: Draft, signal: AbortSignal): Promise<readonly FlowProblem[]> {
  try {
    const body = { flow: [forStorage(draft)] };
    await ask('/v1/config:apply?dryRun=true', { method: 'POST', body, signal });
    return [];
  } catch (error) {
    if (error instanceof ApiError && error.issues.length > 0) return problemsOf(draft, error.issues);
    throw error;
  }
}
