import { describe, expect, it } from 'vitest';
import { type Call, callIn, equals, flowOf, noteTexts, triggersOf } from './call.ts';

type Module = Record<string, unknown>;

const end = { id: 'end', type: 'hangup' };
const failed = { id: 'failed', type: 'voicemail', mailbox: '9' };
const after = { id: 'after', type: 'queue', queue: 'after' };
const gold = { id: 'gold', type: 'queue', queue: 'gold' };
const reader: Module = {
  id: 'ask',
  type: 'input-reader',
  variable: 'x',
  prompt: 'ask',
  otherwise: 'failed',
  next: 'after',
};

const asked = (more: Module, data: Record<string, unknown> = {}): Call => {
  const call = callIn({ flow: flowOf({ ...reader, ...more }, failed, after), data });
  call.last();
  return call;
};

const enter = (call: Call, digits: string, terminatedBy?: string) =>
  call.tell({ type: 'digits', digits, terminatedBy });
const whereTo = (call: Call): unknown => {
  const { instruction } = call.last();
  return instruction.do === 'leave' ? instruction.leave : instruction.do;
};

describe('input-reader - what the driver is told', () => {
  it('all of it', () => {
    const call = asked({
      min: 2,
      max: 5,
      terminationDigit: 'ANY',
      readTimeoutMs: 7000,
      betweenDigitsTimeoutMs: 1500,
      bargeIn: { enabled: false, delayMs: 300 },
    });
    expect(call.last().instruction).toEqual({
      do: 'read',
      turn: 1,
      prompts: [{ sound: 'ask' }],
      maxDigits: 5,
      terminators: ['*', '#'],
      firstDigitTimeoutMs: 7000,
      betweenDigitsTimeoutMs: 1500,
      bargeIn: { enabled: false, delayMs: 300 },
    });
  });

  it('without a prompt it listens', () => {
    expect(asked({ prompt: undefined }).last().instruction).toMatchObject({ do: 'read', prompts: [] });
  });
});

describe('input-reader - what fits', () => {
  it.each<[string, Module, string]>([
    ['the least', { min: 3, max: 5 }, '123'],
    ['the most', { min: 3, max: 5 }, '12345'],
    ['more than the most: the rest is dropped', { min: 3, max: 5 }, '1234567'],
    ['a pattern', { pattern: '7\\d*' }, '7123'],
    ['star and hash where nothing ends an entry', { terminationDigit: 'NONE', pattern: '\\*\\d+#' }, '*21#'],
    ['no key at all, where the least is none', { min: 0 }, '#'],
  ])('%s', (_title, more, digits) => {
    const call = asked(more);
    enter(call, digits);
    expect(whereTo(call)).toMatchObject({ target: 'after' });
  });

  it.each<[string, Module, string]>([
    ['fewer than the least', { min: 3 }, '12'],
    ['a pattern in the middle of it: the whole entry counts', { pattern: '7' }, '171'],
    ['only the key that ends it', {}, '#'],
    ['another key', { pattern: '\\d+' }, '1*'],
  ])('not: %s', (_title, more, digits) => {
    const call = asked({ ...more, maxAttempts: 1 });
    enter(call, digits);
    expect(whereTo(call)).toMatchObject({ to: 'voicemail' });
    expect(noteTexts(call.effects)).toContain('ask: attempt 1 of 1: what was entered does not fit');
  });

  it('is written as text, digit by digit, before the next module looks at it', () => {
    const call = asked({});
    enter(call, '007#');
    expect(call.effects).toContainEqual({ effect: 'set-variables', changes: { 'app.inputReader.x': '007' } });
  });

  it('is in no note and not in the state', () => {
    const call = asked({ pattern: '1+' });
    enter(call, '4711000');
    enter(call, '1111111');
    expect(JSON.stringify([noteTexts(call.effects), call.last().state])).not.toMatch(/4711000|1111111/);
  });
});

describe('input-reader - attempts', () => {
  const prompts = { noInputPrompts: ['n1', 'n2'], noMatchPrompts: ['m1', 'm2'] };
  const heard = (call: Call): unknown => {
    const { instruction } = call.last();
    return instruction.do === 'read'
      ? instruction.prompts.map((one) => ('sound' in one ? one.sound : one.text))
      : undefined;
  };

  it('counts the first one', () => {
    const call = asked({ maxAttempts: 2 });
    enter(call, '');
    expect(whereTo(call)).toBe('read');
    enter(call, '');
    expect(whereTo(call)).toMatchObject({ to: 'voicemail' });
  });

  it('says the first prompt the first time and the second from then on, each kind for itself', () => {
    const call = asked({ ...prompts, min: 2, maxAttempts: 7 });
    expect(heard(call)).toEqual(['ask']);
    const said = ['', '1', '', '1', '', '1'].map((digits) => {
      enter(call, digits);
      return heard(call);
    });
    expect(said).toEqual([
      ['n1', 'ask'],
      ['m1', 'ask'],
      ['n2', 'ask'],
      ['m2', 'ask'],
      ['n2', 'ask'],
      ['m2', 'ask'],
    ]);
  });

  it('a time that is over is nothing entered, and so is a read that failed', () => {
    const call = asked({ ...prompts });
    call.tell({ type: 'timeout' });
    expect(heard(call)).toEqual(['n1', 'ask']);
    call.tell({ type: 'failed', reason: 'no such sound' });
    expect(heard(call)).toEqual(['n2', 'ask']);
    expect(noteTexts(call.effects)).toContain('ask: it could not be played: no such sound');
  });

  it('an entry of an earlier passage is forgotten', () => {
    const call = asked({ maxAttempts: 1 }, { 'app.inputReader.x': '4711', 'ivr.keep': 1 });
    enter(call, '');
    expect(call.session().data).toEqual({ 'ivr.keep': 1 });
  });

  it('nothing entered where nothing need be: on, without prompts', () => {
    const call = asked({ ...prompts, ignoreNoInput: true }, { 'app.inputReader.x': '4711' });
    enter(call, '');
    expect(whereTo(call)).toMatchObject({ target: 'after' });
    expect(call.session().data).toEqual({});
  });

  it('nothing need be entered, but what is must fit', () => {
    const call = asked({ ...prompts, ignoreNoInput: true, min: 4 });
    enter(call, '12');
    expect(heard(call)).toEqual(['m1', 'ask']);
  });
});

describe('input-reader - routes', () => {
  const triggers = triggersOf([
    equals('is-7', 'app.inputReader.x', '7'),
    equals('is-gold', 'ivr.tier', 'gold'),
    { id: 'empty', name: 'empty', conditions: [{ expression: 'app.inputReader.x', operator: 'NOT_GIVEN' }] },
  ]);
  const routed = (routes: Module[], more: Module = {}): Call => {
    const flow = flowOf({ ...reader, otherwise: undefined, routes, ...more }, after, gold, { ...end, id: 'none' });
    const call = callIn({ flow, triggers, data: { 'ivr.tier': 'gold' } });
    call.last();
    return call;
  };
  const toNone = { when: 'empty', module: 'none' };

  it('see what was just entered', () => {
    const call = routed([{ when: 'is-7', module: 'gold' }, toNone]);
    enter(call, '7#');
    expect(whereTo(call)).toMatchObject({ target: 'gold' });
  });

  it('the highest priority first', () => {
    const ways = [
      { when: 'is-7', module: 'none' },
      { when: 'is-gold', priority: 5, module: 'gold' },
    ];
    const call = routed(ways);
    enter(call, '7#');
    expect(whereTo(call)).toMatchObject({ target: 'gold' });
  });

  it('none fires: after the flow; and nothing entered is a route of its own', () => {
    const ways = [{ when: 'is-7', module: 'gold' }, toNone];
    const other = routed(ways);
    enter(other, '8#');
    expect(whereTo(other)).toMatchObject({ target: 'after' });
    const nothing = routed(ways, { maxAttempts: 1 });
    enter(nothing, '');
    expect(whereTo(nothing)).toMatchObject({ to: 'hangup' });
  });
});

describe('simple-menu', () => {
  const menu = {
    id: 'menu',
    type: 'simple-menu',
    prompt: 'menu',
    options: { 1: 'gold', '#': 'end' },
    timeoutMs: 4000,
    maxAttempts: 2,
    noMatchPrompts: ['wrong'],
    next: 'after',
  };
  const opened = (): Call => {
    const call = callIn({ flow: flowOf(menu, gold, end, after) });
    call.last();
    return call;
  };

  it('reads one key', () => {
    expect(opened().last().instruction).toMatchObject({
      do: 'read',
      maxDigits: 1,
      terminators: [],
      firstDigitTimeoutMs: 4000,
    });
  });

  it.each([
    ['1', { target: 'gold' }],
    ['#', { to: 'hangup' }],
    ['12', { target: 'gold' }],
  ])('%s', (digits, expected) => {
    const call = opened();
    enter(call, digits);
    expect(whereTo(call)).toMatchObject(expected);
  });

  it('a key that leads nowhere, then nothing: after the flow', () => {
    const call = opened();
    enter(call, '5');
    expect(call.last().instruction).toMatchObject({ prompts: [{ sound: 'wrong' }, { sound: 'menu' }] });
    enter(call, '');
    expect(whereTo(call)).toMatchObject({ target: 'after' });
  });

  it('names that every object has are no keys', () => {
    const call = opened();
    call.tell({ type: 'digits', digits: 'constructor' });
    expect(whereTo(call)).toBe('read');
  });
});

describe('the key that would have ended a full entry', () => {
  const second = { id: 'menu', type: 'simple-menu', prompt: 'menu', options: { 1: 'gold', '#': 'end' }, next: 'end' };
  const full = (): Call => {
    const call = callIn({ flow: flowOf({ ...reader, max: 4, otherwise: 'end', next: 'menu' }, second, gold, end) });
    call.last();
    enter(call, '1234');
    expect(call.last().instruction).toMatchObject({ do: 'read', prompts: [{ sound: 'menu' }] });
    return call;
  };

  it('is not taken for an answer to the next question, and costs no attempt', () => {
    const call = full();
    call.pass(600);
    expect(enter(call, '#')).toMatchObject({ instruction: { do: 'read' }, state: { attempt: 1 } });
    enter(call, '1');
    expect(whereTo(call)).toMatchObject({ target: 'gold' });
  });

  it('nor for another attempt, where the entry does not fit', () => {
    const call = asked({ max: 4, pattern: '7\\d{3}', maxAttempts: 2 });
    enter(call, '1234');
    enter(call, '#');
    enter(call, '7123');
    expect(whereTo(call)).toMatchObject({ target: 'after' });
  });

  it('later it is an answer', () => {
    const call = full();
    call.pass(2001);
    enter(call, '#');
    expect(whereTo(call)).toEqual({ to: 'hangup' });
  });

  it('once it came, the next one is an answer', () => {
    const call = full();
    enter(call, '', '#');
    enter(call, '#');
    expect(whereTo(call)).toEqual({ to: 'hangup' });
  });
});
