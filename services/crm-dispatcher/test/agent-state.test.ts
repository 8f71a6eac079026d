import { type AgentPresence, crmConnection } from '@patchcord/contracts';
import { describe, expect, it } from 'vitest';
import { type AgentState, shownPresence, stateAfter } from '../src/domain/agent-state.ts';
import { agentEvent } from './presence-scene.ts';

const now = Date.parse('2026-11-20T23:41:25.200Z');

const fold = (...events: Parameters<typeof stateAfter>[1][]): AgentState | undefined => {
  let known: AgentState | undefined;
  for (const event of events) known = stateAfter(known, event, now);
  return known;
};

function shown(known: AgentState | undefined, presence: Partial<AgentPresence> = {}) {
  const connection = crmConnection.parse({
    id: 'crm',
    name: 'CRM',
    connector: 'zendesk',
    baseUrl: 'https://crm.example.test',
    agentSystem: 'users',
    presence: { enabled: true, ...presence },
  });
  const agent = { id: '1001', name: 'Agent One', pauses: [], externalIds: { users: 'u-1' } };
  const tenant = { agent: new Map([['1001', agent as never]]) };
  return known && shownPresence(tenant, connection, { agentId: '1001', known, now })?.state;
}

const event = (what: string, after = 0, reason?: string) =>
  agentEvent('1001', what, { at: now + after, ...(reason === undefined ? {} : { reason }) });

describe('what an agent does', () => {
  it('is the same in whatever order it is heard, and heard again it is nothing new', () => {
    const events = [event('ready'), event('acw-started', 1), event('paused', 2, 'lunch'), event('acw-ended', 3)];
    const whole = fold(...events);
    for (const again of events) expect(whole && stateAfter(whole, again, now + 9)).toBe(whole);
    for (const order of [
      [3, 2, 1, 0],
      [2, 3, 0, 1],
      [1, 3, 0, 2],
    ]) {
      const other = fold(...order.flatMap((at) => events[at] ?? []));
      expect(shown(other)).toBe('away');
      expect(other?.told).toEqual(whole?.told);
    }
  });

  it('each change is a higher revision, also within a millisecond and with a clock that was set back', () => {
    const first = fold(event('ready'));
    const second = stateAfter(first, event('busy', 1), now);
    const third = stateAfter(second, event('ready', 2), now - 60_000);
    expect(first?.revision).toBe(now);
    expect(second?.revision).toBe(now + 1);
    expect(third?.revision).toBe(now + 2);
  });

  it('after-call work hides that the phone is free, and a pause that says no reason', () => {
    const started = event('acw-started');
    expect(shown(fold(event('ready'), started))).toBe('busy');
    expect(shown(fold(event('paused'), started), { states: { paused: 'away', acw: 'offline' } })).toBe('offline');
    const lunch = fold(event('paused', 0, 'Lunch '), started);
    expect(shown(lunch, { pauses: { lunch: 'away' } })).toBe('away');
    expect(shown(fold(event('offline'), started))).toBe('offline');
    expect(shown(fold(event('ready'), started), { states: { ready: 'available' } })).toBe('available');
  });

  it('after-call work whose end nobody told of is over when it was to be', () => {
    const known = fold(event('ready'), event('acw-started'));
    expect(shown(known)).toBe('busy');
    const [id = '', open] = Object.entries(known?.acw ?? {})[0] ?? [];
    expect(known && open && shown({ ...known, acw: { [id]: { ...open, until: now - 1 } } })).toBe('available');
  });

  it('nothing is told of a state that has no word, and of agents that are not named', () => {
    expect(shown(fold(event('ringing')), { states: { ready: 'available' } })).toBeUndefined();
    expect(shown(fold(event('ready')), { agents: ['1002'] })).toBeUndefined();
    expect(shown(fold(event('ready')), { agents: ['1001'] })).toBe('available');
    expect(shown(fold(event('ready')), { enabled: false })).toBeUndefined();
  });
});
