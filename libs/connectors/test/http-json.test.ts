import { httpJson } from '../src/index.ts';
import { conformance } from './conformance.ts';

conformance({
  connector: httpJson,
  found: (value) => ({ headers: { 'content-type': 'application/json' }, body: JSON.stringify({ value }) }),
});
