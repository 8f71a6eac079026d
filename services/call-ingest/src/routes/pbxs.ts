import type { AmiStatus } from '@patchcord/asterisk';
import { type HttpServer, requireScope } from '@patchcord/runtime';
import { z } from 'zod';

const pbx = z
  .object({
    pbxId: z.string(),
    state: z.enum(['connecting', 'resynchronising', 'live', 'overloaded', 'stopped']),
    connected: z.boolean().meta({ description: 'Logged in' }),
    booted: z.boolean().meta({ description: 'The PBX said that it has finished starting' }),
    lastEventAt: z.string().optional(),
    gaps: z.number().int().meta({ description: 'Times that events were missed since this process started' }),
    restarts: z.number().int(),
    queued: z.number().int().meta({ description: 'Events that wait to be published' }),
    failure: z.object({ class: z.string(), code: z.string(), message: z.string() }).optional(),
  })
  .meta({ id: 'Pbx', description: 'A PBX that is connected over AMI, as this process sees it' });

/** `GET /v1/pbxs`: how the tenant's PBXs are connected. */
export function registerPbxs(app: HttpServer, statuses: () => AmiStatus[]): void {
  app.get(
    '/v1/pbxs',
    {
      onRequest: requireScope('admin'),
      schema: { response: { 200: z.object({ pbxs: z.array(pbx) }) }, tags: ['pbxs'], summary: 'The connected PBXs' },
    },
    async (request) => ({ pbxs: statuses().filter(({ tenantId }) => tenantId === request.tenantId) }),
  );
}
