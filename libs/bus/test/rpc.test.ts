import { Failure, rpc } from '@patchcord/contracts';
import { type ServerProcess, startNats } from '@patchcord/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Bus, callRpc, connectBus, InvalidInput, type Served, serveRpc } from '../src/index.ts';
import { failureOf } from './support.ts';

let server: ServerProcess;
let asking: Bus;
let answering: Bus;
const served: Served[] = [];
beforeAll(async () => {
  server = await startNats();
  [asking, answering] = (await Promise.all(
    ['asking', 'answering'].map((name) => connectBus({ url: server.url, name })),
  )) as [Bus, Bus];
});
afterEach(async () => {
  await Promise.all(served.splice(0).map((one) => one.stop()));
});
afterAll(async () => {
  await Promise.all([asking.close(), answering.close()]);
  await server.stop();
});

const lookup = { tenantId: 'acme', ruleId: 'vip', input: {}, budgetMs: 1000 };
const found = { outcome: 'found', value: 'gold', durationMs: 3 } as const;

describe('rpc', () => {
  it('reply - comes back', async () => {
    served.push(serveRpc(answering, rpc.lookup, async ({ ruleId }) => ({ ...found, value: ruleId })));
    await answering.nc.flush();
    expect(await callRpc(asking, rpc.lookup, lookup, { timeoutMs: 1000 })).toEqual({ ...found, value: 'vip' });
  });

  it('replicas - share the requests', async () => {
    const answers = new Map<string, number>();
    for (const replica of ['a', 'b']) {
      const handler = async () => {
        answers.set(replica, (answers.get(replica) ?? 0) + 1);
        return found;
      };
      served.push(serveRpc(answering, rpc.lookup, handler));
    }
    await answering.nc.flush();
    const asked = Array.from({ length: 40 }, () => callRpc(asking, rpc.lookup, lookup, { timeoutMs: 1000 }));
    await Promise.all(asked);
    expect([...answers.keys()].toSorted()).toEqual(['a', 'b']);
    expect([...answers.values()].reduce((sum, count) => sum + count, 0)).toBe(40);
  });

  it('refuses a request that does not fit, with the path', async () => {
    served.push(serveRpc(answering, rpc.lookup, async () => found));
    await answering.nc.flush();
    const failure = await failureOf(callRpc(asking, rpc.lookup, { ...lookup, budgetMs: 0 }, { timeoutMs: 1000 }));
    expect(failure).toBeInstanceOf(InvalidInput);
    expect(failure).toMatchObject({ class: 'permanent', code: 'invalid_request', issues: [{ path: 'budgetMs' }] });
  });

  it('failure - crosses as data, with class and code', async () => {
    const throttled = new Failure('throttled', 'quota', 'wait', { retryAt: new Date(1_795_218_080_000) });
    served.push(serveRpc(answering, rpc.lookup, () => Promise.reject(throttled)));
    await answering.nc.flush();
    const failure = await failureOf(callRpc(asking, rpc.lookup, lookup, { timeoutMs: 1000 }));
    expect(failure.toData()).toEqual(throttled.toData());
  });

  it('bug in the handler - is a defect for the caller', async () => {
    served.push(serveRpc(answering, rpc.lookup, () => Promise.reject(new TypeError('x is undefined'))));
    await answering.nc.flush();
    const failure = await failureOf(callRpc(asking, rpc.lookup, lookup, { timeoutMs: 1000 }));
    expect(failure).toMatchObject({ class: 'defect', code: 'unexpected' });
  });

  it('nobody serves - is known at once', async () => {
    const began = performance.now();
    const failure = await failureOf(callRpc(asking, rpc.lookup, lookup, { timeoutMs: 5000 }));
    expect(failure).toMatchObject({ class: 'own-trouble', code: 'no_responders' });
    expect(performance.now() - began).toBeLessThan(1000);
  });

  it('a handler that hangs - costs the caller its timeout and no more', async () => {
    served.push(serveRpc(answering, rpc.lookup, () => new Promise((resolve) => setTimeout(() => resolve(found), 400))));
    await answering.nc.flush();
    const began = performance.now();
    const failure = await failureOf(callRpc(asking, rpc.lookup, lookup, { timeoutMs: 100 }));
    expect(failure).toMatchObject({ class: 'own-trouble', code: 'rpc_timeout' });
    expect(performance.now() - began).toBeLessThan(350);
  });

  it("an answer to one who has given up - is nobody else's", async () => {
    const late = Promise.withResolvers<typeof found>();
    served.push(
      serveRpc(answering, rpc.lookup, ({ ruleId }) =>
        ruleId === 'slow' ? late.promise : Promise.resolve({ ...found, value: ruleId }),
      ),
    );
    await answering.nc.flush();
    const first = failureOf(callRpc(asking, rpc.lookup, { ...lookup, ruleId: 'slow' }, { timeoutMs: 50 }));
    expect(await first).toMatchObject({ code: 'rpc_timeout' });
    late.resolve(found);
    const rules = Array.from({ length: 100 }, (_, at) => `rule-${at}`);
    const asked = rules.map((ruleId) => callRpc(asking, rpc.lookup, { ...lookup, ruleId }, { timeoutMs: 2000 }));
    expect((await Promise.all(asked)).map((reply) => 'value' in reply && reply.value)).toEqual(rules);
  });

  it('a connection that is closed - fails at once what waits for an answer', async () => {
    const bus = await connectBus({ url: server.url, name: 'leaving' });
    const seen = Promise.withResolvers<void>();
    const never = Promise.withResolvers<typeof found>();
    served.push(
      serveRpc(answering, rpc.lookup, () => {
        seen.resolve();
        return never.promise;
      }),
    );
    await answering.nc.flush();
    const failure = failureOf(callRpc(bus, rpc.lookup, lookup, { timeoutMs: 60_000 }));
    await seen.promise;
    await bus.close();
    expect(await failure).toMatchObject({ class: 'own-trouble', code: 'nats_unavailable' });
    const after = await failureOf(callRpc(bus, rpc.lookup, lookup, { timeoutMs: 60_000 }));
    expect(after).toMatchObject({ class: 'own-trouble', code: 'nats_unavailable' });
    never.resolve(found);
  });

  it('waiting request - is dropped when its caller has given up', async () => {
    let handled = 0;
    const slow = async () => {
      handled += 1;
      await new Promise((resolve) => setTimeout(resolve, 150));
      return found;
    };
    served.push(serveRpc(answering, rpc.lookup, slow, { concurrency: 1 }));
    await answering.nc.flush();
    const asked = Array.from({ length: 5 }, () => failureOf(callRpc(asking, rpc.lookup, lookup, { timeoutMs: 50 })));
    await Promise.all(asked);
    await Promise.all(served.splice(0).map((one) => one.stop()));
    expect(handled).toBe(1);
  });
});

describe('rpc - without NATS', () => {
  it('a question that may take two minutes waited two minutes for the connection', async () => {
    const own = await startNats();
    const bus = await connectBus({ url: own.url, name: 'alone' });
    await own.kill();
    await expect.poll(() => bus.connected()).toBe(false);
    const startedAt = performance.now();
    const failure = await failureOf(callRpc(bus, rpc.lookup, lookup, { timeoutMs: 120_000 }));
    expect(failure.class).toBe('own-trouble');
    expect(performance.now() - startedAt).toBeLessThan(10_000);
    await bus.close();
    await own.stop();
  }, 20_000);
});
