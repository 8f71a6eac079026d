import { expect, test } from 'vitest';
import { entities, tenantId } from './crm-fixture.ts';
import { refusalOf, startConsole } from './fixture.ts';

const sales = {
  id: '11',
  name: 'Sales',
  type: 'preview',
  external: { system: '7', id: 'spring' },
  dispositions: [
    { id: '1', name: 'Sold', crm: true },
    { id: '2', name: 'Call back', crm: false },
    {
      id: '3',
      name: 'Order',
      crm: false,
      form: {
        id: 'sale',
        name: 'Sale',
        fields: [{ type: 'number', name: 'amount', required: true, min: 1, integer: false }],
      },
    },
  ],
  database: {
    id: 'leads',
    name: 'Leads',
    columns: ['phone', 'name', 'crm_id'],
    phoneColumns: ['phone'],
    externalIdColumn: 'crm_id',
  },
};
const service = {
  id: '12',
  name: 'Service',
  type: 'inbound',
  dispositions: [{ id: '20', name: 'Solved', crm: false }],
};

async function start() {
  const fixture = await startConsole();
  await fixture.config.applyAll(tenantId, entities);
  const token = await fixture.token(tenantId, 'dispositions:read');
  return { ...fixture, get: (path: string) => fixture.request(path, { token }) };
}

test('campaigns - as a CRM may see them, by our ids and by its own', async () => {
  const { get } = await start();
  expect(await (await get('/v1/campaigns')).json()).toEqual({ campaigns: [sales, service] });
  expect(await (await get('/v1/campaigns?externalSystem=7')).json()).toEqual({ campaigns: [sales] });
  expect(await (await get('/v1/campaigns/11')).json()).toEqual(sales);
  expect(await (await get('/v1/campaigns/spring?externalSystem=7')).json()).toEqual(sales);
  const options = { campaignId: '11', dispositions: sales.dispositions };
  expect(await (await get('/v1/campaigns/11/disposition-options')).json()).toEqual(options);
  expect(await (await get('/v1/campaigns/spring/disposition-options?externalSystem=7')).json()).toEqual(options);
});

test('campaigns - what is not there is refused by the name of its field', async () => {
  const { get, request } = await start();
  expect(await refusalOf(await get('/v1/campaigns/99'))).toMatchObject({
    status: 404,
    code: 'not_found',
    message: 'campaignId: expected a campaign, and there is none "99"',
  });
  expect(await refusalOf(await get('/v1/campaigns/11?externalSystem=7'))).toMatchObject({
    status: 404,
    message: 'campaignId: expected a campaign by its id in "7", and there is none "11"',
  });
  expect(await refusalOf(await get('/v1/campaigns/spring?externalSystem=8'))).toMatchObject({
    status: 400,
    issues: [{ path: 'externalSystem', message: 'expected an external system, and there is none "8"' }],
  });
  expect((await request('/v1/campaigns')).status).toBe(401);
});
