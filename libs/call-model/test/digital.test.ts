import { callRecord, type DigitalEvent, digitalContact, maxTranscriptLength, session } from '@patchcord/contracts';
import { describe, expect, it } from 'vitest';
import {
  applyDigital,
  callRecordsOf,
  courseOf,
  type DigitalLog,
  digitalContactOf,
  digitalSessionOf,
  transcriptsOf,
} from '../src/index.ts';
import { createContact } from './digital-events.ts';
import { at, bob } from './events.ts';
import { randomOf, shuffled } from './shuffled.ts';

const logOf = (events: readonly DigitalEvent[]): DigitalLog => events.reduce<DigitalLog>(applyDigital, []);
const contactOf = ({ ref, events }: ReturnType<typeof createContact>) => digitalContactOf(ref, logOf(events));
const recordsOf = (contact: ReturnType<typeof createContact>) =>
  callRecordsOf(digitalSessionOf(contactOf(contact)), { transcripts: transcriptsOf(logOf(contact.events)) });

const long = () =>
  createContact()
    .opened(0)
    .assigned(1000, '1')
    .transcript(1500, 'first')
    .transferred(5000, '1')
    .assigned(6000, '2', bob)
    .transcript(6500, 'second')
    .transcript(6600, 'his', '2')
    .unassigned(7000, '2')
    .assigned(8000, '3')
    .dismissed(9000, '2')
    .closed(10_000)
    .assigned(11_000, '4', bob)
    .transcript(11_500, 'third');

describe('digital - events in any order', () => {
  const { events, ref } = long();
  const expected = logOf(events);

  it('shuffled and duplicated they give the same log and contact', () => {
    for (let seed = 0; seed < 500; seed += 1) {
      const random = randomOf(seed);
      const log = logOf(shuffled([...events, ...events.filter(() => random() < 0.5)], random));
      expect(log).toEqual(expected);
      expect(digitalContactOf(ref, log)).toEqual(digitalContactOf(ref, expected));
    }
  });

  it('the same event again, or an older transcript, changes nothing', () => {
    for (const event of events) expect(applyDigital(expected, event)).toBe(expected);
    expect(transcriptsOf(expected)).toEqual({ whole: 'third', segments: { 2: 'his' } });
  });

  it('what they give fits what is said of them', () => {
    const contact = digitalContactOf(ref, expected);
    expect(digitalContact.parse(contact)).toEqual(contact);
    const projected = digitalSessionOf(contact);
    expect(session.parse(projected)).toEqual(projected);
    for (const record of callRecordsOf(projected)) expect(callRecord.parse(record)).toEqual(record);
  });
});

describe('digital - when a segment is over', () => {
  const segmentOf = (contact: ReturnType<typeof createContact>) => contactOf(contact).segments[0];
  const started = () => createContact().opened(0).assigned(1000, '1');

  it.each([
    { title: 'transferred', contact: started().transferred(2000, '1'), reason: 'transferred', end: 2000 },
    {
      title: 'unassigned, then dismissed',
      contact: started().unassigned(2000, '1').dismissed(3000, '1'),
      reason: 'dismissed',
      end: 3000,
    },
    {
      title: 'dismissed, then unassigned',
      contact: started().dismissed(2000, '1').unassigned(3000, '1'),
      reason: 'dismissed',
      end: 3000,
    },
    { title: 'closed', contact: started().closed(2000), reason: 'closed', end: 2000 },
    {
      title: 'unassigned, then closed',
      contact: started().unassigned(1500, '1').closed(2000),
      reason: 'closed',
      end: 2000,
    },
    {
      title: 'transferred, then closed',
      contact: started().transferred(1500, '1').closed(2000),
      reason: 'transferred',
      end: 1500,
    },
  ])('$title', ({ contact, reason, end }) => {
    expect(segmentOf(contact)).toMatchObject({ endReason: reason, endedAt: at(end), interactionId: 'digital-7_1' });
  });

  it.each([
    { title: 'only unassigned', contact: started().unassigned(2000, '1') },
    { title: 'only dismissed', contact: started().dismissed(2000, '1') },
    { title: 'another one transferred', contact: started().transferred(2000, '2') },
    { title: 'closed before it began', contact: started().closed(500) },
  ])('it is not: $title', ({ contact }) => {
    expect(segmentOf(contact)).not.toHaveProperty('endedAt');
  });

  it('of one whose assignment is not known yet nothing is said', () => {
    expect(contactOf(createContact().opened(0).transferred(2000, '1')).segments).toEqual([]);
  });

  it('a contact that comes back after its close is open, with a segment of its own', () => {
    const contact = contactOf(started().closed(2000).assigned(3000, '2', bob));
    expect(contact.state).toBe('open');
    expect(contact).not.toHaveProperty('closedAt');
    expect(contact.segments.map(({ endReason }) => endReason)).toEqual(['closed', undefined]);
  });
});

describe('digital - records', () => {
  it('what comes after a segment does not change its record', () => {
    const first = createContact().opened(0).assigned(1000, '1').transferred(5000, '1');
    const [before] = recordsOf(first);
    const [after, next] = recordsOf(first.assigned(6000, '2', bob).closed(9000));
    expect(after).toEqual(before);
    expect(next).toMatchObject({
      recordId: 'digital-7_2',
      agent: bob,
      queue: 'billing',
      endedBy: 'agent',
      talkMs: 3000,
    });
    expect(before).toMatchObject({
      channel: 'digital',
      callId: 'digital-7',
      queue: 'support',
      talkMs: 4000,
      endedBy: 'transfer',
      callerName: 'Cora',
      digital: { kind: 'chat', contactId: '7', segmentId: '1', endReason: 'transferred', pointOfContact: 'shop' },
      summary: 'Chat with Cora at shop. Ann: 2026-11-20 12:00:01 to 2026-11-20 12:00:05, transferred to billing.',
    });
  });

  it('the transcript is that of the segment, else of the whole conversation, and cut when too long', () => {
    const contact = createContact().assigned(0, '1').assigned(1, '2', bob).transcript(5, 'x'.repeat(200_000));
    const [first, second] = recordsOf(contact.transcript(6, 'mine', '2'));
    expect(first?.transcript).toHaveLength(maxTranscriptLength);
    expect(first?.transcript).toMatch(/was cut\]$/);
    expect(second?.transcript).toBe('mine');
  });

  it('a contact that no agent took has none', () => {
    expect(recordsOf(createContact().opened(0).closed(10))).toEqual([]);
  });
});

it('digital - the course tells what happened, and nothing of what was written', () => {
  const course = courseOf(logOf(long().events));
  expect(course.slice(0, 4)).toEqual([
    { at: at(0), what: 'opened' },
    { at: at(1000), what: 'assigned', interactionId: 'digital-7_1', agentId: '1001' },
    { at: at(5000), what: 'transferred', interactionId: 'digital-7_1', to: 'billing' },
    { at: at(6000), what: 'assigned', interactionId: 'digital-7_2', agentId: '1002' },
  ]);
  expect(JSON.stringify(course)).not.toContain('third');
});
