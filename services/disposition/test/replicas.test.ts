import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { callRpc } from '@patchcord/bus';
import { rpc } from '@patchcord/contracts';
import { eventually } from '@patchcord/testkit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { answeredCall, type CallScript, sessionChanged } from './call-script.ts';
import { environment, type Fixture, startFixture, tenantId } from './fixture.ts';

let fixture: Fixture;
beforeEach(async () => {
  fixture = await startFixture();
});
afterEach(() => fixture.stop());

async function end(call: CallScript): Promise<void> {
  await fixture.publish(call.session());
  await fixture.publish(call.ended());
}
const isOpen = async (call: CallScript): Promise<boolean> =>
  (await fixture.events(call.callId)).some(({ type }) => type.endsWith('acw-started'));

test('restart - the time limit of after-call work survives that nobody is there', async () => {
  const first = await fixture.startReplica();
  const call = answeredCall('brief');
  await end(call);
  await eventually(() => isOpen(call));
  await first.stop();
  expect(fixture.records(call.callId)).toEqual([]);
  const until = Date.now() + 1500;
  await eventually(() => Date.now() > until);
  await fixture.startReplica();
  const [job] = await fixture.recordsOf(call, 1);
  expect(job?.record.acwMs).toBeGreaterThanOrEqual(1400);
});

test('replicas - two of them, each message twice: one record per call', async () => {
  await Promise.all([fixture.startReplica(), fixture.startReplica()]);
  const calls = Array.from({ length: 25 }, (_, at) => answeredCall(at % 2 === 0 ? 'quick' : 'direct'));
  const sessions = calls.flatMap((call) => [call.session(), call.ended()]);
  const copies = ['a', 'b'].flatMap((copy) =>
    sessions.map((session) => sessionChanged(session, `${session.callId}-${session.version}-${copy}`)),
  );
  await fixture.publisher.publishAll(copies);
  for (const call of calls) await fixture.recordsOf(call, 1);
  // Whatever the copies cause is caused in the settling time of the last call.
  const last = answeredCall('direct');
  await end(last);
  await fixture.recordsOf(last, 1);
  for (const call of calls) {
    expect(fixture.records(call.callId).map(({ revision }) => revision)).toEqual([1]);
    const ended = (await fixture.events(call.callId)).filter(({ type }) => type.endsWith('acw-ended'));
    expect(ended).toHaveLength(1);
  }
});

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** The service as a process of its own. */
function startProcess(): ChildProcess {
  const main = join(import.meta.dirname, '../src/main.ts');
  const env = { PATH: process.env.PATH, ...environment(fixture.servers) };
  const child = spawn(process.execPath, [main], { env, stdio: ['ignore', 'ignore', 'inherit'] });
  children.push(child);
  return child;
}

test('kill -9 - in the middle of 60 calls: each has its one record in the end, soon', async () => {
  const first = startProcess();
  const calls = Array.from({ length: 60 }, (_, at) => answeredCall(at % 2 === 0 ? 'quick' : 'direct'));
  const arrived = (): number => calls.filter((call) => fixture.records(call.callId).length > 0).length;
  const publishing = Promise.all(calls.map(end));
  await eventually(() => arrived() > 5, { what: 'the first records' });
  const gone = once(first, 'exit');
  first.kill('SIGKILL');
  await gone;
  const killedAt = Date.now();
  expect(arrived()).toBeLessThan(60);
  await publishing;
  startProcess();
  await eventually(() => arrived() === 60, { deadlineMs: 20_000, what: 'a record of each call' });
  expect(Date.now() - killedAt).toBeLessThan(12_000);
  for (const call of calls) expect(fixture.records(call.callId).map(({ revision }) => revision)).toEqual([1]);
});

test('kill -9 - in the middle of 200 dispositions of contacts: each that is stored is told, once', async () => {
  const first = startProcess();
  const create = (at: number) =>
    callRpc(
      fixture.bus,
      rpc.createDisposition,
      { tenantId, campaignId: 'support', contactId: `k${at}`, disposition: { optionId: 'sold' } },
      { timeoutMs: 2000 },
    );
  const list = async () =>
    (await callRpc(fixture.bus, rpc.listDispositions, { tenantId, limit: 500 }, { timeoutMs: 2000 })).dispositions;
  await eventually(
    () =>
      list().then(
        () => true,
        () => false,
      ),
    { what: 'the service' },
  );
  let answered = 0;
  const asked = Array.from({ length: 200 }, (_, at) =>
    create(at).then(
      () => {
        answered += 1;
      },
      () => undefined,
    ),
  );
  await eventually(() => answered > 5, { what: 'the first dispositions' });
  const gone = once(first, 'exit');
  first.kill('SIGKILL');
  await gone;
  await Promise.all(asked);
  expect(answered).toBeLessThan(200);
  startProcess();
  const stored = await eventually(() => list().catch(() => false as const), { what: 'the next process' });
  expect(stored.length).toBeGreaterThanOrEqual(answered);
  const told = async (): Promise<string[]> => (await fixture.recorded()).map(({ subject }) => subject);
  await eventually(async () => (await told()).length === stored.length, {
    deadlineMs: 20_000,
    what: 'an event of each',
  });
  expect(new Set(await told())).toEqual(new Set(stored.map(({ dispositionId }) => dispositionId)));
});
