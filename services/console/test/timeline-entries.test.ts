import type { AnyEvent } from '@patchcord/contracts';
import { expect, test } from 'vitest';
import { timelineOf } from '../src/domain/timeline.ts';

const at = (second: number): string => `2026-11-21T10:00:${String(second).padStart(2, '0')}.000Z`;

const event = (second: number, type: string, data: unknown): AnyEvent =>
  ({
    specversion: '1.0',
    id: `${second} ${type}`,
    source: '/x',
    type: `patchcord.v1.${type}`,
    subject: 'c-1',
    time: at(second),
    datacontenttype: 'application/json',
    tenantid: 'acme',
    sequence: '0',
    data,
  }) as AnyEvent;

const written = (second: number, changes: Record<string, unknown>): AnyEvent =>
  event(second, 'call.session-written', { changes, by: { kind: 'flow', id: 'main' } });

const nothing = { dispositions: [], deliveries: [], memorializations: [], runs: new Map() };

test('time line - what a value of the session was before its change is told, in whatever order changes are stored', () => {
  const entries = timelineOf({
    ...nothing,
    events: [
      written(5, { 'ivr.plan': null }),
      written(1, { 'ivr.plan': 'SILVER' }),
      written(3, { 'ivr.plan': 'GOLD', 'ivr.new': 1 }),
      written(7, { 'ivr.plan': 'AGAIN' }),
      event(2, 'call.variables-set', { variables: { 'ivr.plan': 'of the PBX' } }),
    ],
  });
  expect(entries.map((entry) => (entry.kind === 'event' ? entry.before : undefined))).toEqual([
    {},
    {},
    { 'ivr.plan': 'SILVER' },
    { 'ivr.plan': 'GOLD' },
    {},
  ]);
});

test('time line - a value whose name says that it is a secret is not told, neither now nor as it was before', () => {
  const entries = timelineOf({
    ...nothing,
    events: [
      written(1, { 'ivr.password': 'open sesame', 'ivr.card.pin': '4711', 'ivr.shipping': 'express' }),
      written(2, { 'ivr.password': 'changed', 'ivr.shipping': null }),
      event(3, 'call.variables-set', { variables: { API_KEY: 'k-123', apiToken: 't-123', PLAN: 'GOLD' } }),
    ],
  });
  const text = JSON.stringify(entries);
  for (const secret of ['open sesame', '4711', 'changed', 'k-123', 't-123']) expect(text).not.toContain(secret);
  expect(entries[0]).toMatchObject({ data: { changes: { 'ivr.password': '•••', 'ivr.shipping': 'express' } } });
  expect(entries[1]).toMatchObject({ before: { 'ivr.password': '•••', 'ivr.shipping': 'express' } });
  expect(entries[2]).toMatchObject({ data: { variables: { PLAN: 'GOLD' } } });
});

test('time line - what became of a workflow stands for itself: records and fields, and no value of them', () => {
  const record = { module: 'Contact', id: '003', name: 'Jane Weber', fields: { Email: 'jane@example.com' }, url: '' };
  const reply = {
    outcome: 'written' as const,
    record,
    again: false,
    fields: [{ field: 'Email', outcome: 'cut' as const }],
    durationMs: 87,
  };
  const [entry, other, ...rest] = timelineOf({
    ...nothing,
    runs: new Map([['run-1', reply as never]]),
    events: [
      written(1, {
        'app.workflows.update': { run: 'run-1', outcome: 'done' },
        'app.workflows.find': { run: 'forgotten', outcome: 'failed', code: 'input_missing' },
      }),
    ],
  });
  expect(entry).toEqual({
    kind: 'workflow',
    at: at(1),
    workflowId: 'update',
    outcome: 'done',
    durationMs: 87,
    records: [{ module: 'Contact', id: '003' }],
    fields: [{ field: 'Email', outcome: 'cut' }],
  });
  expect(other).toMatchObject({ workflowId: 'find', outcome: 'failed', code: 'input_missing', records: [] });
  expect(rest).toEqual([]);
});

test('time line - a memorialization is told when it is complete, between what came before and after it', () => {
  const data = { memorializationId: 'm', connection: 'crm', callId: 'c-1', recordId: 'i-1', revision: 1, steps: [] };
  const entries = timelineOf({
    ...nothing,
    memorializations: [event(5, 'memorialization.completed', data)],
    events: [event(4, 'call.ended', {}), event(6, 'call.recording-ready', {})],
  });
  expect(entries.map(({ kind }) => kind)).toEqual(['event', 'memorialization', 'event']);
  expect(entries[1]).toMatchObject({ memorialized: { memorializationId: 'm' } });
});
