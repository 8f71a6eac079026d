import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPublisher } from '@patchcord/bus';
import type { AnyEvent } from '@patchcord/contracts';
import { prometheusText, startTelemetry } from '@patchcord/runtime';
import { type AmiReplayServer, eventually, startAmiReplayServer } from '@patchcord/testkit';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { event, freshNats, type Nats, startIngest, stored } from './support.ts';

const recording = new URL('../../../libs/asterisk/fixtures/s1_caller_hangup.ami.jsonl', import.meta.url);
const dir = mkdtempSync(join(tmpdir(), 'patchcord-lost-'));
/** The call up to the conversation, and from the hangup on. */
const [begin, end] = [join(dir, 'begin.jsonl'), join(dir, 'end.jsonl')];

let nats: Nats;
beforeAll(async () => {
  const lines = readFileSync(recording, 'utf8').trimEnd().split('\n');
  const hangup = lines.findIndex((line) => line.includes('"Event":"HangupRequest"'));
  expect(hangup).toBeGreaterThan(0);
  writeFileSync(begin, lines.slice(0, hangup).join('\n'));
  writeFileSync(end, lines.slice(hangup).join('\n'));
  nats = await freshNats();
});
afterAll(async () => {
  rmSync(dir, { recursive: true });
  await nats.stop();
});

async function pbxOf(): Promise<AmiReplayServer> {
  const pbx = await startAmiReplayServer();
  onTestFinished(() => pbx.stop());
  return pbx;
}

const ingestOf = (pbx: AmiReplayServer, pbxId: string, tenantId: string) =>
  startIngest(nats, {
    AMI_CONNECTIONS: JSON.stringify([
      { pbxId, tenantId, host: pbx.host, port: pbx.port, username: 'cti', secret: 's3cret' },
    ]),
  });

const play = (pbx: AmiReplayServer, part: string, shiftS: number) =>
  pbx.play({ recording: part, speed: Number.POSITIVE_INFINITY, renumber: { shiftS } });

const ofType = async (tenantId: string, type: string): Promise<AnyEvent[]> =>
  (await stored(nats, tenantId)).filter((one) => one.type === `patchcord.v1.call.${type}`);
const answered = (tenantId: string, count: number) =>
  eventually(async () => (await ofType(tenantId, 'answered')).length === count, { what: `${count} calls answered` });
const endOf = (tenantId: string, callId: string) =>
  eventually(async () => (await ofType(tenantId, 'ended')).find(({ subject }) => subject === callId), {
    what: `the end of ${callId}`,
  });

/** A call that somebody told of and that is on no PBX. */
const openCall = (tenantid: string, pbxId: string, over: Record<string, unknown> = {}): AnyEvent =>
  event({
    source: `/pbx/${pbxId}`,
    subject: `c-${pbxId}-77_2E7`,
    tenantid,
    time: new Date(Date.now() - 60_000).toISOString(),
    data: { direction: 'inbound', legId: `l-${pbxId}-77_2E7`, pbxId },
    ...over,
  });

test('lost calls - a call that ends while no process listens is closed, one that goes on is not', async () => {
  const telemetry = startTelemetry({ service: 'test', spanProcessors: [] });
  onTestFinished(() => telemetry.shutdown());
  const pbx = await pbxOf();
  const first = await ingestOf(pbx, 'p1', 'lost1');
  await play(pbx, begin, 0);
  await play(pbx, begin, 5000);
  await answered('lost1', 2);
  await first.stop();
  await play(pbx, end, 0);
  await ingestOf(pbx, 'p1', 'lost1');
  const lost = await endOf('lost1', 'c-p1-1795218080_2E1608');
  expect(lost).toMatchObject({ data: { endedBy: 'unknown', reason: 'lost' } });
  expect(await ofType('lost1', 'ended')).toHaveLength(1);
  await play(pbx, end, 5000);
  expect(await endOf('lost1', 'c-p1-1795223080_2E1608')).toMatchObject({ data: { reason: 'hangup' } });
  expect(await ofType('lost1', 'ended')).toHaveLength(2);
  expect(await prometheusText()).toMatch(/patchcord_call_ingest_lost_calls_total\{[^}]*pbx="p1"[^}]*\} 1/);
});

test('lost calls - several processes that start at once close a call once', async () => {
  const pbx = await pbxOf();
  await createPublisher(nats.bus).publish(openCall('lost2', 'p2'));
  const both = await Promise.all([ingestOf(pbx, 'p2', 'lost2'), ingestOf(pbx, 'p2', 'lost2')]);
  await endOf('lost2', 'c-p2-77_2E7');
  // A stopped service has finished what it was about to store.
  await Promise.all(both.map((service) => service.stop()));
  expect(await ofType('lost2', 'ended')).toHaveLength(1);
});

test('lost calls - every later resynchronisation looks again', async () => {
  const pbx = await pbxOf();
  await createPublisher(nats.bus).publish(openCall('lost5', 'p5'));
  await ingestOf(pbx, 'p5', 'lost5');
  await endOf('lost5', 'c-p5-77_2E7');
  await createPublisher(nats.bus).publish(openCall('lost5', 'p5', { subject: 'c-p5-78' }));
  pbx.disconnect();
  await endOf('lost5', 'c-p5-78');
  expect(await ofType('lost5', 'ended')).toHaveLength(2);
});

test('lost calls - calls of other PBXs and tenants, and calls younger than the snapshot, are not touched', async () => {
  const pbx = await pbxOf();
  const inAMinute = new Date(Date.now() + 60_000).toISOString();
  await createPublisher(nats.bus).publishAll([
    openCall('lost3', 'p3-b'),
    openCall('lost4', 'p3'),
    openCall('lost3', 'p3', { subject: 'c-p3-young', time: inAMinute }),
    openCall('lost3', 'p3', { subject: 'c-p3-foreign', source: '/pbx/somebody' }),
    // The last to be looked at: when it is closed, the others were not.
    openCall('lost3', 'p3', { subject: 'c-p3-zzz' }),
  ]);
  await ingestOf(pbx, 'p3', 'lost3');
  await endOf('lost3', 'c-p3-zzz');
  const again = await ingestOf(pbx, 'p3', 'lost3');
  await eventually(() => pbx.clients() === 2);
  await again.stop();
  expect((await ofType('lost3', 'ended')).map(({ subject }) => subject)).toEqual(['c-p3-zzz']);
  expect(await ofType('lost4', 'ended')).toEqual([]);
});
