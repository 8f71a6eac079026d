import {
  automation,
  type CustomRaised,
  crmConnection,
  emptyTenantConfig,
  mailServer,
  type Session,
  type SessionChanged,
  type TenantConfig,
  trigger,
} from '@patchcord/contracts';
import type { z } from 'zod';

export const at = '2026-11-20T23:41:25.200Z';
export const heardAt = Date.parse('2026-11-20T23:41:26.000Z');

export type AutomationInput = Omit<z.input<typeof automation>, 'name'>;

/** A tenant with these automations, a trigger `premium`, a CRM connection `crm` and a mail server `mail`. */
export function configOf(...automations: readonly AutomationInput[]): TenantConfig {
  const server = { id: 'mail', name: 'Mail', host: 'mail.example.com', from: 'Orders <orders@example.com>' };
  const connection = { id: 'crm', name: 'CRM', connector: 'http-json', baseUrl: 'https://crm.example' } as const;
  const conditions = [{ expression: 'ivr.premium', operator: 'EQ', expectation: 'true' }] as const;
  const premium = trigger.parse({ id: 'premium', name: 'Premium', conditions });
  const parsed = automations.map((one) => automation.parse({ name: one.id, ...one }));
  return {
    ...emptyTenantConfig(),
    automation: new Map(parsed.map((one) => [one.id, one])),
    trigger: new Map([['premium', premium]]),
    'mail-server': new Map([['mail', mailServer.parse(server)]]),
    'crm-connection': new Map([['crm', crmConnection.parse(connection)]]),
  };
}

export const session: Session = {
  tenantId: 'acme',
  callId: 'c-lab-1',
  version: 4,
  state: 'talking',
  direction: 'inbound',
  ani: '+14155550123',
  callerName: 'José & Co',
  dnis: '+12025550100',
  offeredAt: '2026-11-20T23:41:21.100Z',
  answeredAt: at,
  ivrs: ['main'],
  digits: '42',
  queues: [{ queue: 'support', enteredAt: '2026-11-20T23:41:21.100Z' }],
  interactions: [
    {
      interactionId: 'i-lab-1',
      legId: 'l-lab-1',
      agent: { agentId: '1001', name: 'Agent One' },
      queue: 'support',
      state: 'talking',
      answeredAt: at,
      holdMs: 0,
      holds: 0,
    },
  ],
  transfers: [],
  conference: [],
  variables: { CAMPAIGN: 'spring' },
  recordings: [],
};

type Change = SessionChanged['data'];

/** A change of the call by an event of this name. */
export function change(event: string, more: Partial<Session> = {}, time = at): Change {
  return {
    cause: { id: `lab-1-${event}`, type: `patchcord.v1.call.${event}`, time },
    session: { ...session, ...more },
  };
}

/** Somebody wrote into the session. */
export function written(
  kind: NonNullable<Change['written']>['by']['kind'],
  data: Readonly<Record<string, unknown>>,
  id = 'w-1',
): Change {
  return {
    ...change('session-written', { data: { ...data } }),
    cause: { id, type: 'patchcord.v1.call.session-written', time: at },
    written: { by: { kind }, names: Object.keys(data) },
  };
}

export function raised(data: Partial<CustomRaised['data']> = {}, id = 'order-4711'): CustomRaised {
  return {
    specversion: '1.0',
    id,
    source: '/shop',
    type: 'patchcord.v1.custom.raised',
    subject: 'order-shipped',
    time: at,
    datacontenttype: 'application/json',
    tenantid: 'acme',
    sequence: '0',
    data: { name: 'order-shipped', values: { track_id: 'T-4711' }, depth: 1, ...data },
  };
}
