import { lazy, Suspense, useState } from 'react';
import { useParams, useSearchParams } from 'react-router';
import { useEntity } from '../../../api/config.ts';
import { Problem } from '../../../parts/problem.tsx';
import { Waiting } from '../../../parts/waiting.tsx';
import type { Draft } from './model/draft.ts';
import { NewFlow } from './new-flow.tsx';
import { draftOf } from './parts/flow-conflict.tsx';

/** The library for graphs is loaded by whoever draws. */
const Drawing = lazy(async () => ({ default: (await import('./drawing.tsx')).Drawing }));

/** A flow as a graph: a stored one, a new one, or a copy (`?from=<id>`). */
export function FlowEditor() {
  const { id } = useParams();
  return id === undefined ? <NewEditor /> : <StoredEditor key={id} id={id} />;
}

function StoredEditor({ id }: { readonly id: string }) {
  // What was read when one began counts until it is stored: a later reading must not slip under one's hands.
  const { data: stored, error, isFetching, refetch } = useEntity('flow', id);
  const [ready, setReady] = useState(false);
  if (!ready && stored !== undefined && !isFetching) setReady(true);
  if (stored === undefined && error !== null) return <Problem error={error} again={() => void refetch()} />;
  if (!ready || stored === undefined) return <Waiting />;
  return (
    <Suspense fallback={<Waiting />}>
      <Drawing beginning={{ draft: draftOf(stored.entity), etag: stored.etag }} />
    </Suspense>
  );
}

function NewEditor() {
  const [search] = useSearchParams();
  const from = search.get('from') ?? undefined;
  const { data: copied, error, refetch } = useEntity('flow', from);
  const [draft, setDraft] = useState<Draft>();
  if (error !== null) return <Problem error={error} again={() => void refetch()} />;
  if (from !== undefined && copied === undefined) return <Waiting />;
  if (draft === undefined)
    return <NewFlow from={copied === undefined ? undefined : draftOf(copied.entity)} onDraw={setDraft} />;
  return (
    <Suspense fallback={<Waiting />}>
      <Drawing beginning={{ draft }} />
    </Suspense>
  );
}
