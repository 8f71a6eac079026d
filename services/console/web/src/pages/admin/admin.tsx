import { lazy } from 'react';
import { Route, Routes } from 'react-router';
import { Missing } from '../missing.tsx';
import { Overview } from './overview.tsx';
import { placeOf } from './sections.ts';

const Users = lazy(async () => ({ default: (await import('./people/users.tsx')).Users }));

/** Below `/admin`: each kind has its place, `new` and `edit/<id>` within it. */
export function Admin() {
  return (
    <Routes>
      <Route index element={<Overview />} />
      <Route path={`${placeOf.user}/*`} element={<Users />} />
      <Route path="*" element={<Missing />} />
    </Routes>
  );
}
