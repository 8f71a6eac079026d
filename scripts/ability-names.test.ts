import { expect, it } from 'vitest';
import { abilities } from '../libs/connectors/src/index.ts';
import { adminCrm } from '../services/console/web/src/i18n/en/admin-crm.ts';

it('every ability of CRMs has a name on the pages, and nothing else has', () => {
  expect(Object.keys(adminCrm.abilities.names).sort()).toEqual([...abilities].sort());
});
