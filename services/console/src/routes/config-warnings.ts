import type { ConfigStore } from '@patchcord/bus';
import { type HttpServer, requireScope } from '@patchcord/runtime';
import { z } from 'zod';
import { configWarnings } from '../domain/config-warnings.ts';

const warning = z.object({
  kind: z.string(),
  id: z.string(),
  path: z.string().meta({ description: 'Field of the entity; empty for all of it' }),
  message: z.string(),
});

/** `GET /v1/config-warnings`: what is allowed, and probably not what was meant. */
export function registerConfigWarnings(app: HttpServer, config: ConfigStore): void {
  const schema = {
    summary: 'What is allowed in the configuration, and probably not meant',
    tags: ['configuration'],
    response: { 200: z.object({ warnings: z.array(warning) }) },
  };
  app.get('/v1/config-warnings', { onRequest: requireScope('admin'), schema }, async ({ tenantId }) => ({
    warnings: configWarnings(config.tenant(tenantId)),
  }));
}
