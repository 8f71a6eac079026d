import { expect, test } from 'vitest';
import { compose, composeService, healthOf, type Part } from '../src/index.ts';
import { silentLog } from './http-fixture.ts';

function recorded(journal: string[], name: string, options: { fails?: boolean; hangs?: boolean } = {}): Part {
  return {
    name,
    start: async () => {
      journal.push(`start ${name}`);
      if (options.fails) throw new Error(`${name} cannot start`);
    },
    stop: async () => {
      journal.push(`stop ${name}`);
      if (options.hangs) await new Promise(() => undefined);
    },
  };
}

test('compose - starts in order and stops in reverse, once', async () => {
  const journal: string[] = [];
  const composition = compose([recorded(journal, 'a'), { name: 'idle' }, recorded(journal, 'b')], { log: silentLog });
  await composition.start();
  await composition.stop();
  await composition.stop();
  expect(journal).toEqual(['start a', 'start b', 'stop b', 'stop a']);
});

test('compose - a part that cannot start leaves nothing running, and its error is told', async () => {
  const journal: string[] = [];
  const parts = [recorded(journal, 'a'), recorded(journal, 'b', { fails: true }), recorded(journal, 'c')];
  await expect(compose(parts, { log: silentLog }).start()).rejects.toThrow('b cannot start');
  expect(journal).toEqual(['start a', 'start b', 'stop b', 'stop a']);
});

test('compose - a part that hangs does not keep the others from stopping', async () => {
  const journal: string[] = [];
  const parts = [recorded(journal, 'a'), recorded(journal, 'b', { hangs: true })];
  const composition = compose(parts, { log: silentLog, stopTimeoutMs: 100 });
  await composition.start();
  await composition.stop();
  expect(journal.slice(2)).toEqual(['stop b', 'stop a']);
});

test('health - several services answer as one, each check with its service in front', async () => {
  const service = (name: string, ok: boolean): ReturnType<typeof composeService> =>
    composeService({
      name,
      log: silentLog,
      parts: [],
      health: async () => ({ ready: ok, checks: [{ name: 'nats', ok, durationMs: 1 }] }),
    });
  const report = await healthOf([service('console', true), service('disposition', false)])();
  expect([report.ready, report.checks.map(({ name, ok }) => [name, ok])]).toEqual([
    false,
    [
      ['console:nats', true],
      ['disposition:nats', false],
    ],
  ]);
});
