import { trace } from '@opentelemetry/api';
import { InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  createMetrics,
  listen,
  prometheusText,
  startTelemetry,
  type Telemetry,
  tracerOf,
  withSpan,
} from '../src/index.ts';
import { testServer } from './http-fixture.ts';

let exporter: InMemorySpanExporter;
let telemetry: Telemetry;

beforeEach(() => {
  exporter = new InMemorySpanExporter();
  telemetry = startTelemetry({ service: 'test', spanProcessors: [new SimpleSpanProcessor({ exporter })] });
});
afterEach(() => telemetry.shutdown());

test('telemetry - a request is one span named by its route, in the trace of who asks, though fastify was loaded before', async () => {
  const app = await testServer();
  app.get('/calls/:callId', async () => ({ traceId: trace.getActiveSpan()?.spanContext().traceId }));
  const url = await listen(app, { host: '127.0.0.1', port: 0 });
  const asked = await withSpan(tracerOf('caller'), 'ask', {}, async (span) => {
    const answer = await fetch(`${url}/calls/c-1?code=hush-hush`);
    return { answer: await answer.json(), traceId: span.spanContext().traceId };
  });
  expect(asked.answer).toEqual({ traceId: asked.traceId });
  await expect.poll(() => exporter.getFinishedSpans().map((span) => span.name)).toContain('GET /calls/:callId');
  const server = exporter.getFinishedSpans().find((span) => span.name === 'GET /calls/:callId');
  expect(server?.spanContext().traceId).toBe(asked.traceId);
  expect(server?.attributes['patchcord.service']).toBe('test');
  // Paths and queries hold numbers, signed links and codes of OAuth.
  expect(JSON.stringify(server?.attributes)).not.toMatch(/c-1|hush-hush/);
});

test('telemetry - health checks leave no spans', async () => {
  const app = await testServer();
  const url = await listen(app, { host: '127.0.0.1', port: 0 });
  await (await fetch(`${url}/readyz`)).text();
  await withSpan(tracerOf('test'), 'after', {}, async () => undefined);
  expect(exporter.getFinishedSpans().filter((span) => span.kind === 1)).toEqual([]);
});

test('telemetry - a request that leaves us tells no path and no query, where keys and numbers stand', async () => {
  const app = await testServer();
  const url = await listen(app, { host: '127.0.0.1', port: 0 });
  await (await fetch(`${url}/contacts/4155550123?key=hush-hush`)).text();
  await expect.poll(() => exporter.getFinishedSpans().filter((span) => span.kind === 2).length).toBe(1);
  const [client] = exporter.getFinishedSpans().filter((span) => span.kind === 2);
  expect(client?.attributes['url.full']).toBe(url);
  expect(JSON.stringify([client?.name, client?.attributes])).not.toMatch(/4155550123|hush-hush/);
});

test('telemetry - is started once per process', () => {
  expect(startTelemetry({ service: 'second' })).toBe(telemetry);
});

test('spans - a failure is recorded by its code, not by its text', async () => {
  const work = withSpan(tracerOf('test'), 'lookup', {}, async () => {
    throw Object.assign(new Error('no contact for 4155550123'), { code: 'not_found' });
  });
  await expect(work).rejects.toThrow();
  await expect.poll(() => exporter.getFinishedSpans().length).toBe(1);
  const [span] = exporter.getFinishedSpans();
  expect(span?.attributes).toEqual({ 'error.type': 'not_found' });
  expect(JSON.stringify([span?.status, span?.events])).not.toContain('4155550123');
});

test('metrics - instruments made before and after the start are in the Prometheus text', async () => {
  await telemetry.shutdown();
  const early = createMetrics('crm-dispatcher');
  const requests = early.counter('requests', 'Requests');
  let value = 7;
  const depth = early.gauge('queue_depth', 'Jobs that wait', (result) =>
    result.observe(value, { queue: 'after-call' }),
  );
  requests.add(1);
  telemetry = startTelemetry({ service: 'test', spanProcessors: [] });
  requests.add(2, { outcome: 'ok' });
  early.histogram('request_duration_seconds', 'Duration').record(0.02, { outcome: 'ok' });
  const text = await prometheusText();
  expect(text).toContain('patchcord_crm_dispatcher_requests_total{outcome="ok"} 2');
  expect(text).toContain('patchcord_crm_dispatcher_queue_depth{queue="after-call"} 7');
  expect(text).toContain('patchcord_crm_dispatcher_request_duration_seconds_bucket{outcome="ok",le="0.025"} 1');
  expect(text).toContain('patchcord_crm_dispatcher_request_duration_seconds_bucket{outcome="ok",le="0.01"} 0');
  depth.remove();
  value = 8;
  expect(await prometheusText()).not.toContain('queue_depth{queue="after-call"} 8');
});

test('metrics - each server shows them at /metrics, with its own requests', async () => {
  const app = await testServer();
  await app.inject('/nothing');
  const answer = await app.inject('/metrics');
  expect(answer.headers['content-type']).toContain('text/plain');
  expect(answer.body).toMatch(/patchcord_test_http_request_duration_seconds_count\{[^}]*status="404"[^}]*\} 1/);
});

test('telemetry - without an exporter trace ids are made and passed on, and nothing is recorded', async () => {
  await telemetry.shutdown();
  telemetry = startTelemetry({ service: 'test', env: {} });
  await withSpan(tracerOf('test'), 'work', {}, async (span) => {
    expect(span.isRecording()).toBe(false);
    expect(span.spanContext().traceId).toMatch(/^(?!0{32})[0-9a-f]{32}$/);
  });
});
