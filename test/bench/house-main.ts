// Patchcord as it is measured: every service in this one process, or those of BENCH_SERVICES, one external site that is told of each offered call,
// one that agents see when their phone rings, one routing rule, and rules whose CRM hangs.
import { mintToken } from '@patchcord/runtime';
import { createPortBook, startHouse } from '@patchcord/standalone';
import { sayReady } from './child.ts';
import { benchTenant, fastAgiSettings } from './fast-agi.ts';
import { hangingRules } from './hanging.ts';

const sink = process.env.SINK_URL ?? '';
const tenant = benchTenant;
const ports = createPortBook(() => undefined);
const agiPort = await ports.take('FastAGI', 4573);
const services = process.env.BENCH_SERVICES?.split(',');
const house = await startHouse({
  ports,
  ...(services === undefined ? {} : { only: services }),
  env: {
    ...fastAgiSettings(agiPort),
    LOG_LEVEL: 'warn',
    EGRESS_ALLOWED_CIDRS: '127.0.0.0/8',
    NATS_URL: process.env.NATS_URL ?? '',
    REDIS_URL: process.env.REDIS_URL ?? '',
  },
});
const { token, sha256 } = mintToken(tenant);
const egress = { allowHttp: true, allowCidrs: ['127.0.0.0/8'] };
await house.config.applyAll(tenant, [
  { kind: 'api-token', entity: { id: 'bench', name: 'Bench', sha256, scopes: ['admin'] } },
  {
    kind: 'external-site',
    entity: {
      id: 'sink',
      name: 'Sink',
      url: `${sink}/hook`,
      method: 'POST',
      format: 'json',
      fireOn: ['offered'],
      parameters: [{ family: 'call', key: 'ani', name: 't' }],
      egress,
    },
  },
  { kind: 'campaign', entity: { id: 'all', name: 'All', sites: ['sink'] } },
  {
    kind: 'external-site',
    entity: {
      id: 'card',
      name: 'Card',
      url: 'https://crm.example/customers/{phone}',
      trigger: 'automatic',
      target: 'embedded',
      fireOn: ['agent-ringing'],
      parameters: [{ family: 'call', key: 'phone', name: '{phone}' }],
    },
  },
  { kind: 'campaign', entity: { id: 'pops', name: 'Pops', match: { queues: ['pops'] }, sites: ['card'] } },
  {
    kind: 'routing-rule',
    entity: {
      id: 'plan',
      name: 'Plan',
      url: `${sink}/lookup`,
      fieldName: 'plan',
      rows: [{ operator: '=', value: 'GOLD', destination: { type: 'queue', target: 'gold' } }],
      default: { type: 'queue', target: 'all' },
      egress,
    },
  },
  ...hangingRules.map(({ id, path, budgetMs }) => ({
    kind: 'routing-rule' as const,
    entity: {
      id,
      name: id,
      url: `${sink}${path}`,
      fieldName: 'plan',
      budgetMs,
      rows: [],
      default: { type: 'queue', target: 'all' },
      egress,
    },
  })),
]);
const urlOf = (service: string): string => house.urls[service] ?? '';
sayReady({
  url: urlOf('call-ingest'),
  consoleUrl: urlOf('console'),
  sessionsUrl: urlOf('session-store'),
  agiPort,
  token,
});
process.on('SIGTERM', () => void house.stop().then(() => process.exit(0)));
