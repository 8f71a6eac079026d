import { startFakeCrm } from './fake-crm.ts';

/** The fake CRM as a process of its own, e.g. beside the services in containers. */
const crm = await startFakeCrm({
  host: process.env.HTTP_HOST ?? '127.0.0.1',
  port: Number(process.env.HTTP_PORT ?? 8090),
  onRequest: ({ method, path }) => console.log(`${new Date().toISOString()} ${method} ${path}`),
});
console.log(`fake CRM listens on ${crm.url}`);
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void crm.close());
