import { zendesk } from '../../../src/zendesk/connector.ts';
import type { Settings } from '../../../src/zendesk/settings.ts';
import { bea, type Conformance } from '../conformance/subject.ts';
import type { CrmCall } from '../fake-http.ts';
import { authorization, type Behaviour, startFakeZendesk } from './fake.ts';

export const isLog = ({ method, path }: CrmCall): boolean => method === 'POST' && path.at(-1) === 'tickets';

/** Zendesk as the conformance suite takes it. */
export const subjectOf = (
  settings: Record<string, unknown> = {},
  behaviour: Behaviour = {},
): Conformance<Settings> => ({
  connector: zendesk,
  start: () => startFakeZendesk(behaviour),
  connection: () => ({ settings }),
  headers: { authorization },
  person: {
    module: 'users',
    values: ({ first, last }, phone) => ({ name: `${first} ${last}`, phone }),
    phoneField: 'phone',
    // What its search must not take for more than text.
    change: ['notes', 'Countess "Co" type:ticket'],
  },
  throttled: { status: 429, headers: { 'retry-after': '3' }, body: { error: 'APIRateLimitExceeded' } },
  refused: {
    status: 422,
    body: {
      error: 'RecordInvalid',
      description: 'pass-4711 +14155550123',
      details: { requester: [{ description: 'Requester: pass-4711 +14155550123' }] },
    },
  },
  user: {
    module: 'users',
    values: { name: bea.name, email: bea.email, role: 'admin', suspended: true },
    told: { name: bea.name, email: bea.email, active: false },
  },
  upsertField: 'external_id',
  isLog,
});
