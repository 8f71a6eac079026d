import type { ConfigKind } from '@patchcord/contracts';

export const demoTenant = 'demo';
export const demoRule = 'plan';

export interface DemoEntity {
  readonly kind: ConfigKind;
  readonly entity: Record<string, unknown> & { readonly id: string };
}

const call = (key: string, name = key) => ({ family: 'call', key, name });
const variable = (key: string, name: string) => ({ family: 'variable', key, name });

/** What the demo's tenant has configured; everything else is as the defaults say. */
export function demoConfiguration(crmUrl: string, tokenSha256: string, allowCidrs = ['127.0.0.0/8']): DemoEntity[] {
  // The demo's CRM is near and speaks http: two things that the address guard refuses unless they are allowed by name.
  const egress = { allowHttp: true, allowCidrs };
  return [
    { kind: 'tenant', entity: { id: demoTenant, name: 'Demo' } },
    { kind: 'api-token', entity: { id: 'demo', name: 'Printed at start', sha256: tokenSha256, scopes: ['admin'] } },
    { kind: 'external-site', entity: { ...site(crmUrl), egress } },
    {
      kind: 'crm-connection',
      entity: { id: 'crm', name: 'Demo CRM', connector: 'http-json', baseUrl: crmUrl, egress },
    },
    { kind: 'routing-rule', entity: { ...rule(crmUrl), egress } },
    { kind: 'campaign', entity: campaign },
  ];
}

const site = (crmUrl: string) => ({
  id: 'hook',
  name: 'Demo CRM, server trigger',
  url: `${crmUrl}/hooks/call-answered`,
  method: 'POST',
  format: 'json',
  fireOn: ['answered'],
  parameters: [
    call('callId'),
    call('ani', 'phone'),
    call('queue'),
    call('agentId'),
    call('agentName'),
    variable('Omlcrmcustomerid', 'customerId'),
    variable('Omlcrmcustomerplan', 'plan'),
  ],
});

const rule = (crmUrl: string) => ({
  id: demoRule,
  name: 'By plan of the customer',
  url: `${crmUrl}/lookup`,
  fieldName: 'plan',
  rows: [
    { operator: '=', value: 'GOLD', destination: { type: 'queue', target: 'support' } },
    { operator: '=', value: 'SILVER', destination: { type: 'queue', target: 'silver' } },
  ],
  default: { type: 'ivr', target: 'main-menu' },
});

const campaign = {
  id: 'support',
  name: 'Support',
  match: { queues: ['support'] },
  sites: ['hook'],
  records: ['crm'],
  dispositions: [
    { id: 'solved', name: 'Solved' },
    { id: 'callback', name: 'Call back' },
  ],
  acw: { timeoutMs: 15_000 },
};
