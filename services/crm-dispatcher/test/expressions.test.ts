import { callRpc } from '@patchcord/bus';
import { type LookupReply, rpc } from '@patchcord/contracts';
import { eventually, type RecordedRequest, type RecordingServer, recordingServer } from '@patchcord/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answeredWork, changed, newCallId, part, tenantId } from './call.ts';
import { type Fixture, onThisMachine, startFixture } from './fixture.ts';
import { newAgent } from './pop-scene.ts';

/** Texts with expressions, up to what a CRM's own web server is told. */
let fixture: Fixture;
let crm: RecordingServer;
beforeAll(async () => {
  crm = await recordingServer(() => ({
    headers: { 'content-type': 'application/json' },
    body: '{"value":"GOLD","status":"ok","destination":"true"}',
  }));
  fixture = await startFixture();
  await fixture.startReplica();
});
afterAll(async () => {
  await fixture.stop();
  await crm.close();
});

const track = '/track/{app.inputReader.reference}?mail={ivr.email}&lang={ivr.lang|en}';
const headers = { 'X-Caller': '{call.from}', 'X-Order': 'order {ivr.order}', 'X-Nothing': '{ivr.nothing}' };

async function answered(site: string, data: Record<string, unknown>): Promise<RecordedRequest> {
  const callId = newCallId();
  const queues = [{ queue: site, enteredAt: '2026-11-20T23:41:21.100Z' }];
  await fixture.publish(changed(callId, 'answered', { queues, ani: '(415) 555-0123', data }));
  await fixture.until(answeredWork(callId, site), 'succeeded');
  return found(({ headers: sent }) => sent['idempotency-key'] === answeredWork(callId, site));
}

const found = (is: (request: RecordedRequest) => boolean): Promise<RecordedRequest> =>
  eventually(() => crm.seen.find(is), { what: 'the request at the CRM' });

describe('a site', () => {
  it('is told what the caller entered and what a CRM wrote, in path, query and headers', async () => {
    await fixture.addSite('track', { url: `${crm.url}${track}`, method: 'GET', headers });
    const reference = 'A/1?x=y#z';
    const request = await answered('track', {
      'app.inputReader.reference': reference,
      'ivr.email': 'ann+1@example.com',
      'ivr.order': 'é\r\nX-Forged: 1',
    });
    expect(request.url).toBe('/track/A%2F1%3Fx%3Dy%23z?mail=ann%2B1%40example.com&lang=en');
    expect(request.headers).toMatchObject({ 'x-caller': '+14155550123', 'x-order': 'order %C3%A9%0D%0AX-Forged: 1' });
    expect(Object.keys(request.headers).filter((name) => /nothing|forged/.test(name))).toEqual([]);
  });

  it('what is missing is empty in the path, and left out of the query', async () => {
    const request = await answered('track', { 'ivr.lang': 'es' });
    expect(request.url).toBe('/track/?lang=es');
  });

  it('a body keeps the types of what was written, in a template of the table', async () => {
    const parameters = [
      { family: 'fixed' as const, key: '{ivr.vip}', name: 'vip' },
      { family: 'fixed' as const, key: 'Order {ivr.order} of {call.from.national}', name: 'title' },
      { family: 'fixed' as const, key: '{{raw}} {1} {', name: 'raw' },
      { family: 'variable' as const, key: 'ivr.order', name: 'order' },
    ];
    await fixture.addSite('typed', { url: `${crm.url}/typed/{call.id}`, parameters });
    const { url, body } = await answered('typed', { 'ivr.vip': true, 'ivr.order': 4711 });
    expect(url).toMatch(/^\/typed\/c-lab-/);
    expect(JSON.parse(body)).toEqual({
      vip: true,
      title: 'Order 4711 of 4155550123',
      raw: '{{raw}} {1} {',
      order: 4711,
    });
  });

  it('whose address would lead to another folder is dead, and says which placeholder did it', async () => {
    const callId = newCallId();
    const queues = [{ queue: 'track', enteredAt: '2026-11-20T23:41:21.100Z' }];
    await fixture.publish(changed(callId, 'answered', { queues, data: { 'app.inputReader.reference': '..' } }));
    const row = await fixture.until(answeredWork(callId, 'track'), 'dead');
    expect(JSON.stringify(row)).toContain('{app.inputReader.reference}');
  });

  it('a browser is told the same', async () => {
    const callId = newCallId();
    const agentId = newAgent();
    const url = `https://crm.example${track}#/{call.id}`;
    await fixture.addSite('shown', { url, method: 'GET', trigger: 'automatic', target: 'embedded' });
    const queues = [{ queue: 'shown', enteredAt: '2026-11-20T23:41:21.100Z' }];
    const time = new Date().toISOString();
    const interactions = [part(callId, { agent: { agentId, name: 'Ann' }, answeredAt: time })];
    const data = { 'app.inputReader.reference': '47 11' };
    await fixture.publish(changed(callId, 'answered', { queues, interactions, data, at: time }));
    const [pop] = await eventually(async () => {
      const pops = await fixture.openPops(agentId);
      return pops.length > 0 ? pops : undefined;
    });
    expect(pop?.action).toEqual({ kind: 'navigate', url: `https://crm.example/track/47%2011?lang=en#/${callId}` });
  });
});

describe('the test of a site', () => {
  const test = (more: object, sample = {}) =>
    callRpc(
      fixture.bus,
      rpc.testSite,
      { tenantId, site: { id: 'tested', name: 'T', egress: onThisMachine, ...more }, sample, send: false },
      { timeoutMs: 5000 },
    );

  it('shows samples for what others write, defaults where there are some, and notes what is missing', async () => {
    const url = `${crm.url}${track}&to={call.transfer.to}`;
    const shown = await test({ url, headers });
    expect(shown.request).toMatchObject({ url: `${crm.url}/track/sample?mail=sample&lang=en` });
    expect(shown.request?.headers).toMatchObject({ 'x-caller': expect.any(String) });
    expect(shown.notes).toEqual(['"call.transfer.to": the call has no such value']);
    const sample = { variable: { 'ivr.lang': 'es', 'ivr.email': 'x@y.example' }, call: { ani: '+4915112345678' } };
    const given = await test({ url: `${url}&from={call.from}` }, sample);
    expect(given.request?.url).toBe(`${crm.url}/track/sample?mail=x%40y.example&lang=es&from=%2B4915112345678`);
  });

  it('refuses a name that no call has, and says which one was meant', async () => {
    const refusal = await test({ url: `${crm.url}/{call.form}` }).catch((error: unknown) => error);
    expect(refusal).toMatchObject({
      issues: [{ path: 'site.url', message: expect.stringContaining('did you mean {call.from}?') }],
    });
  });
});

describe('while a caller waits', () => {
  const egress = onThisMachine;

  it('a rule asks by what the dialplan said, and still says the field', async () => {
    const url = `${crm.url}/rule/{call.from}?id={call.id}&none={call.to}`;
    const rule = { id: 'asked', name: 'A', url, fieldName: 'tier', send: 'exact', egress };
    const more = { headers: { 'X-Caller': '{call.ani}' }, default: { type: 'queue', target: 'support' } };
    await fixture.config.put(tenantId, 'routing-rule', { ...rule, ...more });
    const input = { callId: 'c-1', ani: '(415) 555-0123' };
    const ask = (): Promise<LookupReply> =>
      callRpc(fixture.bus, rpc.lookup, { tenantId, ruleId: 'asked', input, budgetMs: 1000 }, { timeoutMs: 5000 });
    await eventually(async () => (await ask()).outcome === 'found');
    const request = await found(({ url: path }) => path.startsWith('/rule/'));
    expect(request.url).toBe('/rule/%2B14155550123?id=c-1&field_name=tier');
    expect(request.headers['x-caller']).toBe('(415) 555-0123');
  });

  it('an identification too, and its body is what OMniLeads sends', async () => {
    const route = { type: 'queue', target: 'support' };
    const node = { id: 'who', name: 'W', kind: 'true-false', onSuccess: route, onFailure: route, egress };
    const url = `${crm.url}/who/{call.id}?from={call.from}`;
    await fixture.config.put(tenantId, 'identification', { ...node, url, headers: { 'X-Digits': '{call.digits}' } });
    const asked = { tenantId, identificationId: 'who', digits: '4711', callId: 'c-1', budgetMs: 1000 };
    await eventually(async () => {
      const reply = await callRpc(fixture.bus, rpc.identify, asked, { timeoutMs: 5000 });
      return reply.outcome === 'answered';
    });
    const request = await found(({ url: path }) => path.startsWith('/who/'));
    expect([request.url, request.body]).toEqual(['/who/c-1', 'idContact=4711']);
    expect(request.headers).toMatchObject({
      'x-digits': '4711',
      'user-agent': 'OMniLeads',
      'content-type': 'application/x-www-form-urlencoded',
    });
  });
});
