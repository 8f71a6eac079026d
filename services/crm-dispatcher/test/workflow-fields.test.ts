import { callRpc } from '@patchcord/bus';
import { rpc } from '@patchcord/contracts';
import { eventually } from '@patchcord/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tenantId } from './call.ts';
import { type Scene, startScene } from './workflow-scene.ts';

const phone = '+14155550161';

let scene: Scene;
beforeAll(async () => {
  scene = await startScene();
  scene.salesforce.seed('Contact', { LastName: 'Ng', Phone: phone, Email: 'ng@example.com' });
  scene.salesforce.seed('Lead', { LastName: 'Ode', Company: 'Acme', Phone: phone, Email: 'ode@example.com' });
  scene.salesforce.seed('Account', { Name: 'Acme', Phone: phone });
});
afterAll(() => scene.stop());

describe('a search by number, with fields and without modules', () => {
  it('failed as soon as one module had not all of the fields: each tells those that it has', async () => {
    const fields = ['Email', 'Company'];
    await scene.workflow('who', { type: 'search-by-phone', connection: 'sf', fields, card: false });
    const reply = await scene.run('who', { input: { phoneNumber: phone } });
    expect(reply.outcome).toBe('found');
    if (reply.outcome !== 'found') return;
    const shown = Object.fromEntries(reply.records.map((one) => [one.module, { ...one.fields, Phone: undefined }]));
    expect(shown).toEqual({
      Contact: { Email: 'ng@example.com' },
      Lead: { Email: 'ode@example.com', Company: 'Acme' },
      Account: {},
    });
    expect(Object.fromEntries((reply.lacking ?? []).map((one) => [one.module, one.fields]))).toEqual({
      Contact: ['Company'],
      Account: ['Email', 'Company'],
    });
  });

  it('failed, too, with what the card shows of a module beside them', async () => {
    const mapped = { module: 'Contact', fields: [{ field: 'Title', label: 'Title' }], match: [] };
    await scene.fixture.config.put(tenantId, 'data-mapping', {
      id: 'card',
      name: 'Card',
      connection: 'sf',
      modules: [mapped],
    });
    scene.salesforce.seed('Contact', { LastName: 'Pi', Phone: '+14155550162', Title: 'Dr.' });
    await scene.workflow('carded', { type: 'search-by-phone', connection: 'sf', fields: ['Company'] });
    const title = await eventually(async () => {
      const reply = await scene.run('carded', { input: { phoneNumber: '+14155550162' } });
      expect(reply.outcome).toBe('found');
      return reply.outcome === 'found' ? reply.records[0]?.fields.Title : undefined;
    });
    expect(title).toBe('Dr.');
  });

  it('still fails for a field that no module has: it is written wrongly', async () => {
    await scene.workflow('wrong', { type: 'search-by-phone', connection: 'sf', fields: ['Compnay'] });
    const reply = await scene.run('wrong', { input: { phoneNumber: phone } });
    expect(reply).toMatchObject({ outcome: 'failed', failure: { class: 'permanent' } });
  });
});

describe('a routing rule that names a CRM, and no module', () => {
  it('never found anybody by a field that not every module has', async () => {
    await scene.fixture.config.put(tenantId, 'routing-rule', {
      id: 'mail',
      name: 'Mail',
      crm: { connection: 'sf' },
      fieldName: 'Email',
      default: { type: 'queue', target: 'support' },
    });
    scene.salesforce.seed('Contact', { LastName: 'Rho', Phone: '+14155550163', Email: 'rho@example.com' });
    const input = { ani: '+14155550163' };
    const reply = await eventually(async () => {
      const one = await callRpc(
        scene.fixture.bus,
        rpc.lookup,
        { tenantId, ruleId: 'mail', input, budgetMs: 5000 },
        { timeoutMs: 6000 },
      );
      return one.outcome === 'failed' && one.failure.code === 'rule_not_found' ? undefined : one;
    });
    expect(reply).toMatchObject({ outcome: 'found', value: 'rho@example.com' });
  });
});
