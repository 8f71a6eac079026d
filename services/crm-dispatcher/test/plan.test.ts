import {
  type Campaign,
  campaign,
  type ExternalSite,
  emptyTenantConfig,
  externalSite,
  type Session,
  type SessionChanged,
  type TenantConfig,
} from '@patchcord/contracts';
import { describe, expect, it } from 'vitest';
import { plan } from '../src/domain/plan.ts';

const offeredAt = '2026-11-20T23:41:21.100Z';
const answeredAt = '2026-11-20T23:41:25.200Z';
const agent = { agentId: '1001', name: 'Agent One' };
const answeredPart: Session['interactions'][number] = {
  interactionId: 'i-lab-1',
  legId: 'l-lab-1',
  agent,
  queue: 'support',
  state: 'talking',
  ringingAt: '2026-11-20T23:41:23.000Z',
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
        headers: { 'x-key': 'k', 'content-type': 'application/json' },
      },
    ]);
  });

  it('a site without parameters is sent what is essential', () => {
    expect(bodyOf(configOf({}))).toMatchObject({
      event: 'answered',
      callId: 'c-lab-1',
      interactionId: 'i-lab-1',
      ani: '+14155550123',
      did: '+12025550100',
      queue: 'support',
      agentId: '1001',
      waitMs: 4100,
      campaignId: 'support',
      variables: { 'ivr.premium': 'true' },
    });
  });

  it('the same change plans the same work', () => {
    expect(plan(configOf({}), answered)).toEqual(plan(configOf({}), structuredClone(answered)));
  });

  it.each([
    ['offered', offeredAt, 'w.c-lab-1.site-crm.offered'],
    ['queued', offeredAt, 'w.c-lab-1.site-crm.queued'],
    ['agent-ringing', '2026-11-20T23:41:23.000Z', 'w.c-lab-1.site-crm.agent-ringing.i-lab-1'],
    ['answered', answeredAt, 'w.c-lab-1.site-crm.answered.i-lab-1'],
    ['ended', '2026-11-20T23:45:00.000Z', 'w.c-lab-1.site-crm.ended'],
  ] as const)('fires on %s when asked to, and only then', (event, time, workId) => {
    const changed = change(event, time, event === 'ended' ? { endedAt: time } : {});
    expect(plan(configOf({ fireOn: [event] }), changed).map((job) => job.workId)).toEqual([workId]);
    const others = (['offered', 'queued', 'agent-ringing', 'answered', 'ended'] as const).filter((e) => e !== event);
    expect(plan(configOf({ fireOn: others }), changed)).toEqual([]);
  });

  it('an answer that was told before its queue was known - is planned when the queue comes late', () => {
    const config = configOf({}, { match: { queues: ['support'], dids: [] } });
    expect(plan(config, change('answered', answeredAt, { queues: [] }))).toEqual([]);
    const late = { ...change('queued', offeredAt), late: true } as const;
    expect(plan(config, late).map(({ workId, occurredAt }) => ({ workId, occurredAt }))).toEqual([
      { workId: 'w.c-lab-1.site-crm.answered.i-lab-1', occurredAt: answeredAt },
    ]);
    const silent = { ...change('variables-set', offeredAt), late: true } as const;
    expect(plan(config, silent)).toHaveLength(1);
  });

  it.each([
    ['an event nobody can ask for', change('held', answeredAt)],
    ['an event of an agent', change('agent.answered', answeredAt)],
    ['an answer that began nothing', change('answered', '2026-11-20T23:41:26.000Z')],
    ['a call that was merged into another', change('ended', answeredAt, { mergedInto: 'c-lab-0' })],
  ])('%s plans nothing', (_what, changed) => {
    expect(plan(configOf({ fireOn: ['answered', 'ended'] }), changed)).toEqual([]);
  });

  it('each agent whose phone rings is a piece of work of its own', () => {
    const ringingAt = '2026-11-20T23:41:23.000Z';
    const parts = ['1', '2'].map((n) => ({ ...answeredPart, interactionId: `i-lab-${n}`, ringingAt }));
    const jobs = plan(
      configOf({ fireOn: ['agent-ringing'] }),
      change('agent-ringing', ringingAt, { interactions: parts }),
    );
    expect(jobs.map((job) => job.interactionId)).toEqual(['i-lab-1', 'i-lab-2']);
  });

  it('a call of no campaign plans nothing, and a site that is gone is passed over', () => {
    expect(plan(configOf({}, { match: { queues: ['sales'], dids: [] } }), answered)).toEqual([]);
    expect(plan(configOf({}, { sites: [{ site: 'gone' }, { site: 'crm' }] }), answered)).toHaveLength(1);
  });
});

describe('plan - parameters', () => {
  const parameters: ExternalSite['parameters'] = [
    { family: 'call', key: 'ani', name: 'phone' },
    { family: 'call', key: 'waitMs', name: 'wait' },
    { family: 'campaign', key: 'name', name: 'campaign' },
    { family: 'variable', key: 'ivr.premium', name: 'premium' },
    { family: 'fixed', key: 'José & "Co"', name: 'source' },
    { family: 'variable', key: 'missing', name: 'missing' },
    { family: 'call', key: 'constructor', name: 'missing-too' },
  ];

  it('as JSON, numbers as numbers, what is missing left out', () => {
    expect(bodyOf(configOf({ parameters }))).toEqual({
      phone: '+14155550123',
      wait: 4100,
      campaign: 'Support',
      premium: 'true',
      source: 'José & "Co"',
    });
  });

  it('as a form', () => {
    const [job] = plan(configOf({ parameters, format: 'urlencoded' }), answered);
    expect(job?.headers['content-type']).toBe('application/x-www-form-urlencoded');
    expect(job?.body).toBe(
      'phone=%2B14155550123&wait=4100&campaign=Support&premium=true&source=Jos%C3%A9+%26+%22Co%22',
    );
  });

  it('as a query that keeps the one that is there', () => {
    const [job] = plan(configOf({ parameters, method: 'GET', url: 'https://crm.example/?key=1' }), answered);
    expect(job?.body).toBeUndefined();
    expect(job?.url).toBe(
      'https://crm.example/?key=1&phone=%2B14155550123&wait=4100&campaign=Support&premium=true&source=Jos%C3%A9%20%26%20%22Co%22',
    );
  });
});
