import { eventually } from '@patchcord/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tenantId } from './call.ts';
import { isCreate, type Scene, startScene } from './workflow-scene.ts';

let scene: Scene;
beforeAll(async () => {
  scene = await startScene();
});
afterAll(() => scene.stop());

describe('workflows - searches', () => {
  it('by the number of the call: everybody who has it, the surest first, with what the card shows of them', async () => {
    const { salesforce, workflow, run, newCall } = scene;
    salesforce.seed('Contact', { FirstName: 'Ann', LastName: 'Ng', Phone: '(415) 555-0123', Email: 'ann@example.com' });
    await scene.fixture.config.put(tenantId, 'data-mapping', {
      id: 'm',
      name: 'M',
      connection: 'sf',
      modules: [
        {
          module: 'Contact',
          fields: [{ field: 'Email', label: 'Mail' }],
          match: [{ field: 'Email', item: 'ivr.email' }],
        },
      ],
    });
    await workflow('who', { type: 'search-by-phone', connection: 'sf', variables: { 'ivr.name': 'first.name' } });
    const callId = newCall();
    const reply = await run('who', { callId });
    expect(reply).toMatchObject({
      outcome: 'found',
      records: [
        {
          module: 'Contact',
          connection: 'sf',
          name: 'Ann Ng',
          match: 'e164',
          field: 'Phone',
          fields: { Email: 'ann@example.com' },
        },
      ],
    });
    expect(scene.written.find((one) => one.callId === callId)).toMatchObject({
      changes: { 'ivr.name': 'Ann Ng' },
      by: { kind: 'workflow', id: 'who' },
    });
    const card = await eventually(() => scene.cards.find((one) => one.callId === callId));
    expect(card).toMatchObject({
      connection: 'sf',
      run: { workflowId: 'who', by: 'api' },
      reply: { outcome: 'found' },
    });
  });

  it('a number that is none, and one of our own, is not looked for', async () => {
    await scene.workflow('who2', { type: 'search-by-phone', connection: 'sf' });
    const before = scene.salesforce.calls.length;
    const reply = await scene.run('who2', { callId: scene.newCall({ ani: 'anonymous' }) });
    expect(reply).toMatchObject({ outcome: 'found', records: [], note: expect.stringContaining('public') });
    expect(await scene.run('who2')).toMatchObject({ outcome: 'failed', failure: { code: 'input_missing' } });
    expect(scene.salesforce.calls.length).toBe(before);
  });

  it('by conditions: a value is never a part of the query', async () => {
    const { salesforce, workflow, run, newCall } = scene;
    salesforce.seed('Account', { Name: "O'Hara & Co", Phone: '+14155550199' });
    await workflow('eq', { type: 'search', connection: 'sf', module: 'Account', equals: { Name: '{ivr.company}' } });
    await workflow('ex', { type: 'search', connection: 'sf', module: 'Account', expression: "Name = '{ivr.company}'" });
    const hostile = newCall({ data: { 'ivr.company': "x' OR Name LIKE '%" } });
    const honest = newCall({ data: { 'ivr.company': "O'Hara & Co" } });
    expect(await run('eq', { callId: honest })).toMatchObject({ outcome: 'found', records: [{ name: "O'Hara & Co" }] });
    expect(await run('eq', { callId: hostile })).toMatchObject({ outcome: 'found', records: [] });
    const refused = await run('ex', { callId: hostile });
    expect(refused).toMatchObject({ outcome: 'failed', failure: { code: 'input_unfit' } });
    expect(JSON.stringify(refused)).not.toContain('LIKE');
    // Without a value nobody is meant, rather than everybody.
    expect(await run('eq', { callId: newCall() })).toMatchObject({
      outcome: 'found',
      records: [],
      note: expect.any(String),
    });
  });

  it('by what it is started with, as NICE does; a module is a name and nothing else', async () => {
    await scene.workflow('any', { type: 'search', connection: 'sf', fields: ['Phone'] });
    const search = { entity: 'Account', filter: "Phone = '+14155550199'" };
    expect(await scene.run('any', { input: { search } })).toMatchObject({
      records: [{ module: 'Account', fields: { Phone: '+14155550199' } }],
    });
    const hostile = { entity: 'Account WHERE Id != null --', filter: 'x' };
    await expect(scene.run('any', { input: { search: hostile } })).rejects.toMatchObject({ code: 'invalid_request' });
  });

  it('dynamic: by the fields that the data mapping compares', async () => {
    await scene.workflow('dyn', { type: 'dynamic-search', connection: 'sf', mapping: 'm' });
    const callId = scene.newCall({ data: { 'ivr.email': 'ann@example.com' } });
    const reply = await eventually(async () => {
      const one = await scene.run('dyn', { callId });
      return one.outcome === 'found' && one.records.length > 0 ? one : undefined;
    });
    expect(reply).toMatchObject({ records: [{ name: 'Ann Ng', fields: { Email: 'ann@example.com' } }] });
    expect(await scene.run('dyn', { callId: scene.newCall() })).toMatchObject({ outcome: 'found', records: [] });
  });
});

describe('workflows - records', () => {
  it('standard: made with its standard fields; what is none of them is refused', async () => {
    const { workflow, run, salesforce } = scene;
    const values = { LastName: '{ivr.last}', Phone: '{call.from}', Email: '{ivr.email}' };
    await workflow('contact', { type: 'create', connection: 'sf', module: 'Contact', values });
    const callId = scene.newCall({ data: { 'ivr.last': 'Weber' } });
    const reply = await run('contact', { callId, input: { values: { FirstName: 'Eva' } } });
    expect(reply).toMatchObject({ outcome: 'written', again: false, record: { module: 'Contact', name: 'Eva Weber' } });
    const id = reply.outcome === 'written' ? reply.record.id : '';
    expect(salesforce.valuesOf('Contact', id)).toMatchObject({
      LastName: 'Weber',
      FirstName: 'Eva',
      Phone: '+14155550123',
    });
    expect(reply).toMatchObject({ fields: expect.arrayContaining([{ field: 'Email', outcome: 'empty' }]) });
    const foreign = { input: { values: { OwnerId: '005' } }, callId };
    expect(await run('contact', foreign)).toMatchObject({ outcome: 'failed', failure: { code: 'field_not_open' } });
    const nameless = { callId: scene.newCall() };
    expect(await run('contact', nameless)).toMatchObject({ outcome: 'failed', failure: { code: 'field_missing' } });
  });

  it('custom with a unique field: the record that is there is changed, also when many ask at once', async () => {
    const values = { name: '{input.text}', telephone1: '+14155550100' };
    await scene.workflow('company', {
      type: 'create-custom',
      connection: 'dyn',
      module: 'account',
      values,
      unique: 'name',
    });
    const started = Array.from({ length: 5 }, () => scene.run('company', { input: { text: 'Acme' } }));
    const outcomes = await Promise.all(started);
    const made = outcomes.filter((one) => one.outcome === 'written');
    expect(outcomes.map((one) => (one.outcome === 'failed' ? one.failure.message : one.outcome))).toEqual(
      Array(5).fill('written'),
    );
    expect(made.filter((one) => one.outcome === 'written' && !one.again)).toHaveLength(1);
    expect(scene.dynamics.calls.filter(isCreate('accounts'))).toHaveLength(1);
    expect(await scene.run('company', { input: { text: 'Acme' } })).toMatchObject({ outcome: 'written', again: true });
  });

  it('update: of the record on the card, or of the one who has the number; of several none is changed', async () => {
    const { salesforce, linked, workflow, run, newCall } = scene;
    const id = salesforce.seed('Contact', { LastName: 'Linked', Phone: '+14155550177' });
    salesforce.seed('Contact', { LastName: 'Twin A', Phone: '+14155550188' });
    salesforce.seed('Contact', { LastName: 'Twin B', Phone: '+14155550188' });
    await workflow('title', { type: 'update', connection: 'sf', module: 'Contact', values: { Title: '{input.text}' } });
    const callId = newCall();
    linked.set(callId, [
      { connection: 'sf', module: 'Contact', id },
      { connection: 'dyn', module: 'Contact', id: 'x' },
    ]);
    expect(await run('title', { callId, input: { text: 'CEO' } })).toMatchObject({
      outcome: 'written',
      record: { id },
    });
    expect(salesforce.valuesOf('Contact', id)?.Title).toBe('CEO');
    const byPhone = await run('title', { callId: newCall({ ani: '+14155550177' }), input: { text: 'CTO' } });
    expect(byPhone).toMatchObject({ outcome: 'written', record: { id } });
    const twins = await run('title', { callId: newCall({ ani: '+14155550188' }), input: { text: 'CFO' } });
    expect(twins).toMatchObject({ outcome: 'failed', failure: { code: 'record_ambiguous' } });
    const nobody = await run('title', { callId: newCall({ ani: '+14155550111' }), input: { text: 'CFO' } });
    expect(nobody).toMatchObject({ outcome: 'failed', failure: { code: 'record_unknown' } });
  });
});

describe('workflows - timeline', () => {
  it('in every CRM that logs calls, about whom it is about, once per run', async () => {
    const { workflow, run, newCall, salesforce, dynamics, espo } = scene;
    const contact = salesforce.seed('Contact', { LastName: 'Timeline', Phone: '+14155550166' });
    const callId = newCall({ ani: '+14155550166' });
    for (const connection of ['sf', 'dyn', 'espo']) {
      await workflow(`t-${connection}`, {
        type: 'timeline',
        connection,
        subject: 'Note of {agent.name}',
        notes: '{input.text}',
      });
      const started = { callId, runId: `timeline-${connection}`, input: { text: 'wants a refund' } };
      const first = await run(`t-${connection}`, started);
      expect(first).toMatchObject({ outcome: 'written' });
      expect(await run(`t-${connection}`, started)).toMatchObject({
        outcome: 'written',
        record: first.outcome === 'written' ? first.record : {},
      });
    }
    const logged = [salesforce, dynamics, espo].map((crm) =>
      crm.loggedCalls().filter(({ text }) => text.includes('wants a refund')),
    );
    expect(logged.map((calls) => calls.length)).toEqual([1, 1, 1]);
    expect(logged[0]?.[0]?.about).toContain(contact);
  });

  it('to a destination that takes records of calls; what that cannot do is said', async () => {
    await scene.workflow('t-json', { type: 'timeline', connection: 'json', notes: 'hello' });
    const callId = scene.newCall();
    const reply = await scene.run('t-json', { callId });
    const id = reply.outcome === 'written' ? reply.record.id : '';
    expect(scene.fixture.crm.records().get(id)).toMatchObject({ callId, summary: 'hello' });
    await scene.workflow('s-json', { type: 'search-by-phone', connection: 'json' });
    expect(await scene.run('s-json', { callId })).toMatchObject({ outcome: 'unable', message: expect.any(String) });
  });
});
