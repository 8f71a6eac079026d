// Floor 2: an HTTP server that puts each event into a BullMQ queue, and a worker that posts it on.
import { Queue, Worker } from 'bullmq';
import fastify from 'fastify';
import { Agent, request } from 'undici';
import { sayReady } from './child.ts';

const sink = process.env.SINK_URL ?? '';
const redis = new URL(process.env.REDIS_URL ?? '');
const connection = { host: redis.hostname, port: Number(redis.port) };
const dispatcher = new Agent({ connections: 50 });
const options = { connection, prefix: 'floor' };
const queue = new Queue<{ t: string }>('deliver', options);
const worker = new Worker<{ t: string }>(
  'deliver',
  async (job) => {
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify(job.data);
    const answer = await request(`${sink}/hook`, { method: 'POST', headers, body, dispatcher });
    await answer.body.dump();
  },
  { ...options, concurrency: 50, removeOnComplete: { count: 1000 } },
);
await worker.waitUntilReady();

const app = fastify();
app.post<{ Body: { id: string; data: { ani: string } } }>('/v1/events', async (incoming, reply) => {
  await queue.add('deliver', { t: incoming.body.data.ani }, { jobId: incoming.body.id, attempts: 10 });
  return reply.code(202).send({});
});

sayReady({ url: await app.listen({ port: 0, host: '127.0.0.1' }) });
process.on('SIGTERM', () => process.exit(0));
