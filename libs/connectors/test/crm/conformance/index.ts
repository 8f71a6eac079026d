import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { abilities } from '../../../src/index.ts';
import { logsCalls } from './calls.ts';
import { cases } from './cases.ts';
import { fails } from './faults.ts';
import { lists } from './lists.ts';
import { keepsRecords } from './records.ts';
import { searches } from './searches.ts';
import { type Conformance, done, type Subject, setUp } from './subject.ts';

export type { FakeCrm, StoredCall } from './subject.ts';

/** What every connector must do, whatever its CRM. Run by the test of each. */
export function conformance<Settings>(of: Conformance<Settings>): void {
  let current: Subject;
  beforeEach(async () => {
    current = await setUp(of);
  });
  afterEach(() => current.close());
  const subject = (): Subject => current;
  const { title } = of.connector;

  describe(`${title} - what it says of itself`, () => describes(subject, of));
  describe(`${title} - search by phone`, () => searches(subject, of));
  describe(`${title} - records`, () => keepsRecords(subject, of));
  describe(`${title} - lists`, () => lists(subject, of));
  describe(`${title} - calls`, () => logsCalls(subject, of));
  describe(`${title} - what goes wrong`, () => fails(subject, of));
}

function describes<Settings>(subject: () => Subject, { connector, person }: Conformance<Settings>): void {
  test(cases.reasons.title, () => {
    const optional = {
      upsert: connector.upsert,
      'update-call': connector.updateCall,
      'attach-note': connector.attachNote,
      link: connector.link,
      'list-records': connector.listRecords,
      'list-users': connector.listUsers,
      presence: connector.setPresence,
    };
    for (const [what, act] of Object.entries(optional))
      expect([what, connector.cannot[what as keyof typeof optional] === undefined]).toEqual([what, act !== undefined]);
    const keepsMail = connector.modules.some(({ emailField }) => emailField !== undefined);
    expect(connector.cannot['search-by-email'] === undefined).toBe(keepsMail);
    for (const [what, why] of Object.entries(connector.cannot)) {
      expect(abilities).toContain(what);
      expect(why.length).toBeGreaterThan(20);
    }
  });

  test(cases.user.title, async () => {
    expect(done(await subject().crm.test()).user).not.toBe('');
  });

  test(cases.modules.title, async () => {
    if (connector.cannot.describe !== undefined) return;
    const { crm } = subject();
    const names = done(await crm.listModules()).map(({ name }) => name);
    for (const { module } of connector.modules) expect(names).toContain(module);
    const fields = done(await crm.listFields(person.module));
    expect(fields.map(({ name }) => name)).toContain(person.phoneField);
    for (const { label } of fields) expect(label).not.toBe('');
  });
}
