import type { ReactNode } from 'react';
import { Route, Routes } from 'react-router';
import { Missing } from '../../missing.tsx';

/** The pages of a kind: its list, and the editor for a new entity (`?from=<id>`: a copy) and for a stored one. */
export function EntityPages({ list, editor }: { readonly list: ReactNode; readonly editor: ReactNode }) {
  return (
    <Routes>
      <Route index element={list} />
      <Route path="new" element={editor} />
      <Route path="edit/:id" element={editor} />
      <Route path="*" element={<Missing />} />
    </Routes>
  );
}
