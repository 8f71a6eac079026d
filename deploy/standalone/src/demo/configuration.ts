import type { ConfigKind } from '@patchcord/contracts';
import { demoColleague } from './phone/agent.ts';

export const demoTenant = 'demo';
export const demoRule = 'plan';
export const demoPbxId = 'demo';

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
    { kind: 'agent', entity: { id: '1001', name: 'Ana Torres', username: 'ana', pbxId: demoPbxId } },
    { kind: 'agent', entity: { id: demoColleague.id, name: demoColleague.name, pbxId: demoPbxId } },
    { kind: 'user', entity: { id: 'ana', username: 'ana', name: 'Ana Torres', role: 'agent', agentId: '1001' } },
    { kind: 'user', entity: { id: 'ada', username: 'ada', name: 'Ada Admin', role: 'admin' } },
    { kind: 'contact-database', entity: customers },
    { kind: 'form', entity: resolution },
    ...[site(crmUrl), card(crmUrl), outcome(crmUrl)].map((entity) => ({
      kind: 'external-site' as const,
      entity: { ...entity, egress },
    })),
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

/** Opened by the agent's browser while his phone rings. */
const card = (crmUrl: string) => ({
  id: 'card',
  name: 'Customer card',
  url: `${crmUrl}/customers/{number}`,
  trigger: 'automatic',
  target: 'embedded',
  fireOn: ['agent-ringing'],
  parameters: [
    { family: 'contact', key: 'number', name: '{number}' },
    call('agent_username', 'agent'),
    { family: 'dialplan', key: 'Omlcrmcustomerplan', name: 'plan' },
    // For a number of nobody, or of several.
    call('ani', 'phone'),
  ],
});

/** Told when a disposition is saved. */
const outcome = (crmUrl: string) => ({
  id: 'outcome',
  name: 'Outcome of the call',
  url: `${crmUrl}/hooks/disposition`,
  trigger: 'disposition',
  method: 'POST',
  format: 'urlencoded',
  parameters: [
    { family: 'contact', key: 'number', name: 'customer' },
    { family: 'disposition', key: 'name', name: 'result' },
    { family: 'disposition', key: 'form', name: 'form' },
  ],
});

const customers = {
  id: 'customers',
  name: 'Customers',
  columns: ['number', 'name', 'phone', 'city'],
  phoneColumns: ['phone'],
  externalIdColumn: 'number',
};

const resolution = {
  id: 'resolution',
  name: 'How it was solved',
  fields: [
    { name: 'reason', type: 'select', required: true, options: ['invoice', 'delivery', 'other'] },
    { name: 'minutes', type: 'number', min: 0 },
  ],
};

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
  database: 'customers',
  sites: ['hook', 'card', 'outcome'],
  records: ['crm'],
  dispositions: [
    { id: 'solved', name: 'Solved', crm: true, form: 'resolution' },
    { id: 'callback', name: 'Call back' },
  ],
  // Time to look around, for whoever sees it for the first time.
  acw: { timeoutMs: 120_000 },
};
