import { callEvents, callRecord } from '@patchcord/contracts';
import { describe, expect, it } from 'vitest';
import { callRecordsOf, fold } from '../src/index.ts';
import { ann, at, bob, createCall } from './events.ts';

const transferred = () => {
  const call = createCall().offered(0).queued(10).rings(20, 'l-1').dequeued(1020, 'connected').answered(1025, 'l-1');
  call.add(3000, callEvents.callTransferred, { kind: 'blind', from: ann, to: { extension: '1002' } });
  return call
    .released(3000, 'l-1', 'transfer')
    .rings(3100, 'l-2', bob)
    .answered(4100, 'l-2', bob)
    .released(6100, 'l-2', 'customer', bob)
    .ended(6100);
};

describe('records - what is written after the call', () => {
  it('one per interaction that was answered', () => {
    const records = callRecordsOf(fold(transferred().events), {
      campaignId: 'support',
      afterCall: { 'i-1': { disposition: { optionId: 'sold', name: 'Sold' }, acwMs: 1200 } },
    });
    expect(records).toMatchObject([
      {
        recordId: 'i-1',
        interactionId: 'i-1',
        agent: ann,
        waitMs: 1010,
        ringMs: 1005,
        talkMs: 1975,
        endedBy: 'transfer',
        acwMs: 1200,
      },
      {
        recordId: 'i-2',
        interactionId: 'i-2',
        agent: bob,
        ringMs: 1000,
        talkMs: 2000,
        endedBy: 'customer',
        campaignId: 'support',
      },
    ]);
    expect(records[0]?.disposition).toEqual({ optionId: 'sold', name: 'Sold' });
    expect(records[1]).not.toHaveProperty('disposition');
    for (const record of records) expect(callRecord.parse(record)).toEqual(record);
  });

  it('the summary is the story of the call', () => {
    const [record] = callRecordsOf(fold(transferred().events));
    expect(record?.summary).toContain('blind transfer from Ann (1001) to 1002');
  });

  it('one for a call that no agent took, however many phones rang', () => {
    const call = createCall()
      .offered(0)
      .queued(10)
      .rings(20, 'l-1')
      .rings(20, 'l-2', bob)
      .missed(3000, 'l-1')
      .missed(3000, 'l-2', bob);
    const [record, ...others] = callRecordsOf(
      fold(call.dequeued(3010, 'timeout').ended(3500, { endedBy: 'system' }).events),
      {
        afterCall: { 'c-lab-1': { disposition: { optionId: 'x', name: 'X' } } },
      },
    );
    expect(others).toEqual([]);
    expect(record).toMatchObject({
      recordId: 'c-lab-1',
      outcome: 'missed',
      queue: 'support',
      waitMs: 3000,
      endedAt: at(3500),
      disposition: { optionId: 'x' },
    });
    expect(record).not.toHaveProperty('agent');
    expect(record).not.toHaveProperty('interactionId');
  });

  it('who gave up in the queue waited until then', () => {
    const call = createCall().offered(0).queued(10).abandoned(700).dequeued(705, 'abandoned').ended(710);
    expect(callRecordsOf(fold(call.events))).toMatchObject([{ outcome: 'abandoned', waitMs: 700 }]);
  });

  it('an outbound call that failed names who tried', () => {
    const call = createCall()
      .offered(0, { direction: 'outbound' })
      .rings(10, 'l-1')
      .released(900, 'l-1', 'agent')
      .ended(900, { endedBy: 'agent', reason: 'busy' });
    expect(callRecordsOf(fold(call.events))).toMatchObject([{ outcome: 'failed', agent: ann, recordId: 'c-lab-1' }]);
  });

  it('a call that was merged into another writes nothing', () => {
    expect(callRecordsOf(fold(createCall().offered(0).answered(10, 'l-1').merged(20, 'c-lab-0').events))).toEqual([]);
  });
});
