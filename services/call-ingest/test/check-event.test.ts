import { deliveryEvents } from '@patchcord/contracts';
import { expect, test } from 'vitest';
import { checkEvent } from '../src/domain/check-event.ts';
import { offered } from './support.ts';

const sender = { tenantId: 'acme', receivedAt: new Date('2026-11-21T00:00:00.500Z') };
const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

function refusal(value: unknown): Record<string, string> {
  const checked = checkEvent(value, sender);
  if (checked.ok) throw new Error('was not refused');
  return Object.fromEntries(checked.issues.map(({ path, message }) => [path, message]));
}

function accepted(value: unknown, from: Parameters<typeof checkEvent>[1] = sender) {
  const checked = checkEvent(value, from);
  if (!checked.ok) throw new Error(JSON.stringify(checked.issues));
  return checked.event;
}

test('event - tenant, time of reception and call are filled in', () => {
  expect(accepted(offered({ subject: 'c-lab-7' }))).toMatchObject({
    tenantid: 'acme',
    recordedtime: '2026-11-21T00:00:00.500Z',
    correlationid: 'c-lab-7',
    subject: 'c-lab-7',
  });
});

test('event - the time of reception is ours, whatever the sender says', () => {
  const event = accepted(offered({ tenantid: 'acme', recordedtime: '1999-01-01T00:00:00Z' }));
  expect(event.recordedtime).toBe('2026-11-21T00:00:00.500Z');
});

test('event - its own trace is kept, else it takes that of the request', () => {
  const other = traceparent.replace('0af7', 'ffff');
  const from = { ...sender, traceparent };
  expect(accepted(offered(), from).traceparent).toBe(traceparent);
  expect(accepted(offered({ traceparent: other }), from).traceparent).toBe(other);
  expect(accepted(offered()).traceparent).toBeUndefined();
});

test.each([
  ['id', 'stays the same when the event is sent again'],
  ['specversion', '"1.0"'],
  ['source', '/pbx/main'],
  ['subject', 'the call id'],
  ['time', 'RFC 3339'],
  ['data', 'the data'],
  ['type', 'patchcord.v1.call.offered'],
])('refuses an event without %s, and says what to send', (field, remedy) => {
  const event = offered();
  delete event[field];
  const issues = refusal(event);
  expect(issues[field]).toContain('is missing');
  expect(issues[field]).toContain(remedy);
  expect(Object.keys(issues)).toEqual([field]);
});

test('refuses another tenant than that of the token, and does not say whether it exists', () => {
  expect(refusal(offered({ tenantid: 'umbrella' }))).toEqual({
    tenantid: 'expected "acme", the tenant of the API token, or nothing',
  });
  expect(refusal(offered({ tenantid: 5 }))).toHaveProperty('tenantid');
});

test('refuses events that only services of the house may say', () => {
  const { type, examples } = deliveryEvents.deliveryQueued;
  expect(refusal(offered({ type, data: examples[0] }))).toHaveProperty('type', expect.stringContaining('only'));
});

test('refuses an unknown type by its name', () => {
  expect(refusal(offered({ type: 'patchcord.v1.call.exploded' }))).toHaveProperty(
    'type',
    expect.stringContaining('patchcord.v1.call.exploded'),
  );
});

test('refuses bad data by its path', () => {
  expect(refusal(offered({ data: { direction: 'sideways', legId: 'l-1', pbxId: 'lab' } }))).toHaveProperty([
    'data.direction',
  ]);
  expect(refusal(offered({ subject: 'c.with.dots' }))).toHaveProperty('subject');
  expect(refusal(offered({ time: 'yesterday' }))).toHaveProperty('time');
});

test.each([[null], [5], ['text'], [[]], [[offered()]]])('refuses %j, which is no event', (value) => {
  expect(refusal(value)).toEqual({ '': 'expected a CloudEvent, a JSON object' });
});
