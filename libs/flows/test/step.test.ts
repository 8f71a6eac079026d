import { describe, expect, it } from 'vitest';
import {
  type FlowInput,
  flowInput,
  flowInstruction,
  flowState,
  maxStepsWithoutCaller,
  stepFlow,
} from '../src/index.ts';
import { callIn, flowOf, noteTexts, sessionWith, uncheckedFlow } from './call.ts';

const player = (id: string, next?: string) => ({ id, type: 'audio-player', prompts: [id], next });
const reader = { id: 'r', type: 'input-reader', variable: 'x', prompt: 'ask', next: 'b' };
const flow = flowOf(player('a', 'r'), reader, player('b'));
const session = sessionWith();
const context = { flow, triggers: new Map(), session, now: 1_000_000 };

const started = stepFlow(context, undefined, { type: 'started' });
const reading = stepFlow(context, started.state, { type: 'played' });
const inputs: FlowInput[] = [
  { type: 'started' },
  { type: 'played' },
  { type: 'digits', digits: '12', terminatedBy: '#' },
  { type: 'timeout' },
  { type: 'hung-up' },
  { type: 'variables-changed' },
  { type: 'identified', outcome: 'success' },
  { type: 'failed', reason: '' },
];

describe('a step', () => {
  it.each(inputs)('the same question has the same answer, and nothing given is changed: %j', (input) => {
    const before = JSON.stringify([context.flow, reading.state, session]);
    const once = stepFlow(context, reading.state, input);
    expect(stepFlow(context, reading.state, input)).toEqual(once);
    expect(JSON.stringify([context.flow, reading.state, session])).toBe(before);
  });

  it('the state is small JSON that another replica goes on with', () => {
    const json = JSON.stringify(reading.state);
    expect(json.length).toBeLessThan(512);
    expect(flowState.parse(JSON.parse(json))).toEqual(reading.state);
    expect(stepFlow(context, JSON.parse(json), { type: 'started' })).toEqual({ ...reading, effects: [] });
  });

  it('inputs and instructions are as their schemas say', () => {
    for (const input of inputs) expect(flowInput.parse(input)).toEqual(input);
    for (const { instruction } of [started, reading]) expect(flowInstruction.parse(instruction)).toEqual(instruction);
  });
});

describe('late inputs', () => {
  it('of an earlier turn change nothing', () => {
    const late = { type: 'timeout', turn: started.instruction.turn } as const;
    expect(stepFlow(context, reading.state, late)).toEqual({ ...reading, effects: [] });
  });

  it('told twice is told once: the second is late', () => {
    const digits = { type: 'digits', digits: '12', turn: reading.instruction.turn } as const;
    const first = stepFlow(context, reading.state, digits);
    expect(first.instruction).toMatchObject({ do: 'play', prompts: [{ sound: 'b' }] });
    expect(stepFlow(context, first.state, digits)).toEqual({ ...first, effects: [] });
  });

  it.each(['digits', 'variables-changed', 'identified', 'timeout'])(
    '%s means nothing while prompts are played',
    (type) => {
      const input = inputs.find((one) => one.type === type) ?? { type: 'started' };
      expect(stepFlow(context, started.state, input)).toEqual({ ...started, effects: [] });
    },
  );

  it.each(['played', 'variables-changed', 'identified'])('%s means nothing while keys are read', (type) => {
    const input = inputs.find((one) => one.type === type) ?? { type: 'started' };
    expect(stepFlow(context, reading.state, input)).toEqual({ ...reading, effects: [] });
  });

  it('after the end nothing is done any more', () => {
    const over = stepFlow(context, reading.state, { type: 'hung-up' });
    expect(over.instruction).toMatchObject({ do: 'leave', leave: { to: 'hangup' } });
    expect(noteTexts(over.effects)).toEqual(['r: the caller hung up']);
    for (const input of inputs.filter(({ type }) => type !== 'started'))
      expect(stepFlow(context, over.state, input)).toEqual({ ...over, effects: [] });
  });
});

describe('the flow again', () => {
  it('a call that left comes in anew, and its turns and passages go on', () => {
    const over = stepFlow(context, reading.state, { type: 'hung-up' });
    const again = stepFlow(context, over.state, { type: 'started' });
    expect(again.instruction).toMatchObject({ do: 'play', turn: over.instruction.turn + 1 });
    expect(again.state).toMatchObject({ module: 'a', entered: 3, steps: 1 });
  });

  it('a call that comes from another flow begins, and what is meant for that one is not for this', () => {
    const elsewhere = { ...reading.state, flow: 'g' };
    expect(stepFlow(context, elsewhere, { type: 'started' }).instruction).toMatchObject({ do: 'play', turn: 3 });
    const lost = stepFlow(context, elsewhere, { type: 'played' });
    expect(lost.instruction).toMatchObject({ leave: { to: 'continue' } });
    expect(noteTexts(lost.effects)).toEqual(['a: the call is in the flow "g"']);
  });
});

describe('a defined end', () => {
  const ends = (state: unknown, input: FlowInput, changed = flow): string[] => {
    const step = stepFlow({ ...context, flow: changed }, state, input);
    expect(step.instruction).toMatchObject({ do: 'leave', leave: { to: 'continue' } });
    expect(stepFlow({ ...context, flow: changed }, step.state, { type: 'played' }).effects).toEqual([]);
    return noteTexts(step.effects);
  };

  it.each([7, 'x', [], {}, { v: 2 }, { ...reading.state, phase: 'flying' }, { ...reading.state, turn: -1 }])(
    'for a state that is none: %j',
    (state) => {
      expect(ends(state, { type: 'started' })).toEqual(['a: the state of the flow cannot be read']);
    },
  );

  it('for a call that is in no flow', () => {
    expect(ends(undefined, { type: 'played' })).toEqual(['a: the call is in no flow']);
  });

  it('the flow was changed: the module is gone, is another one, or leads to one that is gone', () => {
    const { state } = reading;
    expect(ends(state, { type: 'digits', digits: '1' }, flowOf(player('a')))).toEqual([
      'r: there is no module "r" any more',
    ]);
    expect(ends(state, { type: 'digits', digits: '1' }, flowOf(player('a', 'r'), player('r')))).toEqual([
      'r: the module "r" is another one now',
    ]);
    const next = uncheckedFlow(player('a', 'r'), { ...reader, next: 'gone' });
    expect(ends(state, { type: 'digits', digits: '1' }, next).at(-1)).toBe('r: there is no module "gone"');
  });

  it('the flow was changed, and prompts are to be repeated of a module that is gone', () => {
    const step = stepFlow({ ...context, flow: flowOf(player('z')) }, reading.state, { type: 'played', turn: 1 });
    expect(step.instruction).toMatchObject({ do: 'leave', leave: { to: 'continue' } });
  });

  it('for what nobody thought of', () => {
    const broken = { ...context, flow: { ...flow, modules: undefined } } as unknown as typeof context;
    const step = stepFlow(broken, undefined, { type: 'started' });
    expect(step.instruction).toMatchObject({ leave: { to: 'continue' } });
    expect(noteTexts(step.effects)).toEqual(['a: the flow cannot go on: something in it is not as it should be']);
  });
});

describe('ways round that nobody checked', () => {
  it('within one step', () => {
    const set = (id: string, next: string) => ({ id, type: 'set-variables', variables: { 'app.x': 1 }, next });
    const call = callIn({ flow: uncheckedFlow(set('a', 'b'), set('b', 'a')) });
    expect(call.last().instruction).toMatchObject({ leave: { to: 'continue' } });
    expect(noteTexts(call.effects).at(-1)).toBe(
      `b: the flow went through ${maxStepsWithoutCaller} modules without the caller doing anything`,
    );
  });

  it('over many steps, and a caller who does something begins the count anew', () => {
    const menu = { id: 'm', type: 'simple-menu', options: { 1: 'p' }, maxAttempts: 1, next: 'p' };
    const call = callIn({ flow: flowOf(menu, player('p', 'm')) });
    for (let round = 0; round < maxStepsWithoutCaller; round += 1) {
      call.tell(round === 20 ? { type: 'digits', digits: '1' } : { type: 'digits', digits: '' });
      call.tell({ type: 'played' });
      if (call.last().instruction.do === 'leave') break;
    }
    expect(call.last().instruction).toMatchObject({ leave: { to: 'continue' } });
    expect(call.last().state.entered).toBe(2 * 21 - 1 + maxStepsWithoutCaller);
  });
});
