import { callRpc } from '@patchcord/bus';
import { rpc, type SiteAuthenticationKind } from '@patchcord/contracts';
import { eventually } from '@patchcord/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { changed, disposed, newCallId, part, tenantId } from './call.ts';
import { type Fixture, onThisMachine, startFixture } from './fixture.ts';
import { type Combination, combinations, nameOf, refusedFields } from './site-combinations.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
  await fixture.startReplica({ SECRETS_KEYS: `test:${Buffer.alloc(32, 7).toString('base64')}` });
  const secrets = {
    password: 's3cret',
    key: 's3cret',
    token: 's3cret',
    signing: `whsec_${btoa('s3cret-s3cret-s3cret-s3c')}`,
  };
  for (const [id, value] of Object.entries(secrets))
    await callRpc(fixture.bus, rpc.putSecret, { tenantId, id, value }, { timeoutMs: 3000 });
  fixture.crm.script('/token', { body: { token: 't0ken', expires_in: 600 } });
  const tokenUrl = `${fixture.crm.url}/token`;
  for (const kind of [
    { kind: 'basic', username: 'ann', password: 'password' },
    { kind: 'api-key', field: 'X-Key', key: 'key' },
    { kind: 'bearer', token: 'token' },
    { kind: 'hmac', secrets: ['signing'] },
    { kind: 'login-token', tokenUrl, username: 'ann', password: 'password', egress: onThisMachine },
  ])
    await fixture.config.put(tenantId, 'site-authentication', { id: kind.kind, name: kind.kind, ...kind });
});
afterAll(() => fixture.stop());

/** How the site knows us, where the kind can be tried against a plain server. */
const proofs: Partial<Record<SiteAuthenticationKind, [header: string, value: RegExp]>> = {
  basic: ['authorization', /^Basic YW5uOnMzY3JldA==$/],
  'api-key': ['x-key', /^s3cret$/],
  bearer: ['authorization', /^Bearer s3cret$/],
  hmac: ['webhook-signature', /^v1,/],
  'login-token': ['authorization', /^Bearer t0ken$/],
};

const isTried = ({ authentication }: Combination): boolean =>
  authentication === undefined || Object.hasOwn(proofs, authentication);

/** Every seventh of those that are taken: all triggers, methods, formats and targets among them. */
const sample = combinations
  .filter((row) => refusedFields(row).length === 0 && isTried(row))
  .filter((_, at) => at % 7 === 0);

const types = {
  multipart: 'multipart/form-data',
  urlencoded: 'application/x-www-form-urlencoded',
  text: 'text/plain',
  json: 'application/json',
};

describe('external sites - a sample of the combinations, through the service', () => {
  it('the sample holds each trigger and each kind of credentials', () => {
    expect(new Set(sample.map(({ trigger }) => trigger)).size).toBe(4);
    expect(new Set(sample.map(({ authentication }) => authentication)).size).toBe(6);
    expect(sample.length).toBeGreaterThan(30);
  });

  it.each(sample.map((row, at) => [nameOf(row), row, `row-${at}`] as const))('%s', async (_name, row, id) => {
    const { format, ...choices } = row;
    const site = { ...choices, format, name: id };
    await fixture.addSite(id, site, { dispositions: [{ id: 'sold', name: 'Sold', crm: true }] });
    const isOurs = row.trigger === 'server' || (row.trigger === 'disposition' && row.target === 'none');
    const { agentId, workId, news } = await happens(row, id);
    if (!isOurs) {
      await eventually(() => news.length === 1);
      const action = (await fixture.openPops(agentId))[0]?.action;
      expect(action?.kind).toBe(format === undefined ? 'navigate' : format === 'json' ? 'request' : 'form');
      expect(action?.url.includes('/v1/pops/')).toBe(row.authentication !== undefined);
      return expect(await fixture.delivery(workId)).toBeUndefined();
    }
    await fixture.until(workId, 'succeeded');
    const sent = fixture.crm.accepted().get(workId);
    expect(sent?.method).toBe(row.method);
    if (format !== undefined) expect(sent?.headers['content-type']).toContain(types[format]);
    const [header, value] = proofs[row.authentication as SiteAuthenticationKind] ?? [];
    if (header !== undefined && value !== undefined) expect(sent?.headers[header]).toMatch(value);
    return expect(news).toEqual([]);
  });
});

let agents = 0;

/** What the row waits for: an answer, or a disposition. */
async function happens({ trigger }: Combination, id: string) {
  const [callId, agentId, at] = [newCallId(), `50${++agents}`, new Date().toISOString()];
  const news = await fixture.watch(agentId);
  const interactions = [part(callId, { agent: { agentId }, answeredAt: at })];
  const answered = changed(callId, 'answered', { at, interactions, queues: [{ queue: id, enteredAt: at }] });
  const interactionId = `i-${callId}`;
  const { session } = answered.data;
  const disposition = { optionId: 'sold', name: 'Sold' };
  const about = { dispositionId: interactionId, callId, interactionId, agentId, session, disposition, changes: 1 };
  await fixture.publish(trigger === 'disposition' ? disposed(about) : answered);
  const cause = trigger === 'disposition' ? 'disposition' : 'answered';
  return { agentId, news, workId: `w.${callId}.site-${id}.${cause}.${interactionId}` };
}
