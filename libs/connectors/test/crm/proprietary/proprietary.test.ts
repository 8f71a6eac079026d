import { describedCrm } from '@patchcord/contracts';
import { proprietary } from '../../../src/proprietary/connector.ts';
import { conformance } from '../conformance/index.ts';
import { houseCrm } from './described.ts';
import { startFakeHouseCrm } from './fake.ts';

const subject = {
  connector: proprietary.configured?.({ described: describedCrm.parse(houseCrm) }) ?? proprietary,
  start: startFakeHouseCrm,
  connection: () => ({ connector: 'proprietary', described: houseCrm }),
  headers: { 'x-house-key': 'k-4711' },
  person: {
    module: 'contact',
    values: ({ first, last }: { first: string; last: string }, phone: string) => ({
      first_name: first,
      last_name: last,
      phone,
    }),
    phoneField: 'phone',
    change: ['city', 'Zürich'] as const,
  },
  throttled: { status: 429, body: { ok: false } },
  refused: { body: { ok: false, error: 'the contact +14155550123 is locked' } },
  isLog: ({ method, path }: { method: string; path: readonly string[] }) => method === 'POST' && path[1] === 'calls',
};

conformance(subject);
