import { events, type SessionChanged } from '@patchcord/contracts';
import { expect, test } from 'vitest';
import { agentView } from '../src/adapters/agent-view.ts';
import { createLiveView } from '../src/adapters/live-view.ts';

const [example] = events.sessionChanged.examples;
const time = '2026-11-20T23:41:21.100Z';

/** A call that this agent talks in. */
function talking(callId: string, version: number, agentId: string): SessionChanged {
  if (example === undefined) throw new Error('no example');
  const interaction = {
    interactionId: 'i',
    legId: 'l',
    agent: { agentId },
    state: 'talking' as const,
    holdMs: 0,
    holds: 0,
  };
  const session = { ...example.session, callId, version, state: 'talking' as const, interactions: [interaction] };
  return {
    specversion: '1.0',
    id: `${callId}-${version}`,
    source: '/service/test',
    type: events.sessionChanged.type,
    subject: callId,
    time,
    datacontenttype: 'application/json',
    tenantid: 'acme',
    sequence: '0',
    data: { cause: { ...example.cause, time }, session },
  };
}

test('agent view - shows the calls of one agent, and lets go of one that goes to another', () => {
  const view = createLiveView({ now: () => Date.parse(time) });
  const his = agentView(view, '1001');
  view.apply(talking('c-1', 1, '1001'));
  view.apply(talking('c-2', 1, '1002'));
  expect(his.calls('acme').map(({ callId }) => callId)).toEqual(['c-1']);
  const told: string[] = [];
  his.subscribe('acme', (change) =>
    told.push(`${change.type} ${change.type === 'call' ? change.call.callId : change.callId}`),
  );
  view.apply(talking('c-1', 2, '1002'));
  view.apply(talking('c-1', 3, '1002'));
  view.apply(talking('c-2', 2, '1002'));
  view.apply(talking('c-2', 3, '1001'));
  expect(told).toEqual(['gone c-1', 'call c-2']);
});
