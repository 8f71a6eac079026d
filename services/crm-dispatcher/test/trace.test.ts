import { SpanKind } from '@opentelemetry/api';
import { startTelemetry, type Telemetry, type TelemetryOptions } from '@patchcord/runtime';
import { eventually } from '@patchcord/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { answeredWork, changed, disposed, newCallId } from './call.ts';
import { type Fixture, startFixture } from './fixture.ts';

type Span = Parameters<NonNullable<NonNullable<TelemetryOptions['spanProcessors']>[number]['onEnd']>>[0];

const spans: Span[] = [];
let telemetry: Telemetry;
let fixture: Fixture;
beforeAll(async () => {
  const collector = {
    onStart: () => {},
    onEnd: (span: Span) => void spans.push(span),
    forceFlush: async () => {},
    shutdown: async () => {},
  };
  telemetry = startTelemetry({ service: 'crm-dispatcher', env: {}, spanProcessors: [collector] });
  fixture = await startFixture();
  await fixture.startReplica();
});
afterAll(async () => {
  await fixture.stop();
  await telemetry.shutdown();
});

it('trace - the first attempt continues the trace of the event; a retry is a new one with a link to it', async () => {
  await fixture.addSite('traced');
  fixture.crm.script('/hooks/traced', { status: 500, times: 1 });
  const callId = newCallId();
  const queues = [{ queue: 'traced', enteredAt: '2026-11-20T23:41:21.100Z' }];
  await fixture.publish(changed(callId, 'answered', { queues }));
  const workId = answeredWork(callId, 'traced');
  const logged = await fixture.until(workId, 'succeeded');

  const attempts = await eventually(() => {
    const found = spans.filter(({ attributes }) => attributes['messaging.message.id'] === workId);
    return found.length === 2 ? found : undefined;
  });
  const [first, retry] = attempts;
  const planning = spans.find((span) => span.spanContext().spanId === first?.parentSpanContext?.spanId);
  expect(first?.name).toBe('process crm-dispatch');
  expect(planning?.name).toContain('session');
  expect(planning?.spanContext().traceId).toBe(first?.spanContext().traceId);

  expect(retry?.parentSpanContext).toBeUndefined();
  expect(retry?.spanContext().traceId).not.toBe(first?.spanContext().traceId);
  expect(retry?.links.map(({ context }) => context.traceId)).toEqual([first?.spanContext().traceId]);

  const [firstPost, secondPost] = fixture.crm.requests().map(({ headers }) => headers.traceparent);
  expect(firstPost).toContain(first?.spanContext().traceId);
  expect(secondPost).toContain(retry?.spanContext().traceId);
  expect(logged.attempts.map(({ traceId }) => traceId)).toEqual(attempts.map((span) => span.spanContext().traceId));
  const client = spans.filter(({ kind, name }) => kind === SpanKind.CLIENT && name.startsWith('POST'));
  expect(client.map(({ parentSpanContext }) => parentSpanContext?.spanId)).toEqual(
    attempts.map((span) => span.spanContext().spanId),
  );
});

it('trace - what a disposition sets off belongs to the trace of its call, not to that of whoever saved it', async () => {
  const dispositions = [{ id: 'sold', name: 'Sold', crm: true }];
  await fixture.addSite('told', { trigger: 'disposition' }, { dispositions });
  const callId = newCallId();
  const { session } = changed(callId, 'ended', {
    queues: [{ queue: 'told', enteredAt: '2026-11-20T23:41:21.100Z' }],
  }).data;
  const about = { dispositionId: `i-${callId}`, callId, session, changes: 1 };
  const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
  const event = disposed({ ...about, disposition: { optionId: 'sold', name: 'Sold' } });
  await fixture.publish({ ...event, traceparent: `00-${traceId}-00f067aa0ba902b7-01` });
  const post = await eventually(() => fixture.crm.requests().find(({ path }) => path === '/hooks/told'));
  expect(post.headers.traceparent).toContain(traceId);
});

it('metrics - tell latency, requests, queues and breakers by destination', async () => {
  const replica = await fixture.startReplica();
  const text = await (await fetch(`${replica.url}/metrics`)).text();
  for (const line of [
    /^patchcord_crm_dispatcher_event_to_crm_seconds_count\{[^}]*destination="site-traced"[^}]*\} 1$/m,
    /^patchcord_crm_dispatcher_request_duration_seconds_count\{[^}]*outcome="transient"[^}]*\} 1$/m,
    /^patchcord_crm_dispatcher_queue_depth\{[^}]*destination="site-traced"[^}]*state="waiting"[^}]*\} 0$/m,
    /^patchcord_crm_dispatcher_queue_oldest_age_seconds\{[^}]*destination="site-traced"[^}]*\} 0$/m,
    /^patchcord_crm_dispatcher_breaker_open\{[^}]*destination="site-traced"[^}]*\} 0$/m,
  ]) {
    expect(text).toMatch(line);
  }
});
