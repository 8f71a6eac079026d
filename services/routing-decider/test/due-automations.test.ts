import {
  type DueAutomation,
  dueAutomation,
  dueAutomationsKey,
  emptySession,
  Failure,
  type Flow,
  flow as flowSchema,
  jsonBytes,
  type ReadSessionReply,
  type WriteSessionReply,
  type WriteSessionRequest,
} from '@patchcord/contracts';
import { type FlowInput, flowState, flowStateKey } from '@patchcord/flows';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createFlowMemory, type FlowMemory } from '../src/domain/flow-memory.ts';
import { createCatchUpFlows } from '../src/usecases/catch-up-flows.ts';
import { createRunFlow, type RunFlowOptions } from '../src/usecases/run-flow.ts';

const call = { tenantId: 'acme', callId: 'c-main-1' };
const at = (position: string, automation = `on-${position}`) => ({ position, automation });
const both = { automations: [at('enter'), at('exit'), at('enter', 'again')] };

/** Round and round: each passage has two automations when the call comes and one when it goes. */
const round: Flow = flowSchema.parse({
  id: 'round',
  name: 'Round',
  start: 'menu',
  modules: [
    { id: 'menu', type: 'input-reader', variable: 'x', max: 1, maxAttempts: 1, next: 'note', ...both },
    { id: 'note', type: 'set-variables', variables: { 'app.x': '{app.inputReader.x}' }, next: 'talk', ...both },
    { id: 'talk', type: 'audio-player', prompts: ['hello'], next: 'away', ...both },
    { id: 'away', type: 'queue', queue: 'q', next: 'menu', ...both },
  ],
});

type Trouble = 'unread' | 'unwritten' | 'unanswered' | 'unknown' | 'contended' | 'full' | undefined;

/** A session store by its rules: writes by their ETag. What goes amiss is set from outside. */
function sessionStore() {
  let data: Readonly<Record<string, unknown>> = {};
  let version = 1;
  const told: (readonly DueAutomation[])[] = [];
  const store = {
    trouble: undefined as Trouble,
    told,
    data: () => data,
    read: async (): Promise<ReadSessionReply> => {
      if (store.trouble === 'unread') throw new Error('no answer');
      if (store.trouble === 'unknown') return { outcome: 'unknown' };
      return { outcome: 'found', session: { ...emptySession(call), data }, etag: `"${version}"` };
    },
    write: async ({ changes, ifMatch }: WriteSessionRequest): Promise<WriteSessionReply> => {
      if (store.trouble === 'unwritten' || store.trouble === 'unread') throw new Error('no answer');
      if (store.trouble === 'full' && Object.keys(changes).some((name) => !name.startsWith('app.flow.')))
        throw new Failure('permanent', 'payload_too_large', 'expected less');
      if (store.trouble === 'unknown') return { outcome: 'unknown' };
      if (store.trouble === 'contended') apply({ 'ivr.other': version });
      if (store.trouble === 'contended' && version % 3 !== 0) store.trouble = undefined;
      if (ifMatch !== `"${version}"`) return { outcome: 'conflict', version, etag: `"${version}"`, data };
      apply(changes);
      told.push(z.array(dueAutomation).parse(data[dueAutomationsKey] ?? []));
      if (store.trouble === 'unanswered') throw new Error('no answer');
      return { outcome: 'written', version, etag: `"${version}"`, data };
    },
  };
  const apply = (changes: Readonly<Record<string, unknown>>): void => {
    const entries = Object.entries({ ...data, ...changes }).filter(([, value]) => value !== null);
    data = Object.fromEntries(entries);
    version += 1;
  };
  return store;
}

type Store = ReturnType<typeof sessionStore>;

function replicaOf(store: Store, flow: Flow = round) {
  let memory: FlowMemory = createFlowMemory({ now: () => 0 });
  const options = (): RunFlowOptions => ({
    flowOf: () => flow,
    triggersOf: () => new Map(),
    regionOf: () => undefined,
    read: store.read,
    write: store.write,
    memory,
    startWorkflow: () => undefined,
    now: () => 1_000_000,
  });
  return {
    next: (input: FlowInput) => createRunFlow(options())({ ...call, flowId: flow.id, input }),
    catchUp: () => createCatchUpFlows(options())(),
    die: () => {
      memory = createFlowMemory({ now: () => 0 });
    },
  };
}

const turnOf = (store: Store): number => flowState.safeParse(store.data()[flowStateKey]).data?.turn ?? 0;
const occurrences = (store: Store): string[] => store.told.flat().map(({ occurrence }) => occurrence);

/** What must have been told of a call that has passed so many modules, and is in the last of them. */
function dueBy(entered: number, isOut: boolean): string[] {
  const passages = Array.from({ length: entered }, (_, one) => one + 1);
  return passages.flatMap((one) => [
    `round-${one}-enter-0`,
    `round-${one}-enter-1`,
    ...(one < entered || isOut ? [`round-${one}-exit-0`] : []),
  ]);
}

const input = fc.constantFrom<FlowInput>(
  { type: 'started' },
  { type: 'played' },
  { type: 'digits', digits: '1' },
  { type: 'timeout' },
  { type: 'variables-changed' },
);
const step = fc.record({
  replica: fc.nat(1),
  input,
  late: fc.boolean(),
  trouble: fc.constantFrom<Trouble>(undefined, undefined, 'unread', 'unwritten', 'unanswered', 'unknown', 'contended'),
  dies: fc.nat(5).map((one) => one === 0),
});

async function play(store: Store, steps: readonly (typeof step extends fc.Arbitrary<infer One> ? One : never)[]) {
  const replicas = [replicaOf(store), replicaOf(store)];
  await replicas[0]?.next({ type: 'started' });
  for (const one of steps) {
    const replica = replicas[one.replica];
    store.trouble = one.trouble;
    await replica?.next(one.late ? { ...one.input, turn: turnOf(store) } : one.input);
    store.trouble = undefined;
    if (one.dies) replica?.die();
  }
  for (const replica of replicas) await replica.catchUp();
}

describe('automations of flows over any sequence of inputs, with stores that fail and replicas that die', () => {
  it('each occurrence that the session got past is told, and nothing that did not happen', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        const store = sessionStore();
        await play(store, steps);
        const { entered, phase } = flowState.parse(store.data()[flowStateKey]);
        expect(new Set(occurrences(store))).toEqual(new Set(dueBy(entered, phase === 'left')));
      }),
      { numRuns: 500 },
    );
  });

  it('and no more than once, by one replica that lives and a store that tells whether it wrote', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        const store = sessionStore();
        const known = steps.map((one) => ({
          ...one,
          replica: 0,
          dies: false,
          trouble: one.trouble === 'unanswered' ? undefined : one.trouble,
        }));
        await play(store, known);
        expect(occurrences(store)).toHaveLength(new Set(occurrences(store)).size);
      }),
      { numRuns: 500 },
    );
  });

  it('an occurrence that is told again is the same automation of the same module', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        const store = sessionStore();
        await play(store, steps);
        const first = new Map<string, DueAutomation>();
        for (const one of store.told.flat()) {
          expect(first.get(one.occurrence) ?? one).toEqual(one);
          first.set(one.occurrence, one);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('a session that is full', () => {
  const started = { type: 'started' } as const;
  const digits = { type: 'digits', digits: '1' } as const;

  it('has no room for variables - once the step and its automations were not stored either', async () => {
    const store = sessionStore();
    const { next } = replicaOf(store);
    await next(started);
    store.trouble = 'full';
    const answer = await next(digits);
    expect(answer).toMatchObject({
      stored: true,
      warnings: [expect.stringMatching(/^the session is full: \d variables/)],
    });
    expect(store.data()).toMatchObject({ [flowStateKey]: { module: 'talk' } });
    expect(store.data()).not.toHaveProperty('app.x');
    expect(occurrences(store)).toContain('round-3-enter-0');
    expect(await replicaOf(store).next({ type: 'played' })).toMatchObject({
      stored: true,
      instruction: { do: 'leave' },
    });
  });

  it('gets what it has room for when it could not be written before', async () => {
    const store = sessionStore();
    const { next, catchUp } = replicaOf(store);
    await next(started);
    store.trouble = 'unwritten';
    await next(digits);
    store.trouble = 'full';
    await catchUp();
    expect(store.data()).toMatchObject({ [flowStateKey]: { module: 'talk' } });
  });
});

describe('automations of a step', () => {
  const started = { type: 'started' } as const;

  it('are in the same write as its state and variables, and the next step takes their place', async () => {
    const store = sessionStore();
    const { next } = replicaOf(store);
    await next(started);
    await next({ type: 'digits', digits: '1' });
    expect(store.told).toHaveLength(2);
    expect(store.data()).toMatchObject({ 'app.x': '1', [flowStateKey]: { module: 'talk' } });
    expect(store.told[1]?.map(({ module, position }) => `${module} ${position}`)).toEqual([
      'menu exit',
      'note enter',
      'note enter',
      'note exit',
      'talk enter',
      'talk enter',
    ]);
  });

  it('a step without any leaves none behind, and one that changes nothing writes nothing', async () => {
    const store = sessionStore();
    const asks = { id: 'a', type: 'input-reader', variable: 'x', automations: [at('enter')] };
    const { next } = replicaOf(store, flowSchema.parse({ id: 'f', name: 'F', start: 'a', modules: [asks] }));
    await next(started);
    await next(started);
    expect(store.told).toHaveLength(1);
    await next({ type: 'timeout' });
    expect(store.data()[dueAutomationsKey]).toBeUndefined();
    expect(store.data()[flowStateKey]).toMatchObject({ attempt: 2 });
  });

  it('that could not be stored wait, as many as a value holds; the oldest are dropped with a warning', async () => {
    const store = sessionStore();
    const { next, catchUp } = replicaOf(store);
    store.trouble = 'unwritten';
    const warnings: string[] = [];
    await next(started);
    for (let time = 0; time < 8; time += 1)
      for (const type of ['digits', 'played', 'timeout'] as const)
        warnings.push(...(await next(type === 'digits' ? { type, digits: '1' } : { type })).warnings);
    store.trouble = undefined;
    await catchUp();
    const told = occurrences(store);
    expect(told).toHaveLength(50);
    expect(told.at(-1)).toBe('round-33-enter-1');
    expect(jsonBytes(store.data()[dueAutomationsKey])).toBeLessThan(8192);
    expect(warnings[0]).toMatch(/^too many automations are due at once: the oldest \d+ will not run$/);
  });

  it('with the longest names as many as fit into a value', async () => {
    const store = sessionStore();
    const automations = Array.from({ length: 20 }, () => at('enter', 'a'.repeat(128)));
    const module = { id: 'm'.repeat(128), type: 'audio-player', prompts: ['x'], automations };
    const flow = flowSchema.parse({ id: 'f'.repeat(128), name: 'F', start: module.id, modules: [module] });
    const { next } = replicaOf(store, flow);
    const { stored, warnings } = await next(started);
    expect([stored, store.told[0]?.length, warnings.length]).toEqual([true, 18, 1]);
  });

  it('of a call that nobody tells of cannot run: said once', async () => {
    const store = sessionStore();
    const { next } = replicaOf(store);
    store.trouble = 'unknown';
    const warnings = [(await next(started)).warnings, (await next({ type: 'digits', digits: '1' })).warnings];
    expect(warnings).toEqual([['the PBX has not told of this call: until it does its automations cannot run'], []]);
    store.trouble = undefined;
    await next({ type: 'played' });
    expect(occurrences(store)).toHaveLength(12);
  });
});
