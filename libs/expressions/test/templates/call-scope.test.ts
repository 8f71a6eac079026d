import { callEvents, type Session, sessionEvents, session as sessionSchema } from '@patchcord/contracts';
import { describe, expect, it } from 'vitest';
import { callScope, evaluate, expressionCatalogue, isGiven } from '../../src/index.ts';
import { full, offered, scopeOf } from './fixture.ts';

const us = { region: 'US' };
const value = (expression: string, session: Session = full, options = {}): unknown => {
  const evaluation = evaluate(expression, callScope(session, { ...us, ...options }));
  if ('error' in evaluation) throw new Error(evaluation.error);
  return evaluation.found ? evaluation.value : undefined;
};

describe('expressions - names of a call', () => {
  it.each([
    ['call.id', 'c-1'],
    ['{call.id}', 'c-1'],
    ['call.sessionId', 'c-1'],
    ['call.from', '+14155550123'],
    ['call.from.number', '+14155550123'],
    ['call.from.national', '4155550123'],
    ['call.ani', '4155550123'],
    ['call.to', '+12025550100'],
    ['call.to.number', '+12025550100'],
    ['call.did', '+12025550100'],
    ['call.state', 'completed'],
    ['call.phase', 'ended'],
    ['call.type', 'inbound'],
    ['call.finishReason', 'hangup'],
    ['call.dateCreated', 1_795_218_081],
    ['call.dateFinished', 1_795_218_146],
    ['call.duration', 65],
    ['call.durationMs', 64_900],
    ['call.waitMs', 5100],
    ['call.anonymous', false],
    ['call.transfer.to', '1002'],
    ['call.recordings.0.recordingId', 'r-1'],
    ['call.queues.1.queue', 'support'],
    ['agent.id', '1001'],
    ['agent.talkMs', 61_300],
    ['queue.name', 'support'],
    ['queue.waitSeconds', 4],
    ['recording.fileName', 'a b.wav'],
    ['ivr.email', 'ann@example.com'],
    ['ivr.premium', true],
    ['ivr.nothing', null],
    ['ivr.customer.name', 'Ann'],
    ['ivr.customer.phone', '+49301234567'],
    ['ivr.customer.orders.0.id', 'A-1'],
    ['ivr.list.1', 'silver'],
    ['app.inputReader.reference', '4711ABC'],
    ['var.CAMPAIGN', 'spring'],
    ['var.a.b', 'dotted'],
    ['Omlcrmcustomerid', '4711'],
    ['OMLCRMCUSTOMERID', '4711'],
    ['app', { 'inputReader.reference': '4711ABC' }],
  ])('%s is %j', (expression, expected) => {
    expect(value(expression)).toEqual(expected);
  });

  it.each([
    'call.nonsense',
    'call',
    'call.from.raw',
    'call.recordings.1',
    'call.recordings.length',
    'call.recordings.constructor',
    'ivr.unknown',
    'ivr.email.length',
    'ivr.customer.orders.00',
    'ivr.__proto__',
    'ivr.__proto__.constructor',
    'ivr.customer.__proto__',
    'ivr.customer.constructor.name',
    'ivr.list.push',
    'app.constructor',
    'var.toString',
    'var.campaign',
    'Omlcrmother',
    'ivr.customer.last',
  ])('%s is not there, which is no error', (expression) => {
    expect(evaluate(expression, callScope(full))).toMatchObject({ found: false });
  });

  it.each(['sms.text', 'constructor.name', 'toString', 'hasOwnProperty', 'process.env', 'window'])(
    '%s is an error: there is no such namespace',
    (expression) => {
      expect(evaluate(expression, callScope(full))).toEqual({
        error: expect.stringMatching(/only call, agent, queue/),
      });
    },
  );

  it('bad syntax is an error, and nothing is ever run', () => {
    for (const expression of ['', 'ivr.', 'ivr.a()', 'ivr["a"]', '1+1', '$ivr.a', 'ivr.a|b'])
      expect(evaluate(expression, callScope(full))).toEqual({ error: expect.stringMatching(/expected a name/) });
  });

  it('a name that no call ever has is said to be one; a key of an own __proto__ is data', () => {
    expect(evaluate('call.form', callScope(full))).toEqual({
      found: false,
      note: expect.stringMatching(/no call ever has "call.form"/),
    });
    const data = JSON.parse('{"ivr.x":{"__proto__":{"y":1}}}') as Record<string, unknown>;
    expect(value('ivr.x.__proto__.y', { ...offered, data })).toBe(1);
    expect(({} as { y?: unknown }).y).toBeUndefined();
  });

  it('hidden callers, extensions and names are no numbers', () => {
    const from = (ani: string | undefined) => {
      const { ani: _, ...rest } = offered;
      const session = ani === undefined ? rest : { ...rest, ani };
      return ['call.from', 'call.from.number', 'call.anonymous'].map((name) => value(name, session));
    };
    expect(from(undefined)).toEqual([undefined, undefined, true]);
    expect(from('anonymous')).toEqual(['anonymous', undefined, true]);
    expect(from('1001')).toEqual(['1001', '1001', false]);
    expect(from('alice')).toEqual(['alice', undefined, false]);
    expect(from('+44 20 7946 0018')).toEqual(['+442079460018', '+442079460018', false]);
  });

  it('times that go on are told up to now', () => {
    const live: Session = {
      ...offered,
      state: 'queued',
      queues: [{ queue: 'support', enteredAt: '2026-11-20T23:41:30.000Z' }],
    };
    const now = Date.parse('2026-11-20T23:42:00.000Z');
    expect(value('queue.waitMs', live, { now })).toBe(30_000);
    expect(value('call.waitSeconds', live, { now })).toBe(30);
    expect(value('call.durationMs', live, { now })).toBe(38_900);
    expect(value('queue.waitMs', live)).toBeUndefined();
  });

  it('the agent is the one who has the call, else who rings, else who had it last', () => {
    const [first] = full.interactions;
    if (first === undefined) throw new Error('no interaction');
    const {
      answeredAt: _,
      endedAt: __,
      ...ringing
    } = { ...first, agent: { agentId: '1002' }, state: 'ringing' as const };
    const { endedAt: ___, ...talking } = { ...first, agent: { agentId: '1003' } };
    const who = (...interactions: Session['interactions']) => value('agent.id', { ...full, interactions });
    expect(who(first)).toBe('1001');
    expect(who(first, ringing)).toBe('1002');
    expect(who(first, talking, ringing)).toBe('1003');
    expect(value('agent.id', full, { interaction: ringing })).toBe('1002');
    expect(value('call.bridged.agent.id', { ...full, interactions: [ringing] })).toBeUndefined();
  });

  it('added values win, and their namespaces are known', () => {
    const options = { values: { 'event.name': 'call.queued', 'call.from': '+1', 'answer.body': { ok: true } } };
    expect(value('event.name', full, options)).toBe('call.queued');
    expect(value('answer.body.ok', full, options)).toBe(true);
    expect(value('event.other', full, options)).toBeUndefined();
    expect(value('call.from', full, options)).toBe('+1');
    expect(value('call.id', full, options)).toBe('c-1');
  });
});

describe('expressions - states in the words of the reference', () => {
  const ended = (more: Partial<Session>): Session => {
    const { outcome: _, endedBy: __, endReason: ___, cause: ____, ...rest } = full;
    return { ...rest, ...more };
  };

  it.each<[Partial<Session>, string, string | undefined]>([
    [{ state: 'ringing' }, 'ringing', undefined],
    [{ state: 'ivr' }, 'in-progress', undefined],
    [{ state: 'queued' }, 'queued', undefined],
    [{ state: 'talking' }, 'bridged', undefined],
    [{ state: 'held' }, 'bridged', undefined],
    [{ outcome: 'answered', endedBy: 'agent', cause: { q850: 17 } }, 'completed', 'passive-hangup'],
    [{ outcome: 'answered', endedBy: 'transfer' }, 'completed', 'transferred'],
    [{ outcome: 'abandoned' }, 'canceled', 'hangup'],
    [{ outcome: 'missed', endedBy: 'system', endReason: 'no-answer' }, 'no-answer', 'no-answer'],
    [{ outcome: 'failed', endReason: 'busy' }, 'busy', 'busy'],
    [{ outcome: 'failed', endReason: 'failed', cause: { q850: 1 } }, 'failed', 'unallocated-number'],
    [{ outcome: 'failed', endReason: 'failed' }, 'failed', 'failed'],
    [{ outcome: 'failed', endReason: 'pbx-crash', cause: { q850: 17 } }, 'failed', 'dropped'],
    [{ outcome: 'merged' }, 'completed', 'unknown'],
  ])('%j: state %j, reason %j', (more, state, reason) => {
    const session = ended(more);
    expect([value('call.state', session), value('call.finishReason', session)]).toEqual([state, reason]);
  });
});

describe('expressions - the catalogue', () => {
  const fixed = expressionCatalogue.filter(({ name }) => !name.includes('<'));
  const patterns = expressionCatalogue.filter(({ name }) => name.includes('<'));
  const asPattern = (name: string): RegExp =>
    new RegExp(`^${name.replaceAll('.', '\\.').replace(/<[^>]*>/, '.+')}$`, 'i');

  it('names each thing once, and each has a value in a call in which everything happened', () => {
    const scope = callScope(full, us);
    expect(new Set(expressionCatalogue.map(({ name }) => name)).size).toBe(expressionCatalogue.length);
    for (const { name } of fixed) expect([name, isGiven(evaluate(name, scope))]).toEqual([name, true]);
  });

  it('has every name that a call offers', () => {
    const offers = callScope(full, us).names();
    const unlisted = offers.filter(
      (name) =>
        !fixed.some((entry) => entry.name === name) && !patterns.some((entry) => asPattern(entry.name).test(name)),
    );
    expect(unlisted).toEqual([]);
    expect(offers).toEqual(expect.arrayContaining(fixed.map(({ name }) => name)));
    for (const name of offers)
      expect([name, evaluate(name, callScope(full, us))]).toEqual([name, expect.objectContaining({ found: true })]);
  });

  it('gives every field that a session has', () => {
    const scope = callScope(full, us);
    const values = scope
      .names()
      .map((name) => evaluate(name, scope))
      .map((one) => ('found' in one && one.found ? one.value : undefined));
    const texts = new Set(values.flatMap(leaves).map(String));
    const missing = Object.keys(sessionSchema.shape)
      .flatMap((field) => leaves(full[field as keyof Session]).map((leaf) => [field, String(leaf)] as const))
      .filter(([, leaf]) => !texts.has(leaf));
    expect(missing).toEqual([]);
    expect(Object.keys(full).toSorted()).toEqual(Object.keys(sessionSchema.shape).toSorted());
  });

  it('says from which event on', () => {
    const types = new Set([...Object.values(callEvents), ...Object.values(sessionEvents)].map(({ type }) => type));
    for (const { since } of expressionCatalogue) expect(types).toContain(`patchcord.v1.${since}`);
    const now = Date.parse('2026-11-20T23:41:30.000Z');
    const scope = callScope(offered, { ...us, now });
    const has = (name: string): boolean => {
      const evaluation = evaluate(name, scope);
      const found = 'found' in evaluation && evaluation.found ? evaluation.value : undefined;
      return isGiven(evaluation) && !(Array.isArray(found) && found.length === 0);
    };
    for (const { name, since } of fixed) expect([name, has(name)]).toEqual([name, since === 'call.offered']);
  });

  it('an example is of the type that it says', () => {
    for (const { name, type } of fixed) {
      const evaluation = evaluate(name, callScope(full, us));
      const found = 'found' in evaluation && evaluation.found ? evaluation.value : undefined;
      expect([name, typeName(found)]).toEqual([name, type === 'any' ? typeName(found) : type]);
    }
  });
});

function leaves(value: unknown): unknown[] {
  if (typeof value !== 'object' || value === null) return value === undefined ? [] : [value];
  return Object.values(value).flatMap(leaves);
}

function typeName(value: unknown): string {
  if (Array.isArray(value)) return 'list';
  if (typeof value === 'string') return /^\d{4}-\d\d-\d\dT/.test(value) ? 'time' : 'text';
  return typeof value;
}

it('a namespace alone is all that it holds, and absent while that is nothing', () => {
  const scope = scopeOf({ 'ivr.a': 1, 'ivr.b.c': 2, 'other.x': 3 });
  expect(evaluate('ivr', scope)).toEqual({ found: true, value: { a: 1, 'b.c': 2 } });
  expect(evaluate('app', scope)).toEqual({ found: false });
  expect(evaluate('var', scope)).toEqual({ found: false });
});
