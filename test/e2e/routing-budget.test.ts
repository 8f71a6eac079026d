import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { type RoutingDecision, routingDecision } from '@patchcord/contracts';
import { eventually } from '@patchcord/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startWorld, type World, worldTenant } from '../harness/world.ts';

/** The time that each caller has, and how late he may be answered by a machine that is busy with other tests (ms). */
const budgetMs = 500;
const graceMs = 500;
/** So many ask at once; `npm run bench` measures with 200. */
const crowd = 50;

/** What CRMs do that hang, to each connection. */
const hanging: Readonly<Record<string, (socket: Socket) => void>> = {
  'never answers': () => undefined,
  'stalls after its headers': (socket) => void socket.write('HTTP/1.1 200 OK\r\ncontent-length: 16\r\n\r\n'),
  'stalls within its headers': (socket) => void socket.write('HTTP/1.1 200 OK\r\ncontent-'),
  'answers a byte now and then': (socket) => {
    socket.write('HTTP/1.1 200 OK\r\ncontent-length: 9999\r\n\r\n');
    const timer = setInterval(() => socket.write('x'), 20);
    socket.once('close', () => clearInterval(timer));
  },
};
const troubles = ['a dispatcher that is killed', 'a dispatcher that hangs', 'a NATS that is gone'] as const;

let world: World;
let hole: BlackHole;
const crms = new Map<string, Server>();
const ruleOf = (what: string): string => what.replaceAll(' ', '-');

beforeAll(async () => {
  hole = await openBlackHole();
  for (const [what, on] of Object.entries(hanging)) crms.set(what, await startCrm(on));
  for (const what of troubles) crms.set(what, await startCrm(() => undefined));
  world = await startWorld({ services: ['crm-dispatcher', 'routing-decider'] });
  const rules = [...crms].map(([what, server]) => rule(what, portOf(server)));
  await world.config.applyAll(worldTenant, [
    ...rules,
    rule('cannot be reached', hole.port),
    rule('the last', hole.port),
  ]);
  await eventually(async () => (await decide('the last')).outcome === 'timeout', { deadlineMs: 20_000 });
}, 120_000);
afterAll(async () => {
  await world?.stop();
  for (const server of crms.values()) server.close();
  await hole?.close();
});

const rule = (what: string, port: number) => ({
  kind: 'routing-rule' as const,
  entity: {
    id: ruleOf(what),
    name: what,
    url: `http://127.0.0.1:${port}/lookup`,
    fieldName: 'status',
    budgetMs,
    default: { type: 'queue', target: 'general' },
    on: { timeout: { type: 'queue', target: 'too-late' }, error: { type: 'queue', target: 'too-late' } },
    egress: { allowHttp: true, allowCidrs: ['127.0.0.0/8'] },
  },
});

let callers = 0;

/** By a caller of his own, so that nobody shares another's question. */
async function decide(what: string): Promise<RoutingDecision> {
  callers += 1;
  const url = `${world.service('routing-decider').url}/v1/routing/${ruleOf(what)}/decide?ani=${5_550_000 + callers}`;
  return routingDecision.parse(
    await (await fetch(url, { headers: { authorization: `Bearer ${world.token}` } })).json(),
  );
}

/** What many who ask at once are answered, and how long the last of them waited from when his question was there. */
async function askAtOnce(what: string): Promise<{ readonly outcomes: Set<string>; readonly lastMs: number }> {
  const decisions = await Promise.all(Array.from({ length: crowd }, () => decide(what)));
  const lastMs = Math.max(...decisions.map(({ durationMs }) => durationMs));
  for (const { destination } of decisions) expect(destination.target).toBe('too-late');
  return { outcomes: new Set(decisions.map(({ outcome }) => outcome)), lastMs };
}

test.each([...Object.keys(hanging), 'cannot be reached'])(
  'routing - many callers at once at a CRM that %s: each has his answer at the end of his time',
  async (what) => {
    const { outcomes, lastMs } = await askAtOnce(what);
    expect(outcomes).toEqual(new Set(['timeout']));
    expect(lastMs).toBeGreaterThan(budgetMs * 0.8);
    expect(lastMs).toBeLessThan(budgetMs + graceMs);
  },
);

test('routing - a dispatcher that is killed with many lookups under way costs no caller more than his time', async () => {
  const dispatcher = world.service('crm-dispatcher');
  const answers = askAtOnce('a dispatcher that is killed');
  await connected('a dispatcher that is killed');
  await dispatcher.kill();
  try {
    expect((await answers).lastMs).toBeLessThan(budgetMs + graceMs);
  } finally {
    await dispatcher.start();
  }
});

test('routing - a dispatcher that hangs with many lookups under way costs no caller more than his time', async () => {
  const { pid } = world.service('crm-dispatcher');
  const answers = askAtOnce('a dispatcher that hangs');
  await connected('a dispatcher that hangs');
  process.kill(pid, 'SIGSTOP');
  try {
    const { outcomes, lastMs } = await answers;
    expect(outcomes).toEqual(new Set(['timeout']));
    expect(lastMs).toBeLessThan(budgetMs + graceMs);
  } finally {
    process.kill(pid, 'SIGCONT');
  }
});

test('routing - NATS that is gone with many lookups under way costs no caller more than his time', async () => {
  const answers = askAtOnce('a NATS that is gone');
  await connected('a NATS that is gone');
  await world.nats.kill();
  expect((await answers).lastMs).toBeLessThan(budgetMs + graceMs);
});

/** Resolves when the CRM of this trouble is asked. */
const connected = (what: string): Promise<unknown> => {
  const server = crms.get(what);
  return server === undefined ? Promise.reject(new TypeError(what)) : once(server, 'connection');
};

async function startCrm(on: (socket: Socket) => void): Promise<Server> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => on(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port;

interface BlackHole {
  readonly port: number;
  close(): Promise<void>;
}

const listenInVain = `require('node:net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, function () {
  console.log(this.address().port);
});`;

/** A port whose process takes no connection and whose queue of them is full: the kernel answers no SYN any more. */
async function openBlackHole(): Promise<BlackHole> {
  const child: ChildProcess = spawn(process.execPath, ['-e', listenInVain], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(child.stdout ?? child, 'data')) as [Buffer];
  const port = Number(line.toString());
  child.kill('SIGSTOP');
  const waiting = Array.from({ length: 8 }, () => connect(port, '127.0.0.1').on('error', () => undefined));
  await eventually(() => waiting.some(({ connecting }) => !connecting));
  return {
    port,
    close: async () => {
      for (const socket of waiting) socket.destroy();
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}
