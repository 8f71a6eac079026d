import { type LookupReply, routingDecision } from '@patchcord/contracts';
import { startTelemetry, type TelemetryOptions } from '@patchcord/runtime';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Fixture, startFixture, tenantId } from './fixture.ts';

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
  await fixture.config.put(tenantId, 'routing-rule', {
    id: 'level',
    name: 'Level',
    url: 'https://crm.example.com/lookup',
    fieldName: 'level',
    rows: [{ operator: '=', value: 'GOLD', destination: { type: 'queue', target: 'gold' } }],
    default: { type: 'queue', target: 'general' },
  });
});
afterAll(async () => {
  await fixture.stop();
  await telemetry.shutdown();
});

const gold = async (): Promise<LookupReply> => ({ outcome: 'found', value: 'GOLD', durationMs: 1 });

test('telemetry - a decision is a span over the question to the dispatcher, and is measured by its outcome', async () => {
  const dispatcher = await fixture.answerLookups(gold);
  const { body } = await fixture.ask('/v1/routing/level/decide', { body: { callId: 'c-1', ani: '+14155550123' } });
  await dispatcher.release();
  expect(routingDecision.parse(body).outcome).toBe('matched');

  const named = (name: RegExp) => spans.find((span) => name.test(span.name));
  const decision = named(/^decide routing$/);
  expect(decision?.attributes).toMatchObject({
    'patchcord.rule': 'level',
    'patchcord.call': 'c-1',
    'patchcord.outcome': 'matched',
    'patchcord.row': 0,
  });
  expect(JSON.stringify(decision?.attributes)).not.toContain('4155550123');
  const request = named(/^request patchcord\.v1\.rpc\.crm-dispatcher\.lookup$/);
  expect(request?.parentSpanContext?.spanId).toBe(decision?.spanContext().spanId);

  const metrics = await (await fetch(`${fixture.service.url}/metrics`)).text();
  expect(metrics).toMatch(/patchcord_routing_decider_decision_duration_seconds_count\{.*outcome="matched".*\} 1/);
  expect(metrics).toMatch(/patchcord_routing_decider_lookups_total\{.*outcome="found".*\} 1/);
});
