import Fastify from 'fastify';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createMetrics, startTelemetry, tracerOf, withSpan } from '../src/index.ts';

/** A collector that remembers what it was sent, by signal. */
async function startCollector(): Promise<{ url: string; received: (signal: string) => string }> {
  const app = Fastify();
  const bodies: { signal: string; body: string }[] = [];
  app.post<{ Params: { signal: string } }>('/v1/:signal', async (request) => {
    bodies.push({ signal: request.params.signal, body: JSON.stringify(request.body) });
    return {};
  });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  onTestFinished(() => app.close());
  const received = (signal: string): string => {
    const ofSignal = bodies.filter((sent) => sent.signal === signal);
    return ofSignal.map((sent) => sent.body).join('\n');
  };
  return { url, received };
}

test('telemetry - traces and metrics leave by OTLP when the standard variables name a collector', async () => {
  const collector = await startCollector();
  vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', collector.url);
  vi.stubEnv('OTEL_EXPORTER_OTLP_PROTOCOL', 'http/json');
  onTestFinished(() => void vi.unstubAllEnvs());
  const telemetry = startTelemetry({ service: 'crm-dispatcher' });
  createMetrics('crm-dispatcher').counter('requests', 'Requests').add(3);
  await withSpan(tracerOf('crm-dispatcher'), 'deliver', {}, async () => undefined);
  await telemetry.shutdown();
  expect(collector.received('traces')).toContain('"name":"deliver"');
  expect(collector.received('traces')).toContain('"stringValue":"crm-dispatcher"');
  expect(collector.received('metrics')).toContain('patchcord_crm_dispatcher_requests');
});
