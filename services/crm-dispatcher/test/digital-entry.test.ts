import { callRecord } from '@patchcord/contracts';
import { expect, test } from 'vitest';
import { callEntryOf } from '../src/domain/call-entry.ts';

const record = callRecord.parse({
  recordId: 'digital-418_1',
  channel: 'digital',
  callId: 'digital-418',
  interactionId: 'digital-418_1',
  tenantId: 'acme',
  outcome: 'answered',
  answeredAt: '2026-11-20T12:00:01.000Z',
  endedAt: '2026-11-20T12:00:05.000Z',
  talkMs: 4000,
  digits: '',
  variables: {},
  transfers: [],
  recordings: [],
  summary: 'Chat.',
  transcript: 'Cora: Where is my parcel?',
});
const digital = { contactId: '418', segmentId: '1' };
const subject = (more: object) => callEntryOf({ ...record, ...more }, [], '2026-11-20T12:00:00.000Z').subject;

test.each([
  [{ digital: { ...digital, kind: 'chat' }, callerName: 'Cora' }, 'Chat with Cora'],
  [{ digital: { ...digital, kind: 'email', customer: { email: 'cora@example.com' } } }, 'E-mail with cora@example.com'],
  [{ digital: { ...digital, kind: 'social', customer: { handle: '@cora' } } }, 'Social media conversation with @cora'],
  [{ digital }, 'Conversation with an unknown customer'],
])('digital records - are logged under what they were: %o', (more, expected) => {
  expect(subject(more)).toBe(expected);
});

test('digital records - the transcript is no note: it goes where a mapping says', () => {
  expect(callEntryOf({ ...record, digital }, [], '2026-11-20T12:00:00.000Z')).toMatchObject({
    key: 'digital-418_1',
    durationSeconds: 4,
    notes: 'Chat.',
  });
});
