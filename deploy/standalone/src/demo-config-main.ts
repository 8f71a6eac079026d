import { connectBus, ensureTopology, openConfig } from '@patchcord/bus';
import { baseSettings, mintToken, settings, urlText } from '@patchcord/runtime';
import { z } from 'zod';
import { demoConfiguration, demoTenant } from './demo/configuration.ts';
import { configure } from './demo/scenario.ts';

const { NATS_URL, NATS_USER, NATS_PASSWORD } = baseSettings;
const settingsSchema = z.object({
  NATS_URL,
  NATS_USER,
  NATS_PASSWORD,
  DEMO_CRM_URL: urlText('http', 'https').meta({
    description: "the address of the demo's CRM as crm-dispatcher reaches it",
    example: 'http://fake-crm:8080',
  }),
});

/** Whatever network containers are given, it is one of these. */
const privateNetworks = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'];

/** Applies the demo's configuration to running services, prints a token for their APIs, and ends. */
const values = settings(settingsSchema, process.env);
const bus = await connectBus({
  url: values.NATS_URL,
  name: 'demo-config',
  ...(values.NATS_USER === undefined ? {} : { user: values.NATS_USER }),
  ...(values.NATS_PASSWORD === undefined ? {} : { pass: values.NATS_PASSWORD.reveal() }),
});
await ensureTopology(bus);
const config = await openConfig(bus);
const { token, sha256 } = mintToken(demoTenant);
await configure(config, demoConfiguration(values.DEMO_CRM_URL, sha256, privateNetworks));
process.stdout.write(`The demo is configured. API token of the tenant "${demoTenant}": ${token}\n`);
await config.close();
await bus.close();
