import { type WorkflowOutcome, workflowOutcomeKey } from '@patchcord/contracts';
import { describe, expect, it } from 'vitest';
import { type Call, callIn, flowOf, noteTexts } from './call.ts';

const who = {
  id: 'who',
  type: 'crm-workflow',
  workflow: 'find',
  budgetMs: 2000,
  filler: ['music'],
  input: { search: { entity: 'Contact', filter: "LastName = '{ivr.name}'" } },
};
const ends = ['found', 'several', 'none', 'done', 'timeout', 'otherwise'];
const queues = ends.map((id) => ({ id, type: 'queue', queue: id }));
const branches = Object.fromEntries(ends.map((id) => [id, id]));

const asking = (data: Record<string, unknown> = { 'ivr.name': 'Weber' }): Call => {
  const call = callIn({ flow: flowOf({ ...who, ...branches }, ...queues), data });
  call.last();
  return call;
};
const outcome = (call: Call, of: WorkflowOutcome['outcome'], run = call.last().awaits?.runId ?? ''): void =>
  call.write({ [workflowOutcomeKey('find')]: { run, outcome: of } satisfies WorkflowOutcome });
const changed = (call: Call) => call.tell({ type: 'variables-changed' });

describe('crm-workflow', () => {
  it('is to be run while the call waits, under one id, whoever steps it', () => {
    const call = asking();
    const awaits = {
      workflow: 'find',
      runId: 'c-lab-1.f-1-workflow',
      input: { search: { filter: "LastName = 'Weber'" } },
    };
    expect(call.last()).toMatchObject({ awaits, instruction: { do: 'wait', remainingMs: 2000 } });
    expect(changed(call)).toMatchObject({ awaits, effects: [] });
    expect(call.send({ type: 'started' })).toMatchObject({ awaits });
  });

  it.each(['found', 'several', 'none', 'done'] as const)('%s: the call goes on at once by that branch', (of) => {
    const call = asking();
    outcome(call, of);
    const step = changed(call);
    expect(step.instruction).toMatchObject({ leave: { to: 'queue', target: of } });
    expect(step).not.toHaveProperty('awaits');
  });

  it('failed, and late', () => {
    const call = asking();
    outcome(call, 'failed');
    expect(changed(call).instruction).toMatchObject({ leave: { target: 'otherwise' } });
    const told = asking();
    outcome(told, 'timeout');
    expect(changed(told).instruction).toMatchObject({ leave: { target: 'timeout' } });
    const late = asking();
    late.pass(2000);
    expect(changed(late).instruction).toMatchObject({ leave: { target: 'timeout' } });
    expect(noteTexts(late.effects)).toContain('who: the workflow "find" did not come within 2000 ms');
  });

  it('what came of another run is not meant', () => {
    const call = asking();
    outcome(call, 'found', 'c-lab-1.f-0-workflow');
    expect(changed(call).instruction).toMatchObject({ do: 'wait' });
  });

  it('with a value that would change the query it is not started', () => {
    const call = asking({ 'ivr.name': "x' OR Name LIKE '%" });
    expect(call.last().instruction).toMatchObject({ leave: { target: 'otherwise' } });
    expect(noteTexts(call.effects).join()).not.toContain('LIKE');
  });

  it('an outcome without a branch of its own goes on with the next module', () => {
    const call = callIn({
      flow: flowOf(
        { ...who, input: {}, next: 'found', otherwise: 'none' },
        ...queues.filter(({ id }) => id === 'found' || id === 'none'),
      ),
    });
    call.last();
    outcome(call, 'several');
    expect(changed(call).instruction).toMatchObject({ leave: { target: 'found' } });
  });
});
