import { describe, expect, it } from 'vitest';
import { parseEvent, sessionDataLimits, sessionKeyProblem, sessionValueProblem } from '../src/index.ts';

describe('session data - names', () => {
  it.each(['ivr.email', 'ivr.track_id', 'app.inputReader.reference', 'ivr.größe', 'ivr.a.0.b-c'])('%s', (key) => {
    expect(sessionKeyProblem(key)).toBeUndefined();
  });

  it.each([
    ['email', /begins with "ivr\."/],
    ['ivr', /begins with "ivr\."/],
    ['call.from', /begins with "ivr\."/],
    ['', /begins with "ivr\."/],
    ['ivr.', /letters/],
    ['ivr..a', /letters/],
    ['ivr.a b', /letters/],
    ['ivr.{a}', /letters/],
    ['ivr.__proto__', /without "__proto__"/],
    ['app.constructor.name', /without "__proto__"/],
    [`ivr.${'a'.repeat(125)}`, /128 characters/],
    [`ivr${'.a'.repeat(16)}`, /16 parts/],
  ])('%s is refused', (key, expected) => {
    expect(sessionKeyProblem(key)).toMatch(expected);
  });
});

const nested = (depth: number): unknown => {
  let value: unknown = 1;
  for (let at = 0; at < depth; at += 1) value = { a: value };
  return value;
};

describe('session data - values', () => {
  it.each([null, 'text', 0, false, [], {}, nested(sessionDataLimits.depth)])('%j', (value) => {
    expect(sessionValueProblem(value)).toBeUndefined();
  });

  it.each([
    [undefined, /JSON value/],
    [Number.NaN, /number/],
    [nested(9), /8 deep/],
    [nested(50_000), /8 deep/],
    ['x'.repeat(8192), /8192 bytes/],
    ['ü'.repeat(4096), /8192 bytes/],
    [JSON.parse('{"a":{"__proto__":{"admin":true}}}'), /without "__proto__"/],
  ])('case %$ is refused', (value, expected) => {
    expect(sessionValueProblem(value)).toMatch(expected);
  });
});

describe('session data - event', () => {
  const event = (changes: unknown) => ({
    specversion: '1.0',
    id: 'w-1',
    source: '/service/session-store',
    type: 'patchcord.v1.call.session-written',
    subject: 'c-1',
    time: '2026-11-20T23:41:21.100Z',
    tenantid: 'acme',
    data: { changes, by: { kind: 'crm' } },
  });

  it('says which name is wrong', () => {
    expect(parseEvent(event({ 'ivr.ok': 1, bad: 2 }))).toMatchObject({
      ok: false,
      issues: [{ path: 'data.changes.bad', message: /^expected a name that begins/ }],
    });
    expect(parseEvent(event({ 'ivr.ok': { a: [null] }, 'app.gone': null }))).toMatchObject({ ok: true });
  });

  it('holds at most 256 names', () => {
    const many = Object.fromEntries(Array.from({ length: 257 }, (_, at) => [`ivr.n${at}`, at]));
    expect(parseEvent(event(many))).toMatchObject({ ok: false, issues: [{ message: /at most 256 names/ }] });
  });
});
