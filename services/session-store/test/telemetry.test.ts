import { context, trace } from '@opentelemetry/api';
import { startTelemetry, type TelemetryOptions } from '@patchcord/runtime';
import { eventually } from '@patchcord/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callEvent, queueCall } from './call-script.ts';
import { type Fixture, startFixture } from './fixture.ts';

type Processor = NonNullable<TelemetryOptions['spanProcessors']>[number];
type Span = Parameters<Processor['onEnd']>[0];

const spans: Span[] = [];
const collecting: Processor = {
  onStart: () => {},
  onEnd: (span) => void spans.push(span),
  forceFlush: async () => {},
  shutdown: async () => {},
};
const telemetry = startTelemetry({ service: 'test', env: {}, spanProcessors: [collecting] });

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(async () => {
  await fixture.stop();
  await telemetry.shutdown();
});

const parentOf = (span: Span | undefined): Span | undefined =>
  spans.find((candidate) => candidate.spanContext().spanId === span?.parentSpanContext?.spanId);

describe('telemetry', () => {
  it('each event of a batch is one trace from its publisher to its session message', async () => {
    const events = queueCall({ call: 'traced' }).slice(0, 5);
    const root = trace.getTracer('test').startSpan('pbx');
    await context.with(trace.setSpan(context.active(), root), () => fixture.publisher.publishAll(events));
    root.end();
    const service = await fixture.startReplica();
    await eventually(() => spans.filter(({ name }) => name.includes('session')).length === events.length);
    for (const told of spans.filter(({ name }) => name === 'publish patchcord.v1.evt.*.session.*.changed')) {
      const handled = parentOf(told);
      const published = parentOf(handled);
      expect(handled?.name).toMatch(/^process patchcord\.v1\.evt\.\*\.call\.\*\.[a-z-]+$/);
      expect(published?.name.replace('publish', 'process')).toBe(handled?.name);
      expect(parentOf(published)?.name).toBe('pbx');
      expect(told.spanContext().traceId).toBe(root.spanContext().traceId);
    }
    expect(new Set(spans.map(({ name }) => name.split(' ')[0]))).toEqual(new Set(['pbx', 'publish', 'process']));
    await expectMetrics(service.url);
  });

  it('an event that carries its trace only in its envelope keeps it', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const event = callEvent({ call: 'carried', traceparent }, 0, ['held', { legId: 'l-1', by: 'agent' }]);
    await fixture.publisher.publish(event);
    const told = await eventually(() =>
      spans.find(
        ({ name, attributes }) =>
          name.includes('session') && String(attributes['messaging.message.id']).includes('carried'),
      ),
    );
    expect(told.spanContext().traceId).toBe('0af7651916cd43dd8448eb211c80319c');
  });
});

async function expectMetrics(url: string | undefined): Promise<void> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  expect(metrics).toMatch(/patchcord_session_store_events_folded_total(\{.*\})? 5/);
  expect(metrics).toMatch(/patchcord_session_store_event_to_session_seconds_count(\{.*\})? 5/);
  expect(metrics).toMatch(/patchcord_session_store_active_calls\{.*tenant="acme".*\} 1/);
  expect(metrics).toMatch(
    /patchcord_bus_messages_total\{.*consumer="session-store__sessions__v1".*outcome="handled".*\} 5/,
  );
}
