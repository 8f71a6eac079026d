import { type AnyEvent, destinationKey } from '@patchcord/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { planOfHappening } from '../src/domain/automations.ts';
import { type AgentHappening, happeningOfAgent } from '../src/domain/happenings.ts';
import { type AutomationInput, at, configOf, heardAt, session } from './automation-scene.ts';
import { tenantId } from './call.ts';
import { type Scene, startScene } from './workflow-scene.ts';

const agent = { agentId: '1001', name: 'Agent One' };

function ended(callId: string, id: string): AgentHappening {
  return {
    specversion: '1.0',
    id,
    source: '/service/disposition',
    type: 'patchcord.v1.agent.acw-ended',
    subject: agent.agentId,
    time: at,
    datacontenttype: 'application/json',
    tenantid: tenantId,
    sequence: '0',
    data: { agent, callId, interactionId: 'i-lab-1', reason: 'timeout' },
  } as AgentHappening;
}

const paused = {
  ...ended('c-lab-1', 'p-1'),
  type: 'patchcord.v1.agent.state-changed',
  data: { agent, state: 'paused', reason: 'lunch' },
} as AgentHappening;

const tell = (on: NonNullable<AutomationInput['on']>[number], values: Record<string, string>): AutomationInput => ({
  id: 'a',
  on: [on],
  action: { type: 'event', name: 'told', values },
});

describe('automations - of agents', () => {
  it('after-call work has the call, the part of the agent and what the event says', () => {
    const config = configOf(
      tell('agent.acw-ended', { who: '{agent.name}', why: '{event.reason}', from: '{call.from}' }),
    );
    const plan = (id: string) =>
      planOfHappening(happeningOfAgent(ended('c-lab-1', id), session), { config, heardAt }).jobs;
    expect(plan('1')).toMatchObject([
      {
        workId: 'w.c-lab-1.automation-a.automation.i-lab-1.agent-acw-ended',
        callId: 'c-lab-1',
        event: { values: { who: 'Agent One', why: 'timeout', from: '+14155550123' } },
      },
    ]);
    // Told again it is the same work.
    expect(plan('2')[0]?.workId).toBe(plan('1')[0]?.workId);
  });

  it('a state has no call, and each change is one of its own', () => {
    const config = configOf(
      tell('agent.state-changed', { state: '{event.state}', why: '{event.reason}', of: '{event.agentId}' }),
    );
    const [job] = planOfHappening(happeningOfAgent(paused, undefined), { config, heardAt }).jobs;
    expect(job).toMatchObject({ event: { values: { state: 'paused', why: 'lunch', of: '1001' } } });
    expect(job).not.toHaveProperty('callId');
    const other = planOfHappening(happeningOfAgent({ ...paused, id: 'p-2' }, undefined), { config, heardAt }).jobs;
    expect(other[0]?.workId).not.toBe(job?.workId);
  });
});

describe('automations - of agents, heard', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await startScene();
  });
  afterAll(() => scene.stop());

  it('after-call work that ended writes into the timeline of a CRM, once', async () => {
    await scene.workflow('done', {
      type: 'timeline',
      connection: 'dyn',
      recordFrom: ['phone'],
      notes: 'ACW {input.text}',
    });
    await scene.fixture.config.put(tenantId, 'automation', {
      id: 'acw',
      name: 'ACW',
      on: ['agent.acw-ended'],
      action: { type: 'crm-workflow', workflow: 'done', input: { text: '{event.reason}' } },
    });
    const callId = scene.newCall();
    await scene.fixture.publisher.publishAll([ended(callId, 'e-1'), ended(callId, 'e-2')] as AnyEvent[]);
    const key = destinationKey({ kind: 'automation', id: 'acw' });
    await scene.fixture.until(`w.${callId}.${key}.automation.i-lab-1.agent-acw-ended`, 'succeeded');
    expect(scene.dynamics.loggedCalls().filter(({ text }) => text.includes('ACW timeout'))).toHaveLength(1);
  });
});
