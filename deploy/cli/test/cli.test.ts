import { createDeadLetters, serveRpc } from '@patchcord/bus';
import { type DeadLetter, rpc } from '@patchcord/contracts';
import { tokenHash } from '@patchcord/runtime/token';
import { expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { fileWith, patchcord, patchcordProcess, startCli } from './fixture.ts';

const letter: DeadLetter = {
  id: 'job-1',
  kind: 'job',
  tenantId: 'acme',
  service: 'crm-dispatcher',
  consumer: 'crm-dispatch-acme-site-orders',
  failure: { class: 'transient', code: 'http_503', message: 'the CRM answered 503' },
  attempts: 10,
  firstSeenAt: '2026-11-20T23:41:21.100Z',
  diedAt: '2026-11-22T12:41:21.100Z',
  jobId: 'job-1',
  payload: '{}',
};

test('dlq - listed, shown, replayed by id and by filter, discarded with a note', async () => {
  const { run, bus } = await startCli();
  const replay = serveRpc(bus, rpc.replayJob, async ({ deadLetter }) => ({
    outcome: deadLetter.id === 'job-3' ? ('gone' as const) : ('replayed' as const),
  }));
  const discard = serveRpc(bus, rpc.discardJob, async () => ({ outcome: 'discarded' as const }));
  onTestFinished(() => replay.stop());
  onTestFinished(() => discard.stop());
  const deadLetters = createDeadLetters(bus);
  for (const id of ['job-1', 'job-2', 'job-3', 'job-4']) await deadLetters.add({ ...letter, id, jobId: id });
  const list = await run(['dlq', 'list']);
  expect(list.out.split('\n')[0]).toMatch(/^died at +service +failure +attempts +id$/);
  expect([list.out.includes('job-2'), list.err]).toEqual([true, '4 of 4 open dead letters\n']);
  expect(JSON.parse((await run(['dlq', 'show', 'job-1'])).out)).toEqual(letter);
  expect(await run(['dlq', 'replay', 'job-1'])).toEqual({ code: 0, out: '', err: 'replayed job-1\n' });
  expect((await run(['dlq', 'discard', 'job-2', '--note', 'called back'])).code).toBe(0);
  const rest = await run(['dlq', 'replay', '--all', '--code', 'http_503']);
  expect([rest.code, rest.err]).toEqual([
    1,
    expect.stringMatching(/^replayed 1 of 2\nerror: 1 could not be replayed\n {2}job-3: .* \(gone\)\n$/),
  ]);
});

test('deliveries - shown as a table; what a CRM answered cannot steer the terminal', async () => {
  const { run, bus } = await startCli();
  const failure = { class: 'permanent' as const, code: 'x\u001b[2J', message: 'no' };
  const at = '2026-11-20T23:41:21.100Z';
  const served = serveRpc(bus, rpc.listDeliveries, async ({ tenantId, state }) => ({
    deliveries: [
      {
        workId: 'w',
        tenantId,
        callId: 'c-1',
        destination: { kind: 'site' as const, id: 'orders' },
        cause: 'answered' as const,
        state: state ?? 'dead',
        method: 'POST',
        url: 'https://crm.example',
        createdAt: at,
        updatedAt: at,
        attempts: [{ series: 1, attempt: 1, startedAt: at, durationMs: 3, failure }],
      },
    ],
  }));
  onTestFinished(() => served.stop());
  const { code, out } = await run(['deliveries', '--state', 'retrying']);
  expect([code, out]).toEqual([0, expect.stringMatching(/retrying +site-orders +answered +1 +x\\x1b\[2J +c-1/)]);
});

test('token mint - the entity to standard output, the token once to standard error; it works when it is applied', async () => {
  const { run, env } = await startCli();
  const minted = await run([
    'token',
    'mint',
    '--tenant',
    'acme',
    '--scopes',
    'sessions:read, events:write',
    '--id',
    'pbx',
  ]);
  const token = /pc_acme_\S+/.exec(minted.err)?.[0] ?? '';
  expect(minted.out).not.toContain(token);
  const sha256 = tokenHash(token);
  expect(parse(minted.out)).toEqual({
    'api-token': [{ id: 'pbx', name: 'pbx', sha256, scopes: ['sessions:read', 'events:write'] }],
  });
  await run(['config', 'apply', fileWith(minted.out)]);
  const live = await fetch(new URL('/v1/live', env.PATCHCORD_URL), { headers: { authorization: `Bearer ${token}` } });
  expect(live.status).toBe(200);
});

test.each([
  [['nonsense'], /unknown command 'nonsense'/],
  [['config', 'apply'], /missing required argument 'file'/],
  [['config', 'apply', '/nonexistent.yaml'], /nonexistent\.yaml: cannot be read \(ENOENT\)/],
  [['config', 'list', 'sites'], /"sites" is not a kind: expected one of tenant, api-token/],
  [['dlq', 'replay'], /expected ids, or --all/],
  [['dlq', 'replay', 'x', '--all'], /not both/],
  [['dlq', 'list', '--limit', '0'], /expected a number from 1 to 500, not "0"/],
  [['dlq', 'discard', 'x'], /required option '--note <text>' not specified/],
  [['deliveries', '--state', 'lost'], /Allowed choices are queued, retrying/],
  [['token', 'mint', '--tenant', 'a.b', '--scopes', 'admin'], /--tenant: expected only letters/],
  [['token', 'mint', '--tenant', 'acme', '--scopes', 'root'], /"root" is no scope: expected some of events:write/],
])('usage - refuses %j with exit code 2 and says what was expected', async (args, message) => {
  const { code, err, out } = await patchcord(args, { PATCHCORD_TOKEN: 'x' });
  expect([code, out]).toEqual([2, '']);
  expect(err).toMatch(message);
});

test.each([
  [{}, 2, /PATCHCORD_TOKEN is not set: set it to an API token/],
  [{ PATCHCORD_TOKEN: 'x', PATCHCORD_URL: 'localhost' }, 2, /PATCHCORD_URL: expected the address of the console/],
  [{ PATCHCORD_TOKEN_FILE: '/nonexistent' }, 2, /PATCHCORD_TOKEN_FILE: "\/nonexistent" cannot be read/],
  [
    { PATCHCORD_TOKEN: 'x', PATCHCORD_URL: 'http://127.0.0.1:9' },
    1,
    /does not answer at http:\/\/127\.0\.0\.1:9\n.*PATCHCORD_URL/,
  ],
])('environment - %j is refused with exit code %i and a remedy', async (env, exitCode, message) => {
  const { code, err } = await patchcord(['dlq', 'list'], env);
  expect([code, err]).toEqual([exitCode, expect.stringMatching(message)]);
});

test('environment - a token that is refused is told with its remedy; a token file is read', async () => {
  const { env } = await startCli();
  const refused = await patchcord(['dlq', 'list'], { ...env, PATCHCORD_TOKEN: 'pc_acme_x' });
  expect([refused.code, refused.err]).toEqual([
    1,
    expect.stringContaining('Set PATCHCORD_TOKEN to an API token that exists'),
  ]);
  const file = fileWith(`${env.PATCHCORD_TOKEN}\n`, 'token');
  const read = await patchcord(['dlq', 'list'], { PATCHCORD_URL: env.PATCHCORD_URL ?? '', PATCHCORD_TOKEN_FILE: file });
  expect([read.code, read.err]).toEqual([0, 'no dead letters\n']);
});

test('exit codes - of the process itself', async () => {
  expect((await patchcordProcess(['dlq', 'replay'])).code).toBe(2);
  expect((await patchcordProcess(['--help'])).code).toBe(0);
});

test('help - shows the commands with examples and ends with 0', async () => {
  const top = await patchcord(['--help']);
  expect([top.code, top.out]).toEqual([0, expect.stringMatching(/Exit codes[\s\S]*Examples:/)]);
  const apply = await patchcord(['config', 'apply', '--help']);
  expect([apply.code, apply.out]).toEqual([0, expect.stringContaining('--dry-run')]);
});
