import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPublisher } from '@patchcord/bus';
import type { CallEvent } from '@patchcord/contracts';
import { eventually } from '@patchcord/testkit';
import { expect, onTestFinished, test } from 'vitest';
import { startProcess, tenantId } from './crm-fixture.ts';
import { type ConsoleFixture, startConsole } from './fixture.ts';
import { scriptOf } from './omnileads-fixture.ts';

const audio = 'RIFF not really';
const monitor = '/var/spool/asterisk/monitor';

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A session store that serves the recordings of a folder. */
async function startRecordings(fixture: ConsoleFixture): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'recordings-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'q-sales-1.wav'), audio);
  const port = await freePort();
  startProcess(fixture, 'session-store', {
    HTTP_PORT: String(port),
    RECORDINGS_STORES: JSON.stringify([{ tenantId, kind: 'directory', path: folder, stripPrefix: monitor }]),
    RECORDINGS_PUBLIC_URL: `http://127.0.0.1:${port}/`,
  });
}

async function publishRecording({ bus }: ConsoleFixture): Promise<void> {
  const startedAt = new Date(Date.now() - 60_000).toISOString();
  const told = { legId: 'l-1', agent: { agentId: '1001' } };
  const event = (at: number, type: string, data: object) =>
    ({
      specversion: '1.0',
      id: `c-1-${at}`,
      source: '/pbx/lab',
      type: `patchcord.v1.call.${type}`,
      subject: 'c-1',
      time: new Date(Date.now() - 61_000 + at).toISOString(),
      datacontenttype: 'application/json',
      tenantid: tenantId,
      sequence: String(at),
      correlationid: 'c-1',
      data,
    }) as CallEvent;
  const location = `${monitor}/q-sales-1.wav`;
  await createPublisher(bus).publishAll([
    event(1, 'offered', { direction: 'inbound', legId: 'l-1', pbxId: 'lab' }),
    event(2, 'answered', told),
    event(3, 'recording-ready', { recordingId: 'r-1', legId: 'l-1', location, startedAt, endedAt: startedAt }),
  ]);
}

test('omnileads - recordings by the names of their files: one by a redirect, many by links', async () => {
  const fixture = await startConsole();
  await fixture.config.applyAll(tenantId, [{ kind: 'tenant', entity: { id: tenantId, name: 'Acme' } }]);
  await startRecordings(fixture);
  await publishRecording(fixture);
  const base = fixture.service.url ?? '';
  const crm = scriptOf(base, await fixture.token(tenantId, 'recordings:read'));
  const url = '/api/v1/grabacion/archivo/';
  const found = await eventually(
    async () => {
      const answer = await crm.get(`${url}?filename=${encodeURIComponent(`${monitor}/q-sales-1.wav`)}`);
      return answer.status === 302 && answer;
    },
    { deadlineMs: 20_000, what: 'the recording' },
  );
  expect(await (await fetch(String(found.body))).text()).toBe(audio);

  const files = JSON.stringify(['q-sales-1.wav', 'nosuch.wav']);
  const many = await crm.form('/api/v1/grabacion/descarga_masiva', { files });
  expect(many).toMatchObject({ status: 200, body: { status: 'OK', files: [{ filename: 'q-sales-1.wav' }] } });
  const [link] = (many.body as { files: { url: string }[] }).files;
  expect(await (await fetch(link?.url ?? '')).text()).toBe(audio);

  expect(await crm.get(`${url}?filename=nosuch.wav`)).toMatchObject({ status: 404, body: { status: 'ERROR' } });
  const refused = (field: string) => ({
    status: 200,
    body: { status: 'ERROR', errors: { [field]: [expect.any(String)] } },
  });
  expect(await crm.get(url)).toMatchObject(refused('filename'));
  expect(await crm.form('/api/v1/grabacion/descarga_masiva/', { files: 'x' })).toMatchObject(refused('files'));
  const other = scriptOf(base, await fixture.token(tenantId, 'dispositions:read'));
  expect(await other.get(`${url}?filename=q-sales-1.wav`)).toMatchObject({ status: 403 });
  const foreign = scriptOf(base, await fixture.token('umbrella', 'recordings:read'));
  expect(await foreign.get(`${url}?filename=q-sales-1.wav`)).toMatchObject({ status: 404 });
});
