import { expect, test } from 'vitest';
import {
  cutTranscript,
  digitalCallIdOf,
  digitalContactIdOf,
  digitalEvents,
  digitalInteractionIdOf,
  eventSubject,
  maxTranscriptLength,
  parseEvent,
  streams,
  token,
} from '../src/index.ts';

const event = (subject: string) => ({
  specversion: '1.0',
  id: '1',
  source: '/digital/cxone',
  type: digitalEvents.digitalAssigned.type,
  subject,
  time: '2026-11-20T12:00:00.000Z',
  tenantid: 'acme',
  data: { segmentId: '1', agent: { agentId: '1001' } },
});

test('digital - the longest ids there are still make tokens', () => {
  const longest = 'a'.repeat(56);
  expect(token.safeParse(digitalInteractionIdOf(longest, longest)).success).toBe(true);
  expect(token.safeParse(digitalCallIdOf(longest)).success).toBe(true);
});

test('digital - the contact of a call id, and none of the id of a call', () => {
  expect(digitalContactIdOf(digitalCallIdOf('418-7'))).toBe('418-7');
  expect(digitalContactIdOf('c-lab-1')).toBeUndefined();
  expect(digitalContactIdOf('digital-a_b')).toBeUndefined();
});

test('digital - refuses a contact id that could be read as contact and segment, and says what is expected', () => {
  const parsed = parseEvent(event('418_7'));
  expect(parsed).toMatchObject({ ok: false, issues: [{ path: 'subject', message: /letters, digits and "-" only/ }] });
  expect(parseEvent(event('418-7')).ok).toBe(true);
});

test('digital - its events are kept with those of calls', () => {
  const [, , digital] = streams.callEvents.subjects;
  const subject = eventSubject({ ...event('418-7'), tenantid: 'acme' });
  expect(subject).toBe('patchcord.v1.evt.acme.digital.418-7.assigned');
  expect(digital).toBe('patchcord.v1.evt.*.digital.>');
});

test('digital - a transcript that is too long is cut with a marker, once', () => {
  const cut = cutTranscript('x'.repeat(maxTranscriptLength + 1));
  expect(cut).toHaveLength(maxTranscriptLength);
  expect(cut).toMatch(/cut\]$/);
  expect(cutTranscript(cut)).toBe(cut);
  expect(cutTranscript('short')).toBe('short');
});

test('digital - a transcript is not cut through a character', () => {
  const cut = cutTranscript(`x${'\u{1F600}'.repeat(maxTranscriptLength)}`);
  expect(cut.isWellFormed()).toBe(true);
  const other = cutTranscript('\u{1F600}'.repeat(maxTranscriptLength));
  expect(other.isWellFormed()).toBe(true);
});
