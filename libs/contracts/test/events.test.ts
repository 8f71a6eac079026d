import { describe, expect, it } from 'vitest';
import {
  type AnyEnvelope,
  compareEvents,
  eventSubject,
  events,
  parseEvent,
  parseEventSubject,
  streams,
} from '../src/index.ts';

const envelope = (type: string, data: unknown): AnyEnvelope => ({
  specversion: '1.0',
  id: 'e-1',
  source: '/pbx/lab',
  type,
  subject: 'c-lab-1',
  time: '2026-11-20T23:41:21.100Z',
  datacontenttype: 'application/json',
  tenantid: 'acme',
  sequence: '7',
  data,
});

const definitions = Object.values(events).map((definition) => [definition.type, definition] as const);

describe('events - registry', () => {
  it.each(definitions)('%s - every example parses', (type, definition) => {
    for (const example of definition.examples) {
      expect(parseEvent(envelope(type, example))).toMatchObject({ ok: true });
    }
  });

  it.each(definitions)('%s - has one sentence of meaning', (_type, definition) => {
    expect(definition.meaning).toMatch(/^[A-Z].*\.$/);
  });

  it('subjects are unique', () => {
    const subjects = definitions.map(([type]) => eventSubject(envelope(type, {})));
    expect(new Set(subjects).size).toBe(subjects.length);
  });

  it('every event belongs to exactly one stream', () => {
    const patterns = Object.values(streams).map(({ name, subjects }) => ({ name, subjects }));
    for (const [type] of definitions) {
      const subject = eventSubject(envelope(type, {}));
      const homes = patterns.filter(({ subjects }) => subjects.some((pattern) => matches(pattern, subject)));
      expect(
        homes.map((home) => home.name),
        subject,
      ).toHaveLength(1);
    }
  });
});

describe('events - parsing', () => {
  it('refuses a bad field with its path', () => {
    const parsed = parseEvent(envelope('patchcord.v1.call.dtmf-collected', { digits: 'x', legId: 'l-1' }));
    expect(parsed).toMatchObject({ ok: false, code: 'invalid', issues: [{ path: 'data.digits' }] });
  });

  it('refuses an unknown type by name', () => {
    const parsed = parseEvent(envelope('patchcord.v1.call.vanished', {}));
    expect(parsed).toMatchObject({ ok: false, code: 'unknown_type', issues: [{ path: 'type' }] });
  });

  it.each([undefined, null, 3, 'text', [], {}])('refuses %j without throwing', (value) => {
    expect(parseEvent(value)).toMatchObject({ ok: false, code: 'invalid' });
  });

  it('refuses a tenant that could name another subject', () => {
    const parsed = parseEvent({ ...envelope('patchcord.v1.call.queued', { queue: 'q', legId: 'l' }), tenantid: 'a.>' });
    expect(parsed).toMatchObject({ ok: false, issues: [{ path: 'tenantid' }] });
  });
});

describe('events - order', () => {
  const at = (time: string, sequence: string, id: string, source = '/pbx/a') => ({ time, sequence, id, source });

  it('goes by time, then by the number in sequence, then by id, then by source', () => {
    const ordered = [
      at('2026-01-01T00:00:00.000Z', '100', 'z'),
      at('2026-01-01T00:00:00.001Z', '9', 'b'),
      at('2026-01-01T00:00:00.001Z', '10', 'a'),
      at('2026-01-01T00:00:00.001Z', '10', 'b'),
      at('2026-01-01T00:00:00.001Z', '10', 'b', '/pbx/b'),
    ];
    expect(ordered.toReversed().toSorted(compareEvents)).toEqual(ordered);
  });

  it('compares instants, not their spelling', () => {
    const east = at('2026-01-01T01:00:00.000+01:00', '1', 'a');
    const west = at('2026-01-01T00:00:00.000Z', '1', 'a');
    expect(compareEvents(east, west)).toBe(0);
  });
});

describe('subjects', () => {
  it('are read back into their tokens', () => {
    const subject = eventSubject(envelope('patchcord.v1.call.answered', {}));
    expect(parseEventSubject(subject)).toEqual({
      tenant: 'acme',
      entity: 'call',
      entityId: 'c-lab-1',
      event: 'answered',
    });
  });

  it('refuse a raw id that is not a token', () => {
    expect(() => eventSubject({ ...envelope('patchcord.v1.call.answered', {}), subject: '1795.8' })).toThrow(/encode/);
  });
});

function matches(pattern: string, subject: string): boolean {
  const wanted = pattern.split('.');
  const given = subject.split('.');
  return wanted.every((token, at) => (token === '>' ? given.length > at : token === '*' || token === given[at]));
}
