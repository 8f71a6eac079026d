import { callRpc } from '@patchcord/bus';
import { rpc, type SiteTestReply } from '@patchcord/contracts';
import { settings } from '@patchcord/runtime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { settingsSchema } from '../src/config.ts';
import { tenantId } from './call.ts';
import { type Fixture, startFixture } from './fixture.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
  await fixture.startReplica({ EGRESS_ALLOWED_CIDRS: '' });
});
afterAll(() => fixture.stop());

const tested = (url: string): Promise<SiteTestReply> => {
  const egress = { allowHttp: true, allowCidrs: ['0.0.0.0/0', '::/0'] };
  const site = { id: 'test', name: 'Test', url, method: 'GET', egress };
  return callRpc(fixture.bus, rpc.testSite, { tenantId, site, sample: {}, send: true }, { timeoutMs: 5000 });
};

describe('addresses that only the operator can allow', () => {
  it('a tenant who allows himself every address reaches neither this machine nor the metadata of a cloud', async () => {
    const port = new URL(fixture.servers.nats.url).port;
    for (const url of [fixture.crm.url, `http://127.0.0.1:${port}/`, 'http://169.254.169.254/latest/meta-data/'])
      expect(await tested(url)).toMatchObject({ outcome: 'not-sent', failure: { code: 'address_refused' } });
    expect(fixture.crm.requests()).toEqual([]);
  });

  it('ranges that are none are refused at the start, by the name of the setting', () => {
    expect(settings(settingsSchema, {}).EGRESS_ALLOWED_CIDRS).toEqual([]);
    const read = (text: string) => settings(settingsSchema, { EGRESS_ALLOWED_CIDRS: text }).EGRESS_ALLOWED_CIDRS;
    expect(read('10.20.0.0/16, fd00::/8')).toEqual(['10.20.0.0/16', 'fd00::/8']);
    for (const text of ['10.20.0.0', 'crm.example', '10.0.0.0/8;11.0.0.0/8'])
      expect(() => read(text)).toThrow(/EGRESS_ALLOWED_CIDRS.*expected CIDR ranges/s);
  });
});
