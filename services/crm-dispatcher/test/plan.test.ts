import { join } from 'node:path';
import { recordingEvents } from '@patchcord/asterisk';
import { applyEvent } from '@patchcord/call-model';
import {
  type Campaign,
  campaign,
  type ExternalSite,
  emptyTenantConfig,
  externalSite,
  type Interaction,
  isCallEvent,
  type RequestJob,
  type Session,
  type SessionChanged,
  type SiteMoment,
  type TenantConfig,
} from '@patchcord/contracts';
import { describe, expect, it } from 'vitest';
import { factsOf } from '../src/domain/facts.ts';
import { type Firing, firingsOfChange } from '../src/domain/firings.ts';
import { requestJob } from '../src/domain/request-job.ts';

const offeredAt = '2026-11-20T23:41:21.100Z';
const ringingAt = '2026-11-20T23:41:23.000Z';
const answeredAt = '2026-11-20T23:41:25.200Z';
const heldAt = '2026-11-20T23:42:00.000Z';
const resumedAt = '2026-11-20T23:42:10.000Z';
const heldAgainAt = '2026-11-20T23:43:00.000Z';
const endedAt = '2026-11-20T23:45:00.000Z';
const ms = (at: string): string => `t${Date.parse(at)}`;

const answeredPart: Interaction = {
  interactionId: 'i-lab-1',
  legId: 'l-lab-1',
  agent: { agentId: '1001', name: 'Agent One' },
  queue: 'support',
  state: 'talking',
  ringingAt,
  answeredAt,
  ringMs: 2200,
  holdMs: 0,
  holds: 0,
};
const session: Session = {
  tenantId: 'acme',
  callId: 'c-lab-1',
  version: 4,
  state: 'talking',
  direction: 'inbound',
  ani: '+14155550123',
  callerName: 'José & Co',
  dnis: '+12025550100',
  offeredAt,
  answeredAt,
  ivrs: [],
  digits: '42',
  queues: [{ queue: 'support', enteredAt: offeredAt, leftAt: answeredAt, waitMs: 4100, reason: 'connected' }],
  interactions: [answeredPart],
  transfers: [],
  conference: [],
  variables: { 'ivr.premium': 'true' },
  recordings: [],
};

const queueOnly = (queue: string): Campaign['match'] => ({
  queues: [queue],
  dids: [],
  pointsOfContact: [],
  channels: [],
});

function configOf(site: Partial<ExternalSite>, more: Partial<Campaign> = {}): TenantConfig {
  const siteEntity = externalSite.parse({
    id: 'crm',
    name: 'CRM',
    url: 'https://crm.example/calls',
    method: 'POST',
    format: site.method === 'GET' ? undefined : 'json',
    ...site,
  });
  const campaignEntity = campaign.parse({ id: 'support', name: 'Support', sites: ['crm'], ...more });
  return {
    ...emptyTenantConfig(),
    'external-site': new Map([['crm', siteEntity]]),
    campaign: new Map([['support', campaignEntity]]),
  };
}

const change = (event: string, time: string, more: Partial<Session> = {}): SessionChanged['data'] => ({
  cause: { id: `e-${event}`, type: `patchcord.v1.${event.includes('.') ? event : `call.${event}`}`, time },
  session: { ...session, ...more },
});
const answered = change('answered', answeredAt);

const jobOf = (config: TenantConfig, firing: Firing): RequestJob =>
  requestJob(firing, factsOf(config, firing.occasion, undefined));
const plan = (config: TenantConfig, changed: SessionChanged['data']): RequestJob[] =>
  firingsOfChange(config, changed).map((firing) => jobOf(config, firing));
const workIds = (config: TenantConfig, changed: SessionChanged['data']): string[] =>
  firingsOfChange(config, changed).map(({ workId }) => workId);
const bodyOf = (config: TenantConfig, changed = answered): unknown => JSON.parse(plan(config, changed)[0]?.body ?? '');

describe('plan', () => {
  it('an answered call - one POST to the site of its campaign, under an id that says what it is', () => {
    expect(plan(configOf({ headers: { 'X-Key': 'k' } }), answered)).toMatchObject([
      {
        kind: 'request',
        workId: 'w.c-lab-1.site-crm.answered.i-lab-1',
        interactionId: 'i-lab-1',
        destination: { kind: 'site', id: 'crm' },
        occurredAt: answeredAt,
        method: 'POST',
        url: 'https://crm.example/calls',
        headers: { 'x-key': 'k', 'content-type': expect.stringContaining('application/json') },
      },
    ]);
  });

  it('the same change plans the same work', () => {
    expect(plan(configOf({}), answered)).toEqual(plan(configOf({}), structuredClone(answered)));
  });

  it('the table of the campaign is sent in place of that of the site', () => {
    const parameters: ExternalSite['parameters'] = [{ family: 'fixed', key: 'site', name: 'whose' }];
    const own: Campaign['sites'] = [{ site: 'crm', parameters: [{ family: 'fixed', key: 'campaign', name: 'whose' }] }];
    expect(bodyOf(configOf({ parameters }))).toEqual({ whose: 'site' });
    expect(bodyOf(configOf({ parameters }, { sites: own }))).toEqual({ whose: 'campaign' });
  });

  it('a hidden site is told where it is assigned', () => {
    expect(plan(configOf({ hidden: true }), answered)).toHaveLength(1);
  });

  it('a site that a campaign names twice is told once', () => {
    expect(plan(configOf({}, { sites: [{ site: 'crm' }, { site: 'crm' }] }), answered)).toHaveLength(1);
  });

  it('the agent is told of as the configuration knows him', () => {
    const parameters: ExternalSite['parameters'] = [
      { family: 'call', key: 'agent_id', name: 'id' },
      { family: 'call', key: 'agent_name', name: 'name' },
      { family: 'call', key: 'agent_username', name: 'username' },
    ];
    const config = configOf({ parameters });
    expect(bodyOf(config)).toEqual({ id: '1001', name: 'Agent One' });
    const agent = new Map([['1001', { id: '1001', name: 'Ann Smith', username: 'ann', externalIds: {} }]]);
    expect(bodyOf({ ...config, agent })).toEqual({ id: '1001', name: 'Ann Smith', username: 'ann' });
  });

  it('a parameter that must not be missing makes work that cannot be sent, and says which', () => {
    const parameters: ExternalSite['parameters'] = [
      { family: 'dialplan', key: 'Omlcrmcustomerid', name: 'customer', missing: 'fail' },
    ];
    const [job] = plan(configOf({ parameters, url: 'https://crm.example/{customer}/x?y={z}' }), answered);
    expect(job).toMatchObject({ url: 'https://crm.example/%7Bcustomer%7D/x', headers: {} });
    expect(job?.unsendable?.parameter).toContain('customer');
    expect(job?.body).toBeUndefined();
  });
});

const twiceHeld: Interaction = {
  ...answeredPart,
  state: 'held',
  holds: 2,
  heldAt: heldAgainAt,
  pauses: [{ heldAt, resumedAt }, { heldAt: heldAgainAt }],
};
const recording = { recordingId: 'r-1', legId: 'l-lab-1', location: 'a.wav', startedAt: answeredAt };
const moments: [SiteMoment, string, Partial<Session>, string][] = [
  ['offered', offeredAt, {}, 'offered'],
  ['queued', offeredAt, {}, `queued.${ms(offeredAt)}`],
  ['agent-ringing', ringingAt, {}, 'agent-ringing.i-lab-1'],
  ['answered', answeredAt, {}, 'answered.i-lab-1'],
  ['held', heldAgainAt, { interactions: [twiceHeld] }, `held.i-lab-1.${ms(heldAgainAt)}`],
  ['resumed', resumedAt, { interactions: [twiceHeld] }, `resumed.i-lab-1.${ms(resumedAt)}`],
  ['transferred', heldAt, { transfers: [{ kind: 'blind', at: heldAt, to: {} }] }, `transferred.${ms(heldAt)}`],
  ['abandoned', heldAt, { interactions: [], abandoned: { at: heldAt, during: 'queue' } }, 'abandoned'],
  ['recording-ready', endedAt, { recordings: [recording] }, 'recording-ready.r-1'],
  ['ended', endedAt, { endedAt }, 'ended'],
];

describe('plan - moments', () => {
  it.each(moments)('fires on %s when asked to, and only then', (event, time, more, identity) => {
    const changed = change(event, time, more);
    expect(workIds(configOf({ fireOn: [event] }), changed)).toEqual([`w.c-lab-1.site-crm.${identity}`]);
    const others = moments.map(([name]) => name).filter((name) => name !== event);
    expect(workIds(configOf({ fireOn: others }), changed)).toEqual([]);
  });

  it('the second hold, transfer, queue visit and recording is another piece of work than the first', () => {
    const transfers: Session['transfers'] = [heldAt, heldAgainAt].map((at) => ({ kind: 'blind', at, to: {} }));
    const queues = [offeredAt, heldAt].map((enteredAt) => ({ queue: 'support', enteredAt }));
    const recordings = ['r-1', 'r-2'].map((recordingId) => ({ ...recording, recordingId }));
    const more = { transfers, queues, recordings, interactions: [twiceHeld] };
    const config = configOf({ fireOn: ['held', 'transferred', 'queued', 'recording-ready'] });
    const all = workIds(config, { ...change('variables-set', heldAgainAt, more), late: true });
    expect(new Set(all).size).toBe(8);
    for (const event of ['held', 'transferred'])
      expect(workIds(config, change(event, heldAgainAt, more))).toEqual([
        expect.stringMatching(new RegExp(`${event}.*${ms(heldAgainAt)}$`)),
      ]);
    expect(workIds(config, change('queued', heldAt, more))).toEqual([`w.c-lab-1.site-crm.queued.${ms(heldAt)}`]);
    // A recording is told of when it is heard of; which one that is, its id says.
    expect(workIds(config, change('recording-ready', endedAt, more))).toEqual([
      'w.c-lab-1.site-crm.recording-ready.r-2',
    ]);
  });

  it('a hold that is heard of late is told under the id it would have had in time, and moves no other', () => {
    const config = configOf({ fireOn: ['held', 'resumed'] });
    const onlySecond = { ...twiceHeld, holds: 1, pauses: [{ heldAt: heldAgainAt }] };
    const before = workIds(config, change('held', heldAgainAt, { interactions: [onlySecond] }));
    const late = { ...change('held', heldAt, { interactions: [twiceHeld] }), late: true } as const;
    const after = workIds(config, late);
    expect(after).toContain(before[0]);
    expect(after).toContain(`w.c-lab-1.site-crm.held.i-lab-1.${ms(heldAt)}`);
    expect(after).toContain(`w.c-lab-1.site-crm.resumed.i-lab-1.${ms(resumedAt)}`);
    expect(after).toHaveLength(3);
  });

  it('an answer that was told before its queue was known - is planned when the queue comes late', () => {
    const config = configOf({}, { match: queueOnly('support') });
    expect(plan(config, change('answered', answeredAt, { queues: [] }))).toEqual([]);
    const late = { ...change('queued', offeredAt), late: true } as const;
    expect(plan(config, late).map(({ workId, occurredAt }) => ({ workId, occurredAt }))).toEqual([
      { workId: 'w.c-lab-1.site-crm.answered.i-lab-1', occurredAt: answeredAt },
    ]);
    const silent = { ...change('variables-set', offeredAt), late: true } as const;
    expect(plan(config, silent)).toHaveLength(1);
  });

  it.each([
    ['an event nobody can ask for', change('dequeued', answeredAt)],
    ['an event of an agent', change('agent.answered', answeredAt)],
    ['an answer that began nothing', change('answered', '2026-11-20T23:41:26.000Z')],
    ['a call that was merged into another', change('ended', answeredAt, { mergedInto: 'c-lab-0' })],
  ])('%s plans nothing', (_what, changed) => {
    expect(plan(configOf({ fireOn: ['answered', 'ended'] }), changed)).toEqual([]);
  });

  it('each agent whose phone rings is a piece of work of its own', () => {
    const parts = ['1', '2'].map((n) => ({ ...answeredPart, interactionId: `i-lab-${n}`, ringingAt }));
    const jobs = plan(
      configOf({ fireOn: ['agent-ringing'] }),
      change('agent-ringing', ringingAt, { interactions: parts }),
    );
    expect(jobs.map((job) => job.interactionId)).toEqual(['i-lab-1', 'i-lab-2']);
  });

  it('a call of no campaign plans nothing, and a site that is gone is passed over', () => {
    expect(plan(configOf({}, { match: queueOnly('sales') }), answered)).toEqual([]);
    expect(plan(configOf({}, { sites: [{ site: 'gone' }, { site: 'crm' }] }), answered)).toHaveLength(1);
  });
});

describe('plan - for the agent', () => {
  const shown = { trigger: 'automatic', method: 'GET', target: 'embedded' } as const;
  const over: Interaction = { ...answeredPart, state: 'ended', endedAt, endedBy: 'customer' };

  it.each([
    ['his conversation is over', over, []],
    ['he gave the call away', { ...over, endedBy: 'transfer' }, []],
    ['he talks', answeredPart, ['agent-ringing', 'answered']],
  ] as const)('what is heard of late is shown only to who still has the call: %s', (_what, one, causes) => {
    const late = { ...change('queued', offeredAt, { interactions: [one] }), late: true } as const;
    const firings = firingsOfChange(configOf({ ...shown, fireOn: ['offered', 'agent-ringing', 'answered'] }), late);
    expect(firings.map(({ occasion }) => occasion.cause)).toEqual(causes);
    expect(firingsOfChange(configOf({ fireOn: ['answered'] }), late)).toHaveLength(1);
  });
});

describe('plan - a recorded click-to-call of a manual or preview campaign', () => {
  const file = join(import.meta.dirname, '../../../libs/asterisk/fixtures/s6_c2c_ok.ami.jsonl');

  /** What session-store tells of the call, change by change. */
  function changes(): SessionChanged['data'][] {
    let folded: Session | undefined;
    return recordingEvents(file, { tenantId: 'acme' })
      .filter(isCallEvent)
      .map(({ id, type, time, ...event }) => {
        folded = applyEvent(folded, { ...event, id, type, time } as Parameters<typeof applyEvent>[1]);
        return { cause: { id, type, time }, session: folded };
      });
  }

  it.each(['manual', 'preview'] as const)('%s - fires once, when agent and customer speak, and knows both', (type) => {
    const config = configOf(
      {
        parameters: [
          { family: 'call', key: 'telefono', name: 'phone' },
          { family: 'call', key: 'agent_id', name: 'agent' },
        ],
      },
      { type, match: queueOnly('none') },
    );
    const c2c = campaign.parse({ ...config.campaign.get('support'), id: 'c2c' });
    const jobs = changes().flatMap((changed) => plan({ ...config, campaign: new Map([['c2c', c2c]]) }, changed));
    expect(jobs.map(({ occurredAt }) => occurredAt)).toEqual(['2026-11-20T23:21:54.205Z']);
    expect(JSON.parse(jobs[0]?.body ?? '')).toEqual({ phone: '+14155550199', agent: '1001' });
  });
});
