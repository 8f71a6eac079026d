import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { mintToken, startTelemetry } from '@patchcord/runtime';
import { openDataFolder } from './data-folder.ts';
import { demoConfiguration, demoPbxId, demoTenant } from './demo/configuration.ts';
import { startDemoCrm } from './demo/crm/demo-crm.ts';
import { createGuide } from './demo/guide.ts';
import { offerGuide } from './demo/guide-server.ts';
import { type DemoPbx, startDemoPbx } from './demo/phone/demo-pbx.ts';
import { configure, createScenario, type Scenario, type ScenarioOptions } from './demo/scenario.ts';
import { type Told, tellingLine } from './demo/telling.ts';
import type { Options } from './options.ts';
import { createPortBook, type PortBook } from './ports.ts';
import { sealingKeySettings } from './sealing-key.ts';
import { startServers } from './servers/start.ts';
import { startHouse } from './services.ts';
import { createStops, type Stops } from './stops.ts';

const started = performance.now();
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const tell = (told: Told): void => say(tellingLine(performance.now() - started, told));
const note = (text: string): void => tell({ column: 'demo', text });

const root = join(import.meta.dirname, '../../..');
const recording = new URL('../../../libs/asterisk/fixtures/s4_ivr_agi.ami.jsonl', import.meta.url);
/** After the last event of the recording: after-call work, settling, and the record's way to the CRM. */
const arrivalDeadlineMs = 30_000;

async function run(options: Options, stops: Stops): Promise<void> {
  const data = await openDataFolder(process.env.PATCHCORD_DATA_DIR ?? join(root, '.patchcord/data'));
  stops.add('data folder', () => data.release());
  const ports = createPortBook(note);
  const servers = await startServers({ env: process.env, data, ports, log: note });
  stops.add('NATS and Redis', () => servers.stop());
  const telemetry = startTelemetry({ service: 'patchcord' });
  stops.add('telemetry', () => telemetry.shutdown());

  const around = await startAround(ports, stops);
  const demoPort = options.once ? undefined : await ports.take('demo telephone', 8091);
  const demoUrl = demoPort === undefined ? undefined : `http://127.0.0.1:${demoPort}`;
  const house = await startHouse({
    ports,
    env: {
      // The demo's CRM listens on this machine; whoever names addresses of his own decides alone.
      EGRESS_ALLOWED_CIDRS: '127.0.0.1/32',
      ...serviceEnvironment(),
      ...(await sealingKeySettings(process.env, data)),
      ...(demoUrl === undefined ? {} : { CONSOLE_DEMO_URL: demoUrl }),
      NATS_URL: servers.natsUrl,
      REDIS_URL: servers.redisUrl,
      AMI_CONNECTIONS: JSON.stringify([connectionTo(around.pbx)]),
    },
  });
  stops.add('services', () => house.stop());
  const { token, sha256 } = mintToken(demoTenant);
  await configure(house.config, demoConfiguration(around.crm.url, sha256));
  note(`all services are up after ${((performance.now() - started) / 1000).toFixed(1)} s`);
  const api = {
    routingUrl: house.urls['routing-decider'] ?? '',
    dispositionUrl: house.urls.disposition ?? '',
    consoleUrl: house.urls.console ?? '',
    token,
  };
  const scenario = await around.begin({ natsUrl: servers.natsUrl, api, recording, tell });
  stops.add('demo', () => scenario.close());
  await playOnce(scenario, options);
  if (demoPort === undefined || demoUrl === undefined) return stops.run();
  const links = await offerGuide({ ...around, api, port: demoPort }, stops);
  welcome({ urls: house.urls, crmUrl: around.crm.url, token, links: links.map((key) => `${demoUrl}/${key}`) });
  offerAnother(scenario, options);
}

const amiUser = { username: 'patchcord', secret: 'demo' };

const connectionTo = ({ ami: { host, port } }: DemoPbx) => ({
  pbxId: demoPbxId,
  tenantId: demoTenant,
  host,
  port,
  ...amiUser,
});

/** Everybody around Patchcord: the CRM, the PBX, and who knows how far a newcomer is. */
async function startAround(ports: PortBook, stops: Stops) {
  let scenario: Scenario | undefined;
  const port = await ports.take('demo CRM', 8090);
  const guide = createGuide(`http://127.0.0.1:${port}`);
  const crm = await startDemoCrm({
    port,
    onRequest: (request) => {
      scenario?.seen(request);
      guide.onRequest(request);
    },
  });
  stops.add('demo CRM', () => crm.close());
  crm.answerLookup('plan', 'GOLD');
  const pbx = await startDemoPbx({ ...amiUser, mayRing: () => !guide.afterCallWork() });
  stops.add('demo PBX', () => pbx.close());
  const begin = async (options: Pick<ScenarioOptions, 'natsUrl' | 'api' | 'recording' | 'tell'>): Promise<Scenario> => {
    scenario = await createScenario({ ...options, pbx: pbx.ami, onEvent: (event) => guide.onEvent(event) });
    return scenario;
  };
  return { crm, pbx, guide, begin };
}

async function playOnce(scenario: Scenario, { speed, once }: Options): Promise<void> {
  note('a recorded call of a real Asterisk begins');
  const lacking = await scenario.play({ speed, deadlineMs: arrivalDeadlineMs });
  if (lacking.length === 0) return note('everything arrived');
  note(`did not arrive: ${lacking.join('; ')}`);
  if (once) process.exitCode = 1;
}

/** The environment without what only this process reads: the services refuse settings that they do not know. */
function serviceEnvironment(): Record<string, string> {
  const { PATCHCORD_DATA_DIR: _, HTTP_PORT: __, ...rest } = process.env;
  const given = Object.entries(rest).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return { LOG_LEVEL: 'warn', ...Object.fromEntries(given) };
}

interface Welcome {
  readonly urls: Readonly<Record<string, string>>;
  readonly crmUrl: string;
  readonly token: string;
  /** Of the agent and of the administrator. */
  readonly links: readonly string[];
}

function welcome({ urls, crmUrl, token, links: [agent = '', administrator = ''] }: Welcome): void {
  say('');
  say('  Open this first: you are Ana, an agent. The page says what to do.');
  say('');
  say(`    agent desk      ${agent}`);
  say('');
  say(`  administration  ${administrator}`);
  say(`  demo CRM        ${crmUrl}`);
  say(`  API             ${urls.console}/docs`);
  say(`  events in       ${urls['call-ingest']}/docs`);
  say(`  API token       ${token}`);
  say('');
  say('  Enter plays the recorded call again, Ctrl-C ends.');
}

function offerAnother(scenario: Scenario, options: Options): void {
  if (!process.stdin.isTTY) return;
  let playing = false;
  createInterface({ input: process.stdin }).on('line', () => {
    if (playing) return;
    playing = true;
    void playOnce(scenario, options).finally(() => {
      playing = false;
    });
  });
}

/** Starts everything and plays the call; what goes wrong is said in a sentence and makes the exit code 1. */
export async function begin(options: Options): Promise<void> {
  const stops = createStops(say);
  stops.onSignals();
  try {
    await run(options, stops);
  } catch (error) {
    say(`\npatchcord: ${(error as Error).message}`);
    process.exitCode = 1;
    await stops.run();
  }
}
