import { type CallLogging, type CallRecord, callLogging, callRecord } from '@patchcord/contracts';
import { describe, expect, it } from 'vitest';
import { loggedCall, told } from '../src/index.ts';

const location = 'https://recordings.example.test/r/1.wav';
const record: CallRecord = callRecord.parse({
  recordId: 'i-1',
  callId: 'c-1',
  interactionId: 'i-1',
  tenantId: 'acme',
  direction: 'inbound',
  outcome: 'answered',
  campaignId: 'sales',
  agent: { agentId: '1001', name: 'Ann' },
  disposition: { optionId: 'sold', name: 'Sold', comments: 'his pin is 0000', form: { amount: 5 } },
  digits: '4711',
  variables: { plan: 'gold' },
  transfers: [],
  recordings: [{ recordingId: 'r-1', legId: 'l-1', location, startedAt: '2026-11-20T10:00:00Z' }],
  summary: `Call c-1: inbound, answered\n  the caller pressed 4711\n  queue sales: waited 3 ms\n  recording ${location} of leg l-1`,
});

const logging = (given: Partial<CallLogging> = {}): CallLogging => callLogging.parse(given);
const why = (given: Partial<CallLogging>, of: Partial<CallRecord> = {}): string | undefined => {
  const decided = loggedCall({ ...record, ...of }, logging(given));
  return decided.logged ? undefined : decided.why;
};

describe('what is logged of calls', () => {
  it('everything, where nothing else is said', () => {
    expect(loggedCall(record, logging())).toEqual({ logged: true, record });
    for (const outcome of ['answered', 'missed', 'abandoned', 'failed', 'merged'] as const)
      for (const direction of ['inbound', 'outbound', 'internal'] as const)
        expect(why({}, { outcome, direction, agent: undefined, campaignId: undefined })).toBeUndefined();
  });

  it('by what became of them; one that was merged is told as one that failed', () => {
    expect(why({ outcomes: ['answered'] })).toBeUndefined();
    expect(why({ outcomes: ['answered'] }, { outcome: 'abandoned' })).toBe(
      'calls that were abandoned are not logged here',
    );
    expect(why({ outcomes: ['failed'] }, { outcome: 'merged' })).toBeUndefined();
    expect(why({ outcomes: ['answered'] }, { outcome: 'merged' })).toMatch(/failed/);
  });

  it('by their direction; one of which none is known is inbound, as it is logged', () => {
    expect(why({ directions: ['outbound'] })).toBe('inbound calls are not logged here');
    expect(why({ directions: ['outbound'] }, { direction: 'outbound' })).toBeUndefined();
    expect(why({ directions: ['inbound'] }, { direction: undefined })).toBeUndefined();
  });

  it('by whose they are; of a list those that nobody took are not', () => {
    expect(why({ agents: ['1001'] })).toBeUndefined();
    expect(why({ agents: ['1002'] })).toBe('calls of agent "1001" are not logged here');
    expect(why({ agents: ['1001'] }, { agent: undefined })).toMatch(/no agent took it/);
  });

  it('by their campaign', () => {
    expect(why({ campaigns: ['sales'] })).toBeUndefined();
    expect(why({ campaigns: ['service'] })).toBe('calls of campaign "sales" are not logged here');
    expect(why({ campaigns: ['sales'] }, { campaignId: undefined })).toMatch(/of none/);
  });

  it('without what the agent wrote: what he chose stays', () => {
    const { disposition } = told(record, logging({ notes: false }));
    expect(disposition).toEqual({ optionId: 'sold', name: 'Sold', form: { amount: 5 } });
    const { disposition: _, ...undisposed } = record;
    expect(told(undisposed, logging({ notes: false }))).toEqual(undisposed);
  });

  it('without the recording: neither in the list nor in the summary', () => {
    const without = told(record, logging({ recording: false }));
    expect(without.recordings).toEqual([]);
    expect(JSON.stringify(without)).not.toContain(location);
    expect(without.summary).toContain('queue sales');
  });

  it('without digits: neither by themselves nor in the summary', () => {
    const without = told(record, logging({ digits: false }));
    expect(without.digits).toBe('');
    expect(JSON.stringify(without)).not.toContain('4711');
    expect(without.summary).toContain(location);
  });

  it('without what other parts of the call tell of both in the summary', () => {
    const other =
      'Call c-2: inbound\n  the caller pressed 99\n  recording /rec/2.wav of leg l-2 from 10:00:00\n  queue b';
    const { summary } = told(
      { ...record, summary: `${record.summary}\n${other}` },
      logging({ digits: false, recording: false }),
    );
    expect(summary).not.toMatch(/pressed|recording/);
    expect(summary).toContain('queue b');
  });

  it('without the summary', () => {
    expect(told(record, logging({ summary: false })).summary).toBe('');
  });
});
