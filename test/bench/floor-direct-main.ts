// Floor 1: an HTTP server that posts each event on at once. No queue, nothing survives anything.
import fastify from 'fastify';
import { Agent, request } from 'undici';
import { sayReady } from './child.ts';

const sink = process.env.SINK_URL ?? '';
const dispatcher = new Agent({ connections: 50 });
const app = fastify();

app.post<{ Body: { data: { ani: string } } }>('/v1/events', async (incoming, reply) => {
  const body = JSON.stringify({ t: incoming.body.data.ani });
  const headers = { 'content-type': 'application/json' };
  const answer = await request(`${sink}/hook`, { method: 'POST', headers, body, dispatcher });
  await answer.body.dump();
  return reply.code(202).send({});
});

sayReady({ url: await app.listen({ port: 0, host: '127.0.0.1' }) });
process.on('SIGTERM', () => process.exit(0));
