import { z } from 'zod';
import type { HealthReport } from '../health.ts';
import { prometheusText } from '../telemetry/metrics.ts';
import type { HttpServer } from './http-server.ts';

const report = z.object({
  ready: z.boolean(),
  checks: z.array(z.object({ name: z.string(), ok: z.boolean(), durationMs: z.number() })),
});

/** `/livez`: the process runs. `/readyz`: its dependencies answer and its workers live. `/metrics`: Prometheus text. */
export function registerOperations(app: HttpServer, health: () => Promise<HealthReport>): void {
  app.get('/livez', { schema: { hide: true } }, async () => ({ live: true }));
  app.get('/readyz', { schema: { hide: true, response: { 200: report, 503: report } } }, async (_request, reply) => {
    const now = await health();
    return reply.status(now.ready ? 200 : 503).send({ ready: now.ready, checks: [...now.checks] });
  });
  app.get('/metrics', { schema: { hide: true } }, async (_request, reply) =>
    reply.type('text/plain; version=0.0.4; charset=utf-8').send(await prometheusText()),
  );
}
