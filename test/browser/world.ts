import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { mintToken, startTelemetry } from '@patchcord/runtime';
import { type House, startHouse } from '@patchcord/standalone';
import { eventually, type FakeCrm, startFakeCrm, startServers } from '@patchcord/testkit';
import { type Browser, chromium } from 'playwright-core';
import { postEvents } from '../harness/post-events.ts';
import { worldTenant } from '../harness/world.ts';
import { findChromium } from '../packages/chromium.ts';
import { type Person, passwordOf, people, peopleConfiguration } from './people.ts';
import { createVisits, type Visit, type Visitor } from './visitor.ts';

/** The house with its people, and a browser: once per test file. */
export interface BrowserWorld {
  /** Of the console. */
  readonly url: string;
  /** An administrator's API token. */
  readonly token: string;
  readonly crm: FakeCrm;
  /** Of the other services, by their names. */
  readonly urls: House['urls'];
  readonly config: House['config'];
  /** For stories that stand where another process would. */
  readonly natsUrl: string;
  /** Opens a page in a browser profile of its own; closed, and looked at for errors, when the test is over. */
  visit(options?: Visit): Promise<Visitor>;
  /** The PBX tells these events. */
  tell(events: readonly unknown[]): Promise<void>;
  /** The platform of chats, mails and messages tells these. */
  tellDigital(events: readonly unknown[]): Promise<void>;
  /** Asks the console's API as an administrator; resolves to the answer, whatever its status. */
  ask(path: string, init?: { readonly method?: string; readonly body?: unknown }): Promise<Response>;
  /** The console ends, and nobody listens at its address. */
  endConsole(): Promise<void>;
  /** On the same port, with the same key: who was signed in still is. */
  beginConsole(): Promise<void>;
  stop(): Promise<void>;
}

const found = process.env.PATCHCORD_CHROMIUM === '0' ? undefined : findChromium();
export const hasBrowser = found !== undefined;

if (!hasBrowser)
  console.log(
    'tests: no Chromium here, the tests in a browser are skipped; `npm test` or PATCHCORD_CHROMIUM=1 fetches one on Debian',
  );

const others = ['crm-dispatcher', 'disposition', 'routing-decider', 'session-store', 'call-ingest'];

/** `settings`: of the services, beside those that every story has. */
export async function startBrowserWorld(settings: Record<string, string> = {}): Promise<BrowserWorld> {
  const [servers, crm, browser] = await Promise.all([startServers(), startFakeCrm(), launchBrowser()]);
  const env = {
    LOG_LEVEL: 'fatal',
    NATS_URL: servers.nats.url,
    REDIS_URL: servers.redis.url,
    AFTER_CALL_SETTLE_MS: '200',
    EGRESS_ALLOWED_CIDRS: '127.0.0.0/8',
    SECRETS_KEYS: `k1:${randomBytes(32).toString('base64')}`,
    CONSOLE_SESSION_KEY: randomBytes(32).toString('base64'),
    ...settings,
  };
  // So that what is told has traces.
  const telemetry = startTelemetry({ service: 'patchcord' });
  const house = await startHouse({ ports: { take: freePort }, env, only: others });
  const consolePort = await freePort();
  const consoleEnv = { CONSOLE_PUBLIC_URL: `http://127.0.0.1:${consolePort}`, ...env };
  const beginConsole = (): Promise<House> =>
    startHouse({ ports: { take: async () => consolePort }, env: consoleEnv, only: ['console'] });
  let console_ = await beginConsole();
  const url = console_.urls.console ?? '';
  const { token, sha256 } = mintToken(worldTenant);
  await house.config.applyAll(worldTenant, peopleConfiguration(crm.url, sha256));
  const ask: BrowserWorld['ask'] = (path, options) => askAs({ url, token }, path, options);
  await eventually(async () => (await ask('/v1/config/user/vera')).ok, { what: 'the people at the console' });
  await Promise.all((Object.keys(people) as Person[]).map((person) => setPassword(ask, person)));
  return {
    url,
    token,
    crm,
    urls: house.urls,
    config: house.config,
    natsUrl: servers.nats.url,
    visit: createVisits({ browser, url }),
    tell: async (events) => void (await postEvents({ url: () => house.urls['call-ingest'] ?? '', token }, events)),
    tellDigital: async (events) =>
      void (await postEvents(
        { url: () => house.urls['call-ingest'] ?? '', token, path: '/v1/digital-events' },
        events,
      )),
    ask,
    endConsole: () => console_.stop(),
    beginConsole: async () => {
      console_ = await beginConsole();
    },
    stop: async () => {
      await browser.close();
      await console_.stop();
      await house.stop();
      await Promise.all([servers.stop(), crm.close(), telemetry.shutdown()]);
    },
  };
}

/** The flags keep it from asking anybody anything. */
export async function launchBrowser(): Promise<Browser> {
  if (found === undefined) throw new Error('there is no Chromium on this machine');
  const { executablePath, env } = found;
  const quiet = ['quic', 'background-networking', 'component-update', 'sync'].map((name) => `--disable-${name}`);
  const args = ['--no-sandbox', '--disable-gpu', '--no-first-run', ...quiet];
  return chromium.launch({ executablePath, env: { ...process.env, ...env }, headless: true, args });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => void server.close(() => resolve()));
  return port;
}

async function askAs(
  { url, token }: { readonly url: string; readonly token: string },
  path: string,
  { method = 'GET', body }: { readonly method?: string; readonly body?: unknown } = {},
): Promise<Response> {
  return fetch(new URL(path, url), {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

async function setPassword(ask: BrowserWorld['ask'], person: Person): Promise<void> {
  const path = `/v1/users/${people[person].username}/password`;
  const answer = await ask(path, { method: 'PUT', body: { password: passwordOf(person) } });
  if (!answer.ok) throw new Error(`no password for ${person}: ${await answer.text()}`);
}
