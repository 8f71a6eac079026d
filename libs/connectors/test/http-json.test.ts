import { expect, it } from 'vitest';
import { connectors, httpJson } from '../src/index.ts';
import { conformance } from './conformance.ts';

conformance({
  connector: httpJson,
  found: (value) => ({ headers: { 'content-type': 'application/json' }, body: JSON.stringify({ value }) }),
});

it('registry - finds each connector by its own name', () => {
  for (const [name, connector] of Object.entries(connectors)) expect(connector.name).toBe(name);
});
