import { callRpc } from '@patchcord/bus';
import { isFailure, type MemorializationPreviewReply, type MemorializationSample, rpc } from '@patchcord/contracts';
import { eventually } from '@patchcord/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FakeSalesforce, startFakeSalesforce } from '../../../libs/connectors/test/crm/salesforce/fake.ts';
import { tenantId } from './call.ts';
import { type Fixture, onThisMachine, startFixture } from './fixture.ts';

const timeoutMs = 20_000;

let fixture: Fixture;
let crm: FakeSalesforce;

const put = (kind: Parameters<typeof fixture.config.put>[1], entity: object) =>
  fixture.config.put(tenantId, kind, entity);

beforeAll(async () => {
  [fixture, crm] = await Promise.all([startFixture(), startFakeSalesforce()]);
  await fixture.startReplica({ SECRETS_KEYS: `test:${Buffer.alloc(32, 7).toString('base64')}` });
  const secret = { tenantId, id: 'key', value: 'Bearer 00Dxx0000001gPF!AQ' };
  await callRpc(fixture.bus, rpc.putSecret, secret, { timeoutMs });
  const key = { kind: 'api-key', in: 'header', field: 'authorization', key: 'key' };
  await put('site-authentication', { id: 'sf', name: 'Salesforce', ...key });
  const connection = { connector: 'salesforce', baseUrl: crm.url, authentication: 'sf', egress: onThisMachine };
  await put('agent', { id: '1001', name: 'Ana' });
  await put('crm-connection', { id: 'sf', name: 'Salesforce', ...connection });
  await put('crm-connection', { id: 'quiet', name: 'Quiet', ...connection, logging: { notes: false } });
  await put('crm-connection', { id: 'few', name: 'Few', ...connection, logging: { outcomes: ['missed'] } });
  await eventually(async () => (await previewed({ connection: 'few', fields: [] })) !== undefined, {
    what: 'the connections at the dispatcher',
  });
});
afterAll(async () => {
  await fixture.stop();
  await crm.close();
});

interface Asked {
  readonly connection: string;
  readonly fields: readonly object[];
  readonly timeline?: false;
  readonly sample?: Partial<MemorializationSample>;
}

async function preview({ connection, fields, timeline, sample = {} }: Asked): Promise<MemorializationPreviewReply> {
  const entities = fields.length === 0 ? [] : [{ module: 'Contact', fields }];
  const own = timeline === undefined ? {} : { timeline };
  const memorialization = { id: 'm', name: 'M', connection, entities, ...own };
  const asked = { tenantId, memorialization, sample: sample as MemorializationSample };
  return callRpc(fixture.bus, rpc.previewMemorialization, asked, { timeoutMs });
}
const previewed = (asked: Asked) => preview(asked).catch(() => undefined);

const comments = 'Sends the order again. ';

describe('preview of a memorialization', () => {
  it('tells each field as it would be written, cut at the length that the CRM says, and writes nothing', async () => {
    const before = crm.calls.length;
    const fields = [
      { field: 'Title', text: '{disposition.comments}' },
      { field: 'FirstName', text: '{disposition.comments}', tooLong: 'drop' },
      { field: 'LastName', item: 'ivr.level' },
      { field: 'Email', item: 'customer.email' },
    ];
    const reply = await preview({
      connection: 'sf',
      fields,
      sample: { comments: comments.repeat(10), values: { 'ivr.level': 'gold' } },
    });
    const [contact] = reply.entities;
    expect(contact?.fields).toEqual([
      {
        field: 'Title',
        outcome: 'cut',
        maxLength: 128,
        value: expect.stringMatching(/^Sends the order again\. Sends.* … \[cut\]$/),
      },
      { field: 'FirstName', outcome: 'dropped', maxLength: 40 },
      { field: 'LastName', outcome: 'written', maxLength: 80, value: 'gold' },
      { field: 'Email', outcome: 'empty', maxLength: 80 },
    ]);
    expect(String(contact?.fields[0]?.value)).toHaveLength(128);
    expect(reply.timeline?.texts.map(({ field }) => field)).toEqual([
      'subject',
      'notes',
      'disposition',
      'recordingUrl',
    ]);
    expect(crm.calls.slice(before).every(({ method }) => method === 'GET')).toBe(true);
  });

  it('leaves out what the connection keeps to itself, and tells why a call is in no timeline', async () => {
    const fields = [{ field: 'Title', text: '{disposition.comments}' }];
    const quiet = await preview({ connection: 'quiet', fields, sample: { comments } });
    expect(quiet.entities[0]?.fields).toMatchObject([{ field: 'Title', outcome: 'empty' }]);
    expect(JSON.stringify(quiet)).not.toContain(comments.trim());
    const few = await preview({ connection: 'few', fields });
    expect([few.timeline, few.why]).toEqual([undefined, 'calls that were answered are not logged here']);
    const none = await preview({ connection: 'sf', fields, timeline: false });
    expect([none.timeline, none.why]).toEqual([undefined, 'this memorialization writes no timeline']);
  });

  it('says which fields the CRM did not tell, and still what would be written', async () => {
    crm.failNext({ status: 503, body: [] }, ({ path }) => path.includes('describe'));
    const reply = await preview({ connection: 'sf', fields: [{ field: 'Title', text: comments.repeat(10) }] });
    expect(reply.unread).toEqual([{ module: 'Contact', message: expect.any(String) }]);
    expect(reply.entities[0]?.fields).toMatchObject([{ field: 'Title', outcome: 'written' }]);
  });

  it('names the field of a draft that is not as expected', async () => {
    const refused = await preview({ connection: 'sf', fields: [{ field: 'Title', item: 'no.such' }] }).catch(
      (error: unknown) => error,
    );
    expect(isFailure(refused, 'permanent')).toBe(true);
    const unknown = await preview({ connection: 'gone', fields: [] }).catch((error: unknown) => error);
    expect(isFailure(unknown, 'permanent')).toBe(true);
  });
});
