import { type AutomationOutcome, automationOutcomeKey, dueAutomation } from '@patchcord/contracts';
import { describe, expect, it } from 'vitest';
import { type Call, callIn, flowOf, noteTexts } from './call.ts';

const ask = { id: 'ask', type: 'http-action', automation: 'find', budgetMs: 2000, filler: ['music'] };
const queue = { id: 'queue', type: 'queue', queue: 'support', next: 'ask' };
const end = { id: 'end', type: 'hangup' };

const asking = (): Call => {
  const call = callIn({ flow: flowOf({ ...ask, next: 'queue', otherwise: 'end' }, queue, end) });
  call.last();
  return call;
};
const runs = (call: Call) =>
  call.effects.filter((one) => one.effect === 'run-automation').map((due) => dueAutomation.parse(due));
const lastRun = (call: Call): string => runs(call).at(-1)?.occurrence ?? '';
const outcome = (call: Call, of: AutomationOutcome['outcome'], run = lastRun(call)): void =>
  call.write({ [automationOutcomeKey('find')]: { run, outcome: of } satisfies AutomationOutcome });
const changed = (call: Call) => call.tell({ type: 'variables-changed' });

const next = { leave: { target: 'support' } };
const otherwise = { leave: { to: 'hangup' } };

describe('http-action', () => {
  it('the automation is due as the call comes in, once, and the call waits', () => {
    const call = asking();
    expect(call.last().instruction).toMatchObject({ do: 'wait', remainingMs: 2000, filler: [{ sound: 'music' }] });
    expect(runs(call)).toEqual([{ automation: 'find', module: 'ask', position: 'action', occurrence: 'f-1-action' }]);
    expect(call.send({ type: 'started' }).effects).toEqual([]);
    expect(changed(call).effects).toEqual([]);
    expect(runs(call)).toHaveLength(1);
  });

  it.each([
    ['succeeded', next],
    ['skipped', next],
    ['failed', otherwise],
  ] as const)('%s: the call goes on at once', (of, where) => {
    const call = asking();
    call.pass(10);
    outcome(call, of);
    expect(changed(call).instruction).toMatchObject(where);
  });

  it('no answer in time', () => {
    const call = asking();
    call.pass(1999);
    expect(changed(call).instruction).toMatchObject({ do: 'wait', remainingMs: 1 });
    call.pass(1);
    expect(changed(call).instruction).toMatchObject(otherwise);
    expect(noteTexts(call.effects)).toContain('ask: the answer to "find" did not come within 2000 ms');
  });

  it('an answer that is there when the time is over counts', () => {
    const call = asking();
    call.pass(5000);
    outcome(call, 'succeeded');
    expect(call.tell({ type: 'timeout' }).instruction).toMatchObject(next);
  });

  it('a second passage has a run of its own: the answer of the first is not its answer', () => {
    const call = asking();
    outcome(call, 'succeeded');
    changed(call);
    expect(call.tell({ type: 'timeout' }).instruction).toMatchObject({ do: 'wait' });
    const [first, second] = runs(call).map(({ occurrence }) => occurrence);
    expect(second).not.toBe(first);
    outcome(call, 'failed', first);
    expect(changed(call).instruction).toMatchObject({ do: 'wait' });
    outcome(call, 'succeeded');
    expect(changed(call).instruction).toMatchObject(next);
  });

  it.each([{ outcome: 'succeeded' }, 'succeeded', { run: 'f-1-action', outcome: 'done' }, null, 7])(
    'an outcome that cannot be read is none: %j',
    (written) => {
      const call = asking();
      call.write({ [automationOutcomeKey('find')]: written });
      expect(changed(call).instruction).toMatchObject({ do: 'wait' });
    },
  );

  it('hung up while it waits: the run was told, and no more is', () => {
    const call = asking();
    expect(call.tell({ type: 'hung-up' }).instruction).toMatchObject(otherwise);
    expect(runs(call)).toHaveLength(1);
  });

  it('names as long as they may be still make a run that can be told', () => {
    const id = 'x'.repeat(128);
    const flow = flowOf(
      { ...ask, id, automations: [{ position: 'enter', automation: 'find' }], otherwise: 'end' },
      end,
    );
    const call = callIn({ flow: { ...flow, id } });
    call.last();
    expect(runs(call).map(({ position }) => position)).toEqual(['enter', 'action']);
  });
});
