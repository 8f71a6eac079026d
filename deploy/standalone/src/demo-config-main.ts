import { mintToken, settings, urlText } from '@patchcord/runtime';
import { z } from 'zod';
import { configAccessSettings, withConfig } from './config-access.ts';
import { demoConfiguration, demoTenant } from './demo/configuration.ts';
import { configure } from './demo/scenario.ts';

const settingsSchema = z.object({
  ...configAccessSettings,
  DEMO_CRM_URL: urlText('http', 'https').meta({
    description: "the address of the demo's CRM as crm-dispatcher reaches it",
    example: 'http://fake-crm:8080',
  }),
});

/** Whatever network containers are given, it is one of these. */
const privateNetworks = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'];

/** Applies the demo's configuration to running services, prints a token for their APIs, and ends. */
const values = settings(settingsSchema, process.env);
const { token, sha256 } = mintToken(demoTenant);
await withConfig(values, (config) =>
  configure(config, demoConfiguration(values.DEMO_CRM_URL, sha256, privateNetworks)),
);
process.stdout.write(`The demo is configured. API token of the tenant "${demoTenant}": ${token}\n`);
