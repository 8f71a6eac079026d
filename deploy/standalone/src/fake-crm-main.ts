import { baseSettings, httpPort, settings } from '@patchcord/runtime';
import { z } from 'zod';
import { startDemoCrm } from './demo/crm/demo-crm.ts';

/** The demo's CRM as a process of its own, for containers. */
const { HTTP_HOST, HTTP_PORT } = settings(
  z.object({ HTTP_HOST: baseSettings.HTTP_HOST, HTTP_PORT: httpPort(8090) }),
  process.env,
);
const say = (line: string): void => void process.stdout.write(`${new Date().toISOString()} ${line}\n`);

const crm = await startDemoCrm({
  host: HTTP_HOST,
  port: HTTP_PORT,
  onRequest: ({ method, path, body }) => say(`${method} ${path} ${body}`),
});
crm.answerLookup('plan', 'GOLD');
say(`the demo's CRM listens on ${crm.url}`);
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void crm.close());
