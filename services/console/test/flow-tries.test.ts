import { expect, test } from 'vitest';
import { z } from 'zod';
import { jsonOf, refusalOf, startConsole } from './fixture.ts';

const tried = z.object({
  steps: z.array(
    z.object({
      instruction: z.looseObject({ do: z.string() }),
      module: z.string(),
      entered: z.array(z.string()),
      notes: z.array(z.looseObject({ about: z.string(), module: z.string(), text: z.string() })),
      wouldRun: z.array(z.object({ kind: z.string(), id: z.string(), module: z.string() })),
    }),
  ),
  variables: z.record(z.string(), z.unknown()),
});
type Tried = z.output<typeof tried>;

async function start() {
  const fixture = await startConsole();
  const token = await fixture.token();
  const post = (body: unknown, as = token) => fixture.request('/v1/flows/try', { method: 'POST', token: as, body });
  return { fixture, post, run: async (body: unknown): Promise<Tried> => jsonOf(await post(body), tried) };
}

const flowOf = (...modules: readonly { readonly id: string; readonly [field: string]: unknown }[]) => ({
  id: 'drawn',
  name: 'Drawn',
  start: modules[0]?.id,
  modules,
});
const menu = flowOf(
  { id: 'ask', type: 'simple-menu', prompt: 'custom/ask', options: { '1': 'sales', '2': 'reader' } },
  { id: 'reader', type: 'input-reader', variable: 'reference', min: 3, max: 5, next: 'sales' },
  { id: 'sales', type: 'queue', queue: 'sales-{app.inputReader.reference|none}' },
);
const stepsOf = ({ steps }: Tried): string[] =>
  steps.map(({ entered, module, instruction }) => `${entered.join(' ')} @${module}: ${instruction.do}`);

test('a made-up call goes the way that its keys say; what it enters is in its variables', async () => {
  const { run } = await start();
  const inputs = [
    { type: 'digits', digits: '7' },
    { type: 'digits', digits: '2' },
    { type: 'digits', digits: '4711#' },
  ];
  const answer = await run({ flow: menu, caller: { ani: '+14155550123' }, inputs });
  expect(stepsOf(answer)).toEqual(['ask @ask: read', ' @ask: read', 'reader @reader: read', 'sales @sales: leave']);
  expect(answer.steps[1]?.notes).toMatchObject([{ about: 'no-match', module: 'ask' }]);
  expect(answer.steps[3]?.instruction).toMatchObject({ leave: { to: 'queue', target: 'sales-4711' } });
  expect(answer.variables).toEqual({ 'app.inputReader.reference': '4711' });
});

test('triggers see the caller, the time and the variables that are made up', async () => {
  const { fixture, run } = await start();
  const condition = { expression: 'ivr.plan', operator: 'EQ', expectation: 'gold' };
  await fixture.config.put('acme', 'trigger', { id: 'gold', name: 'Gold', conditions: [condition] });
  const flow = flowOf(
    { id: 'check', type: 'switch', routes: [{ when: 'gold', module: 'vip' }], next: 'all' },
    { id: 'vip', type: 'text-to-speech', text: 'Hello {call.from}', next: 'all' },
    { id: 'all', type: 'hangup' },
  );
  expect(stepsOf(await run({ flow }))).toEqual(['check all @all: leave']);
  const known = await run({ flow, caller: { ani: '+14155550123' }, variables: { 'ivr.plan': 'gold' } });
  expect(stepsOf(known)).toEqual(['check vip @vip: play']);
  expect(known.steps[0]?.instruction).toMatchObject({ prompts: [{ text: 'Hello +14155550123' }] });
  expect(known.steps[0]?.notes[1]).toMatchObject({ about: 'route', tried: [{ trigger: 'gold', fires: true }] });
});

const asking = flowOf(
  { id: 'look-up', type: 'http-action', automation: 'crm', next: 'workflow', otherwise: 'sorry' },
  { id: 'workflow', type: 'crm-workflow', workflow: 'find', found: 'wait', timeout: 'late', otherwise: 'sorry' },
  { id: 'wait', type: 'wait-for-variable', expression: 'ivr.email', next: 'agents', otherwise: 'sorry' },
  { id: 'agents', type: 'queue', queue: 'agents' },
  { id: 'late', type: 'hangup' },
  { id: 'sorry', type: 'hangup' },
);

test('what a call waits for comes when it is said to: an answer, an outcome of a workflow, a variable', async () => {
  const { run } = await start();
  const inputs = [
    { type: 'answered', outcome: 'succeeded', variables: { 'ivr.name': 'Ana' } },
    { type: 'answered', outcome: 'found' },
    { type: 'variables', variables: { 'ivr.email': 'ana@example.com' } },
  ];
  const answer = await run({ flow: asking, inputs });
  expect(stepsOf(answer)).toEqual([
    'look-up @look-up: wait',
    'workflow @workflow: wait',
    'wait @wait: wait',
    'agents @agents: leave',
  ]);
  expect(answer.steps.map(({ wouldRun }) => wouldRun.map(({ kind, id }) => `${kind} ${id}`))).toEqual([
    ['automation crm'],
    ['crm-workflow find'],
    [],
    [],
  ]);
  expect(answer.variables).toMatchObject({ 'ivr.name': 'Ana', 'ivr.email': 'ana@example.com' });
});

test.each([
  ['an answer that fails', [{ type: 'answered', outcome: 'failed' }], 'sorry'],
  ['an answer that does not come', [{ type: 'timeout' }], 'sorry'],
  ['a workflow that does not come in time', [{ type: 'answered', outcome: 'succeeded' }, { type: 'timeout' }], 'late'],
  [
    'a workflow that fails',
    [
      { type: 'answered', outcome: 'succeeded' },
      { type: 'answered', outcome: 'failed' },
    ],
    'sorry',
  ],
  ['a caller who hangs up', [{ type: 'hung-up' }], 'look-up'],
])('%s', async (_name, inputs, module) => {
  const { run } = await start();
  const answer = await run({ flow: asking, inputs });
  expect(answer.steps.at(-1)).toMatchObject({ module, instruction: { leave: { to: 'hangup' } } });
});

test('nothing of it is told to anybody or stored: the bus is silent, the session store knows no such call', async () => {
  const { fixture, run } = await start();
  await run({ flow: asking });
  const heard: string[] = [];
  const everything = fixture.bus.nc.subscribe('patchcord.v1.evt.>', {
    callback: (_error, { subject }) => void heard.push(subject),
  });
  await fixture.bus.nc.flush();
  await run({ flow: asking, inputs: [{ type: 'answered', outcome: 'succeeded' }] });
  await fixture.bus.nc.flush();
  everything.unsubscribe();
  expect(heard).toEqual([]);
  expect(await fixture.redis.keys('*c-try*')).toEqual([]);
});

test('a flow that could not be stored is refused as it would be then: by its module', async () => {
  const { fixture, post } = await start();
  const lost = flowOf({ id: 'ask', type: 'hangup' }, { id: 'lost', type: 'hangup' });
  expect(await refusalOf(await post({ flow: lost }))).toMatchObject({
    status: 422,
    issues: [{ path: 'modules[1]', message: expect.stringContaining('expected a way to "lost"') }],
  });
  expect(await refusalOf(await post({ flow: menu, inputs: [{ type: 'sung' }] }))).toMatchObject({ status: 400 });
  const supervisor = await fixture.token('acme', 'sessions:read');
  expect(await refusalOf(await post({ flow: menu }, supervisor))).toMatchObject({ status: 403 });
});
