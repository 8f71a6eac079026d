import { context } from '@opentelemetry/api';
import { InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace';
import { contextFromTraceparent } from '@patchcord/bus';
import { mintToken, startTelemetry, type Telemetry } from '@patchcord/runtime';
import { createPortBook, type House, startHouse } from '@patchcord/standalone';
import {
  eventually,
  type FakeCrm,
  type Servers,
  startAmiReplayServer,
  startFakeCrm,
  startServers,
} from '@patchcord/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { spanBranch, spanTree } from '../harness/spans.ts';
import { configuration, worldTenant } from '../harness/world.ts';

const recording = new URL('../../libs/asterisk/fixtures/s4_ivr_agi.ami.jsonl', import.meta.url);
const exporter = new InMemorySpanExporter();

let telemetry: Telemetry;
let servers: Servers;
let crm: FakeCrm;
let house: House;
const { token, sha256 } = mintToken(worldTenant);
let pbx: Awaited<ReturnType<typeof startAmiReplayServer>>;
beforeAll(async () => {
  telemetry = startTelemetry({ service: 'e2e', spanProcessors: [new SimpleSpanProcessor({ exporter })] });
  servers = await startServers();
  crm = await startFakeCrm();
  pbx = await startAmiReplayServer();
  const ami = { pbxId: 'lab', tenantId: worldTenant, host: pbx.host, port: pbx.port, username: 'u', secret: 's' };
  house = await startHouse({
    ports: createPortBook(() => undefined),
    env: {
      NATS_URL: servers.nats.url,
      REDIS_URL: servers.redis.url,
      LOG_LEVEL: 'warn',
      AFTER_CALL_SETTLE_MS: '100',
      EGRESS_ALLOWED_CIDRS: '127.0.0.0/8',
      AMI_CONNECTIONS: JSON.stringify([ami]),
    },
  });
  await house.config.applyAll(worldTenant, configuration(crm.url, sha256, 0));
});
afterAll(async () => {
  await house.stop();
  await Promise.all([pbx.stop(), crm.close(), servers.stop()]);
  await telemetry.shutdown();
});

const changed = 'patchcord.v1.evt.*.session.*.changed';

describe('one call, one trace', () => {
  it('goes from the PBX event over NATS and BullMQ to the CRM and its answer', async () => {
    await pbx.play({ recording, speed: 20 });
    const requests = () => crm.requests().filter(({ method }) => method !== 'GET');
    await eventually(() => requests().length === 2, { deadlineMs: 20_000, what: 'hook and record' });
    const traceIds = new Set(requests().map(({ headers }) => headers.traceparent?.split('-')[1]));
    expect(traceIds.size).toBe(1);
    const spans = () => exporter.getFinishedSpans().filter((span) => traceIds.has(span.spanContext().traceId));
    await eventually(() => spans().filter(({ name }) => name.includes('delivery')).length === 2);
    const tree = spanTree(spans());
    expect(tree.filter((line) => !line.startsWith(' '))).toEqual(['receive patchcord.v1.call.offered']);
    expect(spanBranch(tree, 'receive patchcord.v1.call.answered')).toEqual([
      'receive patchcord.v1.call.answered',
      '  publish patchcord.v1.evt.*.call.*.answered',
      '    process patchcord.v1.evt.*.call.*.answered',
      `      publish ${changed}`,
      // By disposition for after the call and for its cards, and by crm-dispatcher.
      `        process ${changed}`,
      `        process ${changed}`,
      `        process ${changed}`,
      '          process crm-dispatch',
      '            POST',
      // The CRM of the test runs in this process: its own span, under the request that it answered.
      '              POST',
      '            publish patchcord.v1.evt.*.delivery.*.succeeded',
    ]);
  });

  it('an attempt after a failed one is a span of its own with a link to the call', async () => {
    exporter.reset();
    crm.script('/hooks/', { status: 500, times: 1 });
    await pbx.play({ recording, speed: 20, renumber: { shiftS: 5000 } });
    const attempts = () =>
      exporter.getFinishedSpans().filter(({ attributes }) => attributes['patchcord.attempt'] === 2);
    const second = await eventually(() => attempts()[0], { deadlineMs: 20_000, what: 'the second attempt' });
    expect(second.parentSpanContext).toBeUndefined();
    expect(second.links).toHaveLength(1);
    const call = exporter.getFinishedSpans().find(({ name }) => name === 'receive patchcord.v1.call.offered');
    expect(second.links[0]?.context.traceId).toBe(call?.spanContext().traceId);
  });

  it('a routing decision asked for in the trace of the call takes its lookup along', async () => {
    crm.answerLookup('plan', 'GOLD');
    const traceId = '0af7651916cd43dd8448eb211c80319c';
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    // fetch is traced too: it sends the active trace.
    const ofTheCall = contextFromTraceparent(`00-${traceId}-b7ad6b7169203331-01`);
    const url = `${house.urls['routing-decider']}/v1/routing/plan/decide`;
    const answer = await context.with(ofTheCall, () => fetch(url, { method: 'POST', headers, body: '{}' }));
    expect(await answer.json()).toMatchObject({ outcome: 'matched', destination: { target: 'gold' } });
    const lookup = crm.requests().findLast(({ path }) => path === '/lookup');
    expect(lookup?.headers.traceparent?.split('-')[1]).toBe(traceId);
    const spans = () => exporter.getFinishedSpans().filter((span) => span.spanContext().traceId === traceId);
    await eventually(() => spans().length >= 7);
    expect(spanBranch(spanTree(spans()), 'decide routing')).toEqual([
      'decide routing',
      '  request patchcord.v1.rpc.crm-dispatcher.lookup',
      '    serve patchcord.v1.rpc.crm-dispatcher.lookup',
      '      GET',
      '        GET',
    ]);
  });
});
