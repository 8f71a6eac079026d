import { type CallRecord, dataItems, openItems } from '@patchcord/contracts';
import { describe, expect, it } from 'vitest';
import { itemText, itemValue, mappedValue, wholeCallOf } from '../src/index.ts';

const record: CallRecord = {
  recordId: 'i-1',
  channel: 'voice',
  callId: 'c-1',
  interactionId: 'i-1',
  tenantId: 'acme',
  direction: 'inbound',
  outcome: 'answered',
  ani: '+14155550123',
  dnis: '+12025550100',
  callerName: 'José',
  campaignId: 'support',
  queue: 'support',
  agent: { agentId: '1001', name: 'Ann' },
  offeredAt: '2026-11-20T10:00:00.000Z',
  answeredAt: '2026-11-20T10:00:10.000Z',
  endedAt: '2026-11-20T11:01:15.000Z',
  waitMs: 5000,
  ringMs: 4900,
  talkMs: 3_665_000,
  holdMs: 500,
  acwMs: 20_000,
  endedBy: 'customer',
  disposition: {
    optionId: 'solved',
    name: 'Solved',
    comments: 'Sends it again.',
    form: { order: 4711, tags: ['a', 'b'] },
  },
  digits: '42',
  variables: { LANG: 'en', 'A|B': 'x' },
  data: { 'ivr.customer': { name: 'Ada', gold: true }, 'app.priority': 3 },
  transfers: [{ kind: 'attended', at: '2026-11-20T10:30:00.000Z', to: { extension: '1002' } }],
  recordings: [
    {
      recordingId: 'r-1',
      legId: 'l-1',
      location: 'https://pbx.example/rec/a.wav?x=1',
      startedAt: '2026-11-20T10:00:10.000Z',
      endedAt: '2026-11-20T10:01:12.000Z',
    },
  ],
  digital: {
    kind: 'chat',
    contactId: '4182',
    segmentId: '9007',
    customer: { email: 'ada@example.com', handle: '@ada' },
    pointOfContact: 'website',
    endReason: 'closed',
  },
  transcript: 'Ada: Hello',
  summary: 'Ann talked to José.',
};
const context = { crmUserId: 'u-7', storyLink: 'https://calls.example/c-1' };

describe('data items', () => {
  it.each(dataItems)('$name has a value of the type that the catalogue says', ({ name, type }) => {
    const value = itemValue(name, record, context);
    expect(value, name).toBeDefined();
    if (type === 'number') expect(value).toBeTypeOf('number');
    if (type === 'list') expect(Array.isArray(value)).toBe(true);
    if (type === 'datetime') expect(new Date(String(value)).toISOString()).toBe(value);
    if (type === 'url') expect(String(value)).toMatch(/^https:/);
  });

  it('names that others choose are read from the form, the session and the dialplan', () => {
    const names = ['form.order', 'ivr.customer.name', 'app.priority', 'var.LANG', 'ivr.nothing', 'var.toString'];
    expect(names.map((name) => itemValue(name, record))).toEqual([4711, 'Ada', 3, 'en', undefined, undefined]);
    expect(openItems.map(({ name }) => name.split('.')[0])).toEqual(['form', 'ivr', 'app', 'var']);
  });

  it('durations are told in ms, seconds and hh:mm:ss', () => {
    const names = ['talk.ms', 'talk.seconds', 'talk.clock', 'handle.seconds', 'total.clock', 'recording.seconds'];
    expect(names.map((name) => itemValue(name, record))).toEqual([3_665_000, 3665, '01:01:05', 3685, '01:01:15', 62]);
  });

  it('all variables stand in one text, in which no value looks like another variable', () => {
    expect(itemValue('variables', record)).toBe(
      'ANI=+14155550123|DNIS=+12025550100|LANG=en|A%7CB=x|ivr.customer={"name":"Ada","gold":true}|app.priority=3',
    );
  });

  it('a field gets the type of its item, a text gets text, and nothing is nothing', () => {
    const bare: CallRecord = { ...record, disposition: undefined, talkMs: undefined };
    expect(mappedValue({ item: 'talk.seconds' }, record)).toBe(3665);
    expect(mappedValue({ item: 'form.tags' }, record)).toBe('a; b');
    expect(mappedValue({ text: '{agent.name}: {disposition.name|no word} {{x}}' }, bare)).toBe('Ann: no word {x}');
    expect(mappedValue({ item: 'talk.clock' }, bare)).toBeUndefined();
    expect(itemText('{talk.clock}', bare)).toBe('');
  });
});

describe('a whole call', () => {
  const second: CallRecord = {
    ...record,
    recordId: 'i-2',
    interactionId: 'i-2',
    agent: { agentId: '1002' },
    answeredAt: '2026-11-20T11:02:00.000Z',
    endedAt: '2026-11-20T11:03:00.000Z',
    talkMs: 60_000,
    waitMs: undefined,
    disposition: { optionId: 'lost', name: 'Lost', comments: 'Gone.' },
  };

  it('has the times from first to last, all durations, and what the last agent said', () => {
    expect(wholeCallOf([record, second])).toMatchObject({
      recordId: 'c-1',
      agent: { agentId: '1002' },
      answeredAt: record.answeredAt,
      endedAt: second.endedAt,
      talkMs: 3_725_000,
      waitMs: 5000,
      acwMs: 40_000,
      disposition: { optionId: 'lost', comments: 'Sends it again.\n\nGone.' },
    });
    expect(wholeCallOf([record, second])).not.toHaveProperty('interactionId');
  });

  it('of no part there is none, and one that nobody took stays as it is', () => {
    const { interactionId: _, ...missed } = record;
    expect(wholeCallOf([])).toBeUndefined();
    expect(wholeCallOf([missed])).toBe(missed);
  });
});
