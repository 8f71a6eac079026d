import { type Flow, flow as flowSchema } from '@patchcord/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type FlowInput,
  type FlowStep,
  flowInstruction,
  flowState,
  maxStepsWithoutCaller,
  stepFlow,
  withEffects,
} from '../src/index.ts';
import { equals, sessionWith, triggersOf, uncheckedFlow } from './call.ts';

type Module = Record<string, unknown>;

const triggers = triggersOf([equals('yes', 'ivr.yes', '1'), equals('no', 'ivr.yes', '2'), equals('set', 'app.a', '1')]);
const data = { 'ivr.yes': 1, 'ivr.there': 'x', 'ivr.queue': 'support' };

const text = fc.constantFrom('x', '{ivr.queue}', '{ivr.absent}', '{ivr.absent|y}', 'a{app.a}');

/** Any module, leading to any of `ids`. */
function moduleOf(id: string, ids: readonly string[]): fc.Arbitrary<Module> {
  const to = fc.constantFrom(...ids);
  const next = fc.option(to, { nil: undefined });
  const when = fc.record({ trigger: fc.constantFrom('yes', 'no', 'set', 'gone'), invert: fc.boolean() });
  const routes = fc.array(fc.record({ when, priority: fc.integer({ min: -2, max: 2 }), module: to }), { maxLength: 3 });
  const attempts = { maxAttempts: fc.integer({ min: 1, max: 3 }), noInputPrompts: fc.array(text, { maxLength: 2 }) };
  const of = (type: string, fields: Record<string, fc.Arbitrary<unknown>>) =>
    fc.record({ id: fc.constant(id), type: fc.constant(type), ...fields });
  const termination = fc.constantFrom('NONE', 'ANY', 'HASH', 'KEY_1');
  return fc.oneof(
    of('audio-player', { prompts: fc.array(text, { minLength: 1, maxLength: 2 }), next }),
    of('text-to-speech', { text, next }),
    of('input-reader', {
      ...attempts,
      variable: fc.constant('x'),
      min: fc.integer({ min: 0, max: 2 }),
      max: fc.integer({ min: 2, max: 4 }),
      terminationDigit: termination,
      ignoreNoInput: fc.boolean(),
      routes,
      otherwise: next,
      next,
    }),
    of('simple-menu', {
      ...attempts,
      options: fc.dictionary(fc.constantFrom('1', '2', '#'), to, { minKeys: 1 }),
      next,
    }),
    of('switch', { enabled: fc.boolean(), routes, next }),
    of('switch', { routes, next }),
    of('queue', { queue: text, next }),
    of('transfer', { to: text, next }),
    of('voicemail', { mailbox: text, next }),
    of('play-recording', { recording: text, next }),
    of('hangup', {}),
    of('wait-for-variable', {
      expression: fc.constantFrom('ivr.there', 'ivr.absent', 'app.a'),
      filler: fc.array(text, { maxLength: 1 }),
      otherwise: to,
      next,
    }),
    of('http-action', { automation: fc.constantFrom('a', 'b'), otherwise: to, next }),
    of('set-variables', {
      variables: fc.constantFrom({ 'app.a': 1 }, { 'app.a': '{ivr.there}' }, { 'app.a': null }),
      next,
    }),
    of('identification', { identification: fc.constant('i'), otherwise: next, next }),
  );
}

const modules = fc.integer({ min: 1, max: 7 }).chain((size) => {
  const ids = Array.from({ length: size }, (_, at) => `m${at}`);
  return fc.tuple(...ids.map((id) => moduleOf(id, ids)));
});

const turn = fc.option(fc.integer({ min: 0, max: 9 }), { nil: undefined });
const input: fc.Arbitrary<FlowInput> = fc.oneof(
  fc.record({ type: fc.constantFrom('started', 'played', 'timeout', 'variables-changed'), turn }),
  fc.record({ type: fc.constantFrom('played', 'timeout') }),
  fc.record({
    type: fc.constant('digits'),
    digits: fc.oneof(fc.stringMatching(/^[0-9*#]{0,6}$/), fc.string()),
    terminatedBy: fc.option(fc.constantFrom('#', '*', '1', 'xx'), { nil: undefined }),
    turn,
  }),
  fc.record({ type: fc.constant('failed'), reason: fc.string(), turn }),
  fc.record({
    type: fc.constant('identified'),
    outcome: fc.constantFrom('success', 'failure'),
    id: fc.option(fc.string(), { nil: undefined }),
    destination: fc.option(fc.constant({ type: 'ivr', target: 'x' }), { nil: undefined }),
  }),
) as fc.Arbitrary<FlowInput>;

interface Taken extends FlowStep {
  readonly passed: number;
}

/** Steps of one call, each with the number of modules that it passed. */
function* steps(flow: Flow, inputs: Iterable<FlowInput>): Generator<Taken> {
  let session = sessionWith(data);
  let now = 1_000_000;
  let state: unknown;
  let entered = 0;
  for (const one of [{ type: 'started' } as const, ...inputs]) {
    const step = stepFlow({ flow, triggers, session, now }, state, one);
    yield { ...step, passed: step.state.entered - entered };
    ({ state } = step);
    entered = step.state.entered;
    session = withEffects(session, step.effects);
    now += 700;
  }
}

const cutOff = /without the caller doing anything/;

/** Without those that nothing leads to: a random flow has too many for any to be accepted. */
function reachable(flow: Flow): Flow {
  const unreachable = (flowSchema.safeParse(flow).error?.issues ?? [])
    .filter(({ message }) => message.startsWith('expected a way to'))
    .map(({ path }) => path[1]);
  return { ...flow, modules: flow.modules.filter((_, at) => !unreachable.includes(at)) };
}

const accepted = modules
  .map((list) => reachable(uncheckedFlow(...list)))
  .filter((flow) => flowSchema.safeParse(flow).success);

const runs = { numRuns: 1000 };

describe('any flow and any inputs', () => {
  it('never throws, always ends or waits, and passes a bounded number of modules', () => {
    fc.assert(
      fc.property(modules, fc.array(input, { maxLength: 25 }), (list, inputs) => {
        for (const step of steps(uncheckedFlow(...list), inputs)) {
          expect(flowState.parse(JSON.parse(JSON.stringify(step.state)))).toEqual(step.state);
          expect(flowInstruction.parse(step.instruction)).toEqual(step.instruction);
          expect(step.instruction.turn).toBe(step.state.turn);
          expect(step.passed).toBeLessThanOrEqual(maxStepsWithoutCaller);
        }
      }),
      runs,
    );
  });

  it('a state that is anything at all', () => {
    const state = fc.oneof(
      fc.anything(),
      fc.record({
        v: fc.constant(1),
        flow: fc.constant('f'),
        module: fc.constantFrom('m0', 'm1', 'gone'),
        phase: fc.constantFrom('play', 'read', 'wait', 'identify', 'left', 'over', 'x'),
        turn: fc.nat(9),
        entered: fc.nat(9),
        steps: fc.nat(300),
        attempt: fc.option(fc.nat(5), { nil: undefined }),
        deadline: fc.option(fc.double(), { nil: undefined }),
      }),
    );
    fc.assert(
      fc.property(modules, state, input, (list, given, one) => {
        const context = { flow: uncheckedFlow(...list), triggers, session: sessionWith(data), now: 1_000_000 };
        const step = stepFlow(context, given, one);
        expect(flowState.safeParse(step.state).success).toBe(true);
        expect(stepFlow(context, given, one)).toEqual(step);
      }),
      runs,
    );
  });

  it('a late input changes nothing', () => {
    fc.assert(
      fc.property(modules, fc.array(input, { maxLength: 8 }), input, (list, inputs, late) => {
        const flow = uncheckedFlow(...list);
        const last = [...steps(flow, inputs)].at(-1);
        if (last === undefined || late.type === 'started') return;
        const context = { flow, triggers, session: sessionWith(data), now: 1_000_000 };
        const step = stepFlow(context, last.state, { ...late, turn: last.state.turn + 1 });
        expect([step.state, step.effects]).toEqual([last.state, []]);
      }),
      runs,
    );
  });
});

describe('what is accepted when it is saved', () => {
  it('enough of the random flows are, with modules enough to go round', () => {
    const sizes = fc.sample(accepted, 300).map((flow) => flow.modules.length);
    expect(sizes.filter((size) => size > 2).length).toBeGreaterThan(60);
  });

  it('never goes round: no step passes a module twice, and no call is cut off that its caller answers', () => {
    fc.assert(
      fc.property(accepted, fc.array(input, { maxLength: 25 }), (flow, inputs) => {
        for (const step of steps(flow, inputs)) {
          expect(step.passed).toBeLessThanOrEqual(flow.modules.length);
          expect(JSON.stringify(step.effects)).not.toMatch(cutOff);
        }
      }),
      runs,
    );
  });

  it('never goes round: prompts alone come to an end', () => {
    fc.assert(
      fc.property(accepted, fc.array(input, { maxLength: 8 }), (flow, inputs) => {
        const size = flow.modules.length;
        const all = [...steps(flow, [...inputs, ...times(3 * size, { type: 'played' })])].slice(inputs.length + 1);
        const plays = all.map(({ instruction }) => (instruction.do === 'play' ? 'p' : '-')).join('');
        expect(Math.max(...plays.split('-').map((one) => one.length))).toBeLessThanOrEqual(size);
      }),
      runs,
    );
  });

  it('and a caller who does nothing at all is out of it some time', () => {
    fc.assert(
      fc.property(accepted, (flow) => {
        const nothing = times(8 * maxStepsWithoutCaller, { type: 'played' }, { type: 'timeout' });
        expect(steps(flow, nothing).some(({ state }) => state.phase === 'over')).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});

function times(count: number, ...inputs: readonly FlowInput[]): FlowInput[] {
  return Array.from({ length: count }, () => inputs).flat();
}
