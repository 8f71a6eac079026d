import { oneRequest, startCrmReplica } from './crm-replica.ts';

/** A process that asks a CRM which never answers: its test kills it. */
const [redisUrl = '', natsUrl = '', crmUrl = ''] = process.argv.slice(2);
const replica = await startCrmReplica(redisUrl, natsUrl);
await replica.ask(oneRequest('killed', crmUrl, { concurrency: 1, timeoutMs: 1500 }), { who: 'work', timeoutMs: 1500 });
