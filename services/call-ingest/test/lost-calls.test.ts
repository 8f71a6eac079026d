import { createAmiMapper } from '@patchcord/asterisk';
import { type CallEvent, parseEvent } from '@patchcord/contracts';
import { describe, expect, test } from 'vitest';
import { createPresenceMapper } from '../src/adapters/presence-mapper.ts';
import { aliveIds, isLost, lostEnd, type Presence } from '../src/domain/lost-calls.ts';
import { createLostCallsCheck, type LostCallsOf } from '../src/jobs/lost-calls-check.ts';
import { log } from './support.ts';

const atMs = Date.parse('2026-11-20T12:00:00.000Z');
const agent = { agentId: '1001' };
const presence = (over: Partial<Presence> = {}): Presence => ({
  pbxId: 'lab',
  tenantId: 'acme',
  atMs,
  restarted: false,
  alive: aliveIds('lab', [{ uniqueid: '9.9', linkedid: '8.8' }]),
  ...over,
});

function told(event: string, data: unknown, over: Record<string, unknown> = {}): CallEvent {
  const parsed = parseEvent({
    specversion: '1.0',
    id: `x.${event}`,
    source: '/pbx/lab',
    type: `patchcord.v1.call.${event}`,
    subject: 'c-lab-1_2E1',
    time: new Date(atMs - 60_000).toISOString(),
    tenantid: 'acme',
    data,
    ...over,
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  return parsed.event as CallEvent;
}
const offered = (over: Record<string, unknown> = {}, pbxId = 'lab', legId = 'l-lab-1_2E1') =>
  told('offered', { direction: 'inbound', legId, pbxId }, over);
const ago = (ms: number) => ({ time: new Date(atMs - ms).toISOString() });

describe('lost calls', () => {
  test('a call of which nothing is alive is lost', () => {
    expect(isLost([offered(), told('answered', { agent, legId: 'l-lab-1_2E2' })], presence())).toBe(true);
  });

  test.each([
    ['its own id', [offered({ subject: 'c-lab-8_2E8' })]],
    ['the leg it began with', [offered({}, 'lab', 'l-lab-9_2E9')]],
    ['the leg of an agent', [offered(), told('agent-ringing', { agent, legId: 'l-lab-9_2E9' })]],
    ['a party of a conference', [offered(), told('conference-changed', { legIds: ['l-lab-1', 'l-lab-9_2E9'] })]],
    ['the leg it was passed on to', [offered(), told('transferred', { kind: 'blind', to: { legId: 'l-lab-9_2E9' } })]],
    [
      'the leg it was passed on by',
      [offered(), told('transferred', { kind: 'blind', fromLegId: 'l-lab-9_2E9', to: {} })],
    ],
  ])('a call is alive by %s', (_, events) => {
    expect(isLost(events, presence())).toBe(false);
    expect(isLost(events, presence({ alive: new Set() }))).toBe(true);
  });

  test.each([
    ['that began after the snapshot', [offered(ago(-1))]],
    ['that did something after the snapshot', [offered(), told('answered', { agent, legId: 'l-lab-1_2E2' }, ago(-1))]],
    ['that has ended', [offered(), told('ended', { endedBy: 'agent', reason: 'hangup' })]],
    ['that became part of another', [offered(), told('merged', { intoCallId: 'c-lab-2' })]],
    ['of another PBX', [offered({ source: '/pbx/lab-2' }, 'lab-2')]],
    ['that somebody else told of this PBX', [offered({ source: '/pbx/other' })]],
    ['whose beginning is not stored', [told('answered', { agent, legId: 'l-lab-1_2E2' })]],
    ['that is so old that its session is gone', [offered(ago(24 * 3_600_000))]],
  ])('a call %s is not touched', (_, events) => {
    expect(isLost(events, presence())).toBe(false);
  });

  test('the end is the same whoever tells it, stays in the trace of the call, and says what is known', () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const events = [offered({ traceparent })];
    expect(lostEnd(events, 'c-lab-1_2E1', presence())).toMatchObject({
      id: 'c-lab-1_2E1.ended.lost',
      source: '/pbx/lab',
      tenantid: 'acme',
      time: '2026-11-20T12:00:00.000Z',
      traceparent,
      data: { endedBy: 'unknown', reason: 'lost' },
    });
    expect(lostEnd(events, 'c-lab-1_2E1', presence({ restarted: true }))).toMatchObject({
      id: 'c-lab-1_2E1.ended.lost',
      data: { endedBy: 'system', reason: 'pbx-restart' },
    });
  });
});

describe('what a PBX has', () => {
  const listed = { headers: [['Uniqueid', '9.9'] as const, ['Linkedid', '8.8'] as const] };
  const snapshot = { channels: [listed], queues: undefined, restarted: false };
  const mapper = (over: { resync?: () => never } = {}) =>
    createPresenceMapper({ ...createAmiMapper(presence()), ...over }, presence());

  test('it is taken from the last snapshot, once', () => {
    const kept = mapper();
    kept.resync(snapshot, atMs);
    expect(kept.take()).toEqual({
      pbxId: 'lab',
      tenantId: 'acme',
      atMs,
      alive: new Set(['c-lab-9_2E9', 'l-lab-9_2E9', 'c-lab-8_2E8', 'l-lab-8_2E8']),
    });
    expect(kept.take()).toBeUndefined();
  });

  test('it is not taken from the farewell to a PBX that is gone', () => {
    const kept = mapper();
    kept.resync(snapshot, atMs);
    kept.resync({ ...snapshot, channels: [], restarted: true }, atMs);
    expect(kept.take()).toBeUndefined();
  });

  test('it is not known from a snapshot that could not be mapped', () => {
    const kept = mapper({
      resync: () => {
        throw new Error('a defect');
      },
    });
    expect(() => kept.resync(snapshot, atMs)).toThrow('a defect');
    expect(kept.take()).toBeUndefined();
  });
});

describe('the check for lost calls', () => {
  const of = (over: Partial<LostCallsOf> = {}): LostCallsOf => ({
    presence: presence(),
    openCalls: () => [],
    queued: () => 0,
    ...over,
  });
  const retry = { minMs: 1, maxMs: 2 };

  test('it is tried again until it succeeds', async () => {
    const done = Promise.withResolvers<number>();
    let tries = 0;
    const check = createLostCallsCheck({
      log,
      retry,
      endLostCalls: async () => {
        tries += 1;
        if (tries < 3) throw new Error('NATS is away');
        done.resolve(tries);
        return 0;
      },
    });
    check.begin(of());
    expect(await done.promise).toBe(3);
    await check.stop?.();
    expect(tries).toBe(3);
  });

  test('it waits until what was seen is stored, and ends with the connection', async () => {
    let asked = 0;
    let queued = 1;
    const second = Promise.withResolvers<void>();
    const check = createLostCallsCheck({
      log,
      retry,
      endLostCalls: async () => {
        asked += 1;
        second.resolve();
        return 0;
      },
    });
    check.begin(of({ queued: () => queued }));
    check.cancel('lab');
    queued = 0;
    check.begin(of({ queued: () => queued }));
    await second.promise;
    await check.stop?.();
    expect(asked).toBe(1);
  });
});
