// Floor of a routing decision: an HTTP server that asks another process over NATS, which asks the CRM. Nothing is
// checked, decided, kept, measured or logged. BENCH_SERVICES tells the two processes apart.
import { connectBus } from '@patchcord/bus';
import fastify from 'fastify';
import { Agent, request } from 'undici';
import { sayReady } from './child.ts';

const subject = 'bench.floor.lookup';
const bus = await connectBus({ url: process.env.NATS_URL ?? '', name: 'bench-floor' });
if (process.env.BENCH_SERVICES === 'ask-crm') askCrm();
else await listen();
process.on('SIGTERM', () => process.exit(0));

function askCrm(): void {
  const dispatcher = new Agent({ connections: 512, pipelining: 1 });
  bus.nc.subscribe(subject, {
    callback: (_error, msg) => {
      void answer(msg.json<{ ani: string }>(), dispatcher).then((text) => msg.respond(text));
    },
  });
  sayReady({ url: '' });
}

async function answer({ ani }: { readonly ani: string }, dispatcher: Agent): Promise<string> {
  const url = `${process.env.SINK_URL}/lookup?field_name=plan&caller=${encodeURIComponent(ani)}`;
  const { body } = await request(url, { dispatcher });
  return body.text();
}

async function listen(): Promise<void> {
  const app = fastify();
  app.get<{ Querystring: { ani: string } }>('/decide', async ({ query }) => {
    const reply = await bus.nc.request(subject, JSON.stringify({ ani: query.ani }), { timeout: 3000 });
    return reply.json();
  });
  sayReady({ url: await app.listen({ port: 0, host: '127.0.0.1' }) });
}
