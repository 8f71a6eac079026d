import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { callIdOf } from '@patchcord/contracts';
import { mintToken, type Service } from '@patchcord/runtime';
import { eventually } from '@patchcord/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { rebuildSessions } from '../src/rebuild.ts';
import { callEvent, queueCall } from './call-script.ts';
import { type Fixture, startFixture } from './fixture.ts';

let fixture: Fixture;
let service: Service;
let folder: string;
let token: string;
const audio = Buffer.from(Array.from({ length: 1000 }, (_, at) => at % 256));
const monitor = '/var/spool/asterisk/monitor';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'recordings-'));
  fixture = await startFixture();
  const minted = mintToken('acme');
  ({ token } = minted);
  const { sha256 } = minted;
  await fixture.config.put('acme', 'api-token', { id: 'archive', name: 'A', sha256, scopes: ['recordings:read'] });
  service = await fixture.startReplica({
    RECORDINGS_STORES: JSON.stringify([{ tenantId: 'acme', kind: 'directory', path: folder, stripPrefix: monitor }]),
    RECORDINGS_INDEX_DAYS: '3650',
  });
});
afterAll(async () => {
  await fixture.stop();
  await rm(folder, { recursive: true });
});

const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(`${service.url}${path}`, { headers: { authorization: `Bearer ${token}`, ...headers } });
const json = async (path: string): Promise<Record<string, unknown>> => (await get(path)).json() as never;

interface Listed {
  readonly recordings: { recordingId: string; callId: string; agentIds: string[] }[];
  readonly cursor?: string;
}
const list = async (search = ''): Promise<Listed> => (await json(`/v1/recordings${search}`)) as never;

/** The recording of a call, `atSeconds` after the start of the scripts. */
function ready(call: string, recordingId: string, atSeconds: number, more: object = {}) {
  const startedAt = new Date(Date.parse('2026-11-20T23:41:21.100Z') + atSeconds * 1000).toISOString();
  const endedAt = new Date(Date.parse(startedAt) + 4000).toISOString();
  const location = `${monitor}/${recordingId}.wav`;
  return callEvent({ call }, 20_000 + atSeconds, [
    'recording-ready',
    { recordingId, legId: 'l-1', location, startedAt, endedAt, ...more },
  ]);
}

async function played(call: string, ...recordings: ReturnType<typeof ready>[]) {
  await fixture.publisher.publishAll([...queueCall({ call }).slice(0, -1), ...recordings]);
  const last = recordings.at(-1)?.data as { recordingId: string };
  await eventually(async () => (await get(`/v1/recordings/${last.recordingId}`)).status === 200);
}

test('recordings - of a call, an agent, a time; found when the call itself is forgotten', async () => {
  await played('rec1', ready('rec1', 'r-one', 9), ready('rec1', 'r-other-leg', 1, { legId: 'l-9' }));
  const callId = callIdOf('lab', 'rec1');
  await fixture.redis.del(`pc:1:{acme:${callId}}:session`, `pc:1:{acme:${callId}}:events`);
  expect(await json('/v1/recordings/r-one')).toEqual({
    recordingId: 'r-one',
    callId,
    legId: 'l-1',
    agentIds: ['1002'],
    location: `${monitor}/r-one.wav`,
    fileName: 'r-one.wav',
    startedAt: '2026-11-20T23:41:30.100Z',
    endedAt: '2026-11-20T23:41:34.100Z',
    durationMs: 4000,
  });
  const ids = async (search: string) => (await list(search)).recordings.map(({ recordingId }) => recordingId);
  expect(await ids(`?callId=${callId}`)).toEqual(['r-one', 'r-other-leg']);
  expect(await ids('?agentId=1002')).toContain('r-one');
  expect(await ids('?agentId=1002')).not.toContain('r-other-leg');
  expect(await ids(`?callId=${callId}&agentId=1002`)).toEqual(['r-one']);
  expect(await ids('?agentId=1001')).toEqual([]);
  expect(await ids(`?callId=${callId}&from=2026-11-20T23:41:30.100Z`)).toEqual(['r-one']);
  expect(await ids(`?callId=${callId}&to=2026-11-20T23:41:30.100Z`)).toEqual(['r-other-leg']);
  expect(await ids(`?callId=${callId}&to=2026-11-21T00:41:30.101%2B01:00`)).toEqual(['r-one', 'r-other-leg']);
});

test('recordings - pages hold each recording once, also those of the same moment', async () => {
  const all = Array.from({ length: 25 }, (_, at) =>
    ready('rec2', `r-page-${at}`, 100 + Math.floor(at / 5), { endedAt: undefined }),
  );
  // Events of one second would have the same id.
  const distinct = all.map((event, at) => ({ ...event, id: `${event.id}-${at}`, sequence: String(1000 + at) }));
  await fixture.publisher.publishAll([...queueCall({ call: 'rec2' }).slice(0, 2), ...distinct]);
  const callId = callIdOf('lab', 'rec2');
  await eventually(async () => (await list(`?callId=${callId}`)).recordings.length === 25);
  const seen: string[] = [];
  let cursor = '';
  for (let page = 0; page < 10; page += 1) {
    const { recordings, cursor: next } = await list(`?callId=${callId}&limit=4${cursor}`);
    seen.push(...recordings.map(({ recordingId }) => recordingId));
    if (next === undefined) break;
    cursor = `&cursor=${next}`;
  }
  expect(seen).toHaveLength(25);
  expect(new Set(seen).size).toBe(25);
  expect(seen[0]).toMatch(/^r-page-2\d$/);
});

test('recordings - a late answer puts the agent who is heard into the index', async () => {
  const events = queueCall({ call: 'rec3' }).slice(0, -1);
  const answered = events.filter(({ type }) => type.endsWith('.answered'));
  const before = events.filter((event) => !answered.includes(event));
  await fixture.publisher.publishAll([...before, ready('rec3', 'r-late', 9)]);
  await eventually(async () => (await get('/v1/recordings/r-late')).status === 200);
  await fixture.publisher.publishAll(answered);
  const one = await eventually(async () => {
    const { recordings } = await list(`?agentId=1002&callId=${callIdOf('lab', 'rec3')}`);
    return recordings[0];
  });
  expect(one).toMatchObject({ recordingId: 'r-late', agentIds: ['1002'] });
});

test('recordings - a lost index is made again by rebuild', async () => {
  await played('rec4', ready('rec4', 'r-rebuilt', 9));
  await fixture.redis.flushall();
  expect((await get('/v1/recordings/r-rebuilt')).status).toBe(404);
  await rebuildSessions(fixture, { tenantId: 'acme' });
  expect(await json('/v1/recordings/r-rebuilt')).toMatchObject({ agentIds: ['1002'] });
  expect((await list(`?callId=${callIdOf('lab', 'rec4')}`)).recordings).toHaveLength(1);
});

async function linkTo(recordingId: string, body: object = {}): Promise<{ url: string; expiresAt: string }> {
  const answer = await fetch(`${service.url}/v1/recordings/${recordingId}/link`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect(answer.status).toBe(200);
  return answer.json() as never;
}

test('recording file - by its link, whole and in ranges, without any other token', async () => {
  await played('rec5', ready('rec5', 'r-file', 9));
  await writeFile(join(folder, 'r-file.wav'), audio);
  const { url, expiresAt } = await linkTo('r-file', { ttlSeconds: 60 });
  expect(Date.parse(expiresAt) - Date.now()).toBeLessThanOrEqual(60_000);
  expect(url.startsWith(`${service.url}/v1/recordings/file?token=`)).toBe(true);

  const whole = await fetch(url);
  expect(whole.status).toBe(200);
  expect(Object.fromEntries(whole.headers)).toMatchObject({
    'content-type': 'audio/wav',
    'content-length': '1000',
    'accept-ranges': 'bytes',
    'content-disposition': 'inline; filename="r-file.wav"',
    'cross-origin-resource-policy': 'cross-origin',
    'x-content-type-options': 'nosniff',
  });
  expect(Buffer.from(await whole.arrayBuffer())).toEqual(audio);

  const part = await fetch(url, { headers: { range: 'bytes=100-199' } });
  expect(part.status).toBe(206);
  expect(part.headers.get('content-range')).toBe('bytes 100-199/1000');
  expect(Buffer.from(await part.arrayBuffer())).toEqual(audio.subarray(100, 200));
  const end = await fetch(url, { headers: { range: 'bytes=-1' } });
  expect(Buffer.from(await end.arrayBuffer())).toEqual(audio.subarray(999));

  const behind = await fetch(url, { headers: { range: 'bytes=1000-' } });
  expect([behind.status, behind.headers.get('content-range')]).toEqual([416, 'bytes */1000']);
  const head = await fetch(url, { method: 'HEAD' });
  expect([head.status, head.headers.get('content-length')]).toEqual([200, '1000']);

  const etag = whole.headers.get('etag') ?? '';
  const same = await fetch(url, { headers: { range: 'bytes=0-9', 'if-range': etag } });
  expect(same.status).toBe(206);
  await same.arrayBuffer();
  const changed = await fetch(url, { headers: { range: 'bytes=0-9', 'if-range': '"another"' } });
  expect([changed.status, (await changed.arrayBuffer()).byteLength]).toEqual([200, 1000]);
});

test('recording file - one that is not there yet is not found, and says what to check', async () => {
  await played('rec6', ready('rec6', 'r-missing', 9));
  const { url } = await linkTo('r-missing');
  const answer = await fetch(url);
  expect(answer.status).toBe(404);
  const { error } = (await answer.json()) as { error: { code: string; message: string } };
  expect(error.code).toBe('recording_not_ready');
  expect(error.message).toContain('RECORDINGS_STORES');
  expect(error.message).not.toContain(folder);
});

test('recording file - a listener who leaves in the middle leaves no open file', async () => {
  await played('rec7', ready('rec7', 'r-long', 9));
  await writeFile(join(folder, 'r-long.wav'), Buffer.alloc(20_000_000));
  const { url } = await linkTo('r-long');
  for (let nth = 0; nth < 5; nth += 1) {
    const controller = new AbortController();
    const answer = await fetch(url, { signal: controller.signal });
    await answer.body?.getReader().read();
    controller.abort();
  }
  expect((await fetch(url, { headers: { range: 'bytes=0-0' } })).status).toBe(206);
  const { readdir, readlink } = await import('node:fs/promises');
  await eventually(async () => {
    const links = await Promise.all(
      (await readdir('/proc/self/fd')).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')),
    );
    return links.every((link) => !link.endsWith('r-long.wav'));
  });
});

test('refuses a link that was changed, and one that has expired', async () => {
  const { url } = await linkTo('r-file');
  expect((await fetch(`${url}x`)).status).toBe(403);
  expect((await fetch(`${service.url}/v1/recordings/file?token=nonsense`)).status).toBe(403);
  expect((await fetch(`${service.url}/v1/recordings/file`)).status).toBe(400);
});

test("refuses an unknown recording, another tenant's, and who has no token or not the scope", async () => {
  expect((await get('/v1/recordings/nosuch')).status).toBe(404);
  const other = mintToken('other');
  await fixture.config.put('other', 'api-token', {
    id: 'archive',
    name: 'A',
    sha256: other.sha256,
    scopes: ['recordings:read'],
  });
  const foreign = { authorization: `Bearer ${other.token}` };
  await eventually(async () => (await get('/v1/recordings', foreign)).status === 200);
  expect((await get('/v1/recordings/r-file', foreign)).status).toBe(404);
  expect(await (await get('/v1/recordings', foreign)).json()).toEqual({ recordings: [] });
  expect((await get('/v1/recordings', { authorization: `Bearer ${fixture.token}` })).status).toBe(403);
  expect((await get('/v1/recordings', { authorization: '' })).status).toBe(401);
});

test("an agent's token hears what the agent is heard in, and nothing else", async () => {
  await played('rec8', ready('rec8', 'r-mine', 9), ready('rec8', 'r-not-mine', 1, { legId: 'l-9' }));
  const agent = mintToken('acme');
  await fixture.config.put('acme', 'api-token', {
    id: 'agent-1002',
    name: 'A',
    sha256: agent.sha256,
    scopes: ['recordings:read'],
    agentId: '1002',
  });
  const as = { authorization: `Bearer ${agent.token}` };
  await eventually(async () => (await get('/v1/recordings', as)).status === 200);
  const { recordings } = (await (await get(`/v1/recordings?callId=${callIdOf('lab', 'rec8')}`, as)).json()) as Listed;
  expect(recordings.map(({ recordingId }) => recordingId)).toEqual(['r-mine']);
  expect((await get('/v1/recordings/r-mine', as)).status).toBe(200);
  expect((await get('/v1/recordings/r-not-mine', as)).status).toBe(404);
  expect((await get('/v1/recordings?agentId=1001', as)).status).toBe(403);
  const link = await fetch(`${service.url}/v1/recordings/r-not-mine/link`, {
    method: 'POST',
    headers: { ...as, 'content-type': 'application/json' },
    body: '{}',
  });
  expect(link.status).toBe(404);
});

test.each(['from=yesterday', 'cursor=nonsense', 'agent=1002', 'limit=0'])('refuses ?%s by its name', async (search) => {
  const answer = await get(`/v1/recordings?${search}`);
  expect(answer.status).toBe(400);
  expect(await answer.text()).toContain(search.split('=')[0]);
});
