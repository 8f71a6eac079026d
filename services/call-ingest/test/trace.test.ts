import { storedMessages } from '@patchcord/bus';
import { streams } from '@patchcord/contracts';
import { prometheusText, startTelemetry, type Telemetry } from '@patchcord/runtime';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freshNats, type Nats, offered, startIngest } from './support.ts';

let nats: Nats;
let telemetry: Telemetry;
beforeAll(async () => {
  telemetry = startTelemetry({ service: 'test', spanProcessors: [] });
  nats = await freshNats();
});
afterAll(async () => {
  await nats.stop();
  await telemetry.shutdown();
});

const traceOf = (traceparent: unknown): string | undefined => String(traceparent).split('-')[1];

async function post(tenantId: string, event: Record<string, unknown>, traceparent: string) {
  const service = await startIngest(nats);
  const token = await nats.grant(tenantId, 'events:write');
  const answer = await fetch(`${service.url}/v1/events`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, traceparent },
    body: JSON.stringify(event),
  });
  expect(answer.status).toBe(202);
  const filter = `patchcord.v1.evt.${tenantId}.call.>`;
  for await (const message of storedMessages(nats.bus, streams.callEvents.name, filter)) {
    const { traceparent: inEnvelope } = message.json<{ traceparent?: string }>();
    return { inEnvelope: traceOf(inEnvelope), inHeader: traceOf(message.headers?.get('traceparent')) };
  }
  throw new Error('nothing was stored');
}

const request = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const ofEvent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

test('trace - an event goes on in the trace of its request', async () => {
  const trace = traceOf(request);
  expect(await post('tr1', offered(), request)).toEqual({ inEnvelope: trace, inHeader: trace });
});

test('trace - an event that brings its own trace stays in it', async () => {
  const trace = traceOf(ofEvent);
  const stored = await post('tr2', offered({ traceparent: ofEvent }), request);
  expect(stored).toEqual({ inEnvelope: trace, inHeader: trace });
});

test('metrics - events are counted by source and outcome', async () => {
  await post('tr3', offered(), request);
  const text = await prometheusText();
  expect(text).toMatch(
    /patchcord_call_ingest_events_received_total\{[^}]*source="http"[^}]*outcome="accepted"[^}]*\} \d/,
  );
  expect(text).toContain('patchcord_call_ingest_publish_duration_seconds_bucket');
});
