import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { callRpc } from '@patchcord/bus';
import { type LookupReply, type routingRule, rpc } from '@patchcord/contracts';
import { eventually } from '@patchcord/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { tenantId } from './call.ts';
import { type Fixture, onThisMachine, startFixture } from './fixture.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
  const SECRETS_KEYS = `k1:${randomBytes(32).toString('base64')}`;
  await fixture.startReplica({ BREAKER_FAILURES: '4', BREAKER_OPEN_MS: '300', SECRETS_KEYS });
});
afterAll(() => fixture.stop());
afterEach(() => fixture.crm.clearScript());

async function addRule(id: string, more: Partial<z.input<typeof routingRule>> = {}): Promise<void> {
  await fixture.config.put(tenantId, 'routing-rule', {
    id,
    name: id,
    url: `${fixture.crm.url}/lookup?rule=${id}`,
    fieldName: 'tier',
    default: { type: 'queue', target: 'support' },
    egress: onThisMachine,
    ...more,
  });
  await eventually(async () => (await ask(id)).outcome !== 'failed' || (await codeOf(ask(id))) !== 'rule_not_found');
}

const ask = (ruleId: string, budgetMs = 1000): Promise<LookupReply> =>
  callRpc(
    fixture.bus,
    rpc.lookup,
    { tenantId, ruleId, input: { ani: '+14155550123', dtmf: '42' }, budgetMs },
    { timeoutMs: 5000 },
  );

async function codeOf(reply: Promise<LookupReply>): Promise<string> {
  const settled = await reply;
  return settled.outcome === 'failed' ? settled.failure.code : settled.outcome;
}

const asked = (rule: string): number => fixture.crm.requests().filter(({ query }) => query.rule === rule).length;

describe('lookup', () => {
  it('gives the value that the CRM knows, asked in its manner', async () => {
    fixture.crm.answerLookup('tier', 'GOLD');
    await addRule('known');
    expect(await ask('known')).toMatchObject({ outcome: 'found', value: 'GOLD', read: 'value' });
    const request = fixture.crm.requests().findLast(({ query }) => query.rule === 'known');
    expect(request?.query).toMatchObject({ field_name: 'tier', dtmf: '42', caller: '+14155550123' });
  });

  it('a customer that the CRM does not know is not found', async () => {
    await addRule('unknown', { fieldName: 'nothing' });
    expect(await ask('unknown')).toMatchObject({ outcome: 'not-found' });
  });

  it('a rule that does not exist is a failure with its name', async () => {
    expect(await ask('no-such-rule')).toMatchObject({ outcome: 'failed', failure: { code: 'rule_not_found' } });
  });

  it('a failure that comes fast is tried once more', async () => {
    await addRule('flaky');
    fixture.crm.script('/lookup', { reset: true, times: 1 });
    const before = asked('flaky');
    expect(await ask('flaky')).toMatchObject({ outcome: 'found', value: 'GOLD' });
    expect(asked('flaky') - before).toBe(2);
  });

  it('a failure that lasts is tried only once more', async () => {
    await addRule('down');
    fixture.crm.script('/lookup', { status: 502 });
    const before = asked('down');
    expect(await codeOf(ask('down'))).toBe('http_502');
    expect(asked('down') - before).toBe(2);
  });

  it.each([100, 300])('a CRM that hangs is answered for within %i ms', async (budgetMs) => {
    await addRule(`hanging-${budgetMs}`);
    fixture.crm.script('/lookup', { hang: true });
    const begin = performance.now();
    const reply = await ask(`hanging-${budgetMs}`, budgetMs);
    expect(performance.now() - begin).toBeLessThan(budgetMs + 150);
    expect(reply).toMatchObject({ outcome: 'failed', failure: { code: 'timeout' } });
  });

  it('a failure late in the budget is not tried again', async () => {
    await addRule('slow-failure');
    fixture.crm.script('/lookup', { status: 502, delayMs: 250 });
    const before = asked('slow-failure');
    expect(await codeOf(ask('slow-failure', 400))).toBe('http_502');
    expect(asked('slow-failure') - before).toBe(1);
  });

  it('a web page is an error and no value', async () => {
    await addRule('page');
    fixture.crm.script('/lookup', { headers: { 'content-type': 'text/html' }, body: '<html>Log in</html>' });
    expect(await codeOf(ask('page'))).toBe('answer_html');
  });

  it('200 callers at once all reach the CRM, none waits for the answer to another', async () => {
    let crowded = false;
    const waiting: ServerResponse[] = [];
    const answer = (response: ServerResponse): void => void response.end('{"value":"GOLD"}');
    const crm = createServer((_request, response) => {
      if (!crowded) return answer(response);
      if (waiting.push(response) === 200) waiting.forEach(answer);
    }).listen(0, '127.0.0.1');
    await once(crm, 'listening');
    const { port } = crm.address() as AddressInfo;
    await addRule('crowded', { url: `http://127.0.0.1:${port}/lookup`, budgetMs: 5000 });
    crowded = true;
    const replies = await Promise.all(Array.from({ length: 200 }, () => ask('crowded', 4500)));
    expect(new Set(replies.map(({ outcome }) => outcome))).toEqual(new Set(['found']));
    crm.closeAllConnections();
    crm.close();
  });

  it("the rule's own budget holds when the caller would wait longer", async () => {
    await addRule('impatient', { budgetMs: 100 });
    fixture.crm.script('/lookup', { hang: true });
    const begin = performance.now();
    expect(await codeOf(ask('impatient', 3000))).toBe('timeout');
    expect(performance.now() - begin).toBeLessThan(400);
  });

  it('a CRM that fails again and again is not asked for a while, and callers do not wait for it', async () => {
    await addRule('dead');
    fixture.crm.script('/lookup', { status: 500 });
    await eventually(async () => (await codeOf(ask('dead'))) === 'circuit_open');
    const before = asked('dead');
    expect(await codeOf(ask('dead'))).toBe('circuit_open');
    expect(asked('dead')).toBe(before);
    fixture.crm.clearScript();
    await eventually(async () => (await ask('dead')).outcome === 'found');
  });

  it("is asked with the rule's credentials, which nobody else sees", async () => {
    const secret = { tenantId, id: 'crm-key', value: 'hush-4711' };
    await callRpc(fixture.bus, rpc.putSecret, secret, { timeoutMs: 5000 });
    const own = { id: 'key', name: 'Key', kind: 'api-key', field: 'X-Key', key: 'crm-key' };
    await fixture.config.put(tenantId, 'site-authentication', own);
    await addRule('with-key', { authentication: 'key', send: 'exact' });
    const reply = await ask('with-key');
    expect(reply).toMatchObject({ outcome: 'found', value: 'GOLD' });
    expect(JSON.stringify(reply)).not.toContain('hush');
    const request = fixture.crm.requests().findLast(({ query }) => query.rule === 'with-key');
    expect(request?.headers['x-key']).toBe('hush-4711');
    expect(request?.query).toEqual({ rule: 'with-key', field_name: 'tier', dtmf: '42' });
  });

  it('a log-in that hangs is of the time of the caller as well', async () => {
    fixture.crm.script('/log-in', { hang: true });
    await fixture.config.put(tenantId, 'site-authentication', {
      id: 'slow-log-in',
      name: 'Slow',
      kind: 'login-token',
      tokenUrl: `${fixture.crm.url}/log-in`,
      username: 'us',
      password: 'crm-key',
      egress: onThisMachine,
    });
    await addRule('slow-log-in', { authentication: 'slow-log-in' });
    const begin = performance.now();
    expect(await codeOf(ask('slow-log-in', 300))).toBe('timeout');
    expect(performance.now() - begin).toBeLessThan(300 + 250);
    expect(asked('slow-log-in')).toBe(0);
  });
});
