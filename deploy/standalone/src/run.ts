import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { mintToken, startTelemetry } from '@patchcord/runtime';
import { startAmiReplayServer, startFakeCrm } from '@patchcord/testkit';
import { openDataFolder } from './data-folder.ts';
import { demoConfiguration, demoTenant } from './demo/configuration.ts';
import { configure, createScenario, type Scenario } from './demo/scenario.ts';
import { type Told, tellingLine } from './demo/telling.ts';
import type { Options } from './options.ts';
import { createPortBook } from './ports.ts';
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

  let scenario: Scenario | undefined;
  const crm = await startFakeCrm({
    port: await ports.take('demo CRM', 8090),
    onRequest: (request) => scenario?.seen(request),
  });
  stops.add('demo CRM', () => crm.close());
  crm.answerLookup('plan', 'GOLD');
  const pbx = await startAmiReplayServer({ username: 'patchcord', secret: 'demo' });
  stops.add('demo PBX', () => pbx.stop());
  const ami = [
    { pbxId: 'demo', tenantId: demoTenant, host: pbx.host, port: pbx.port, username: 'patchcord', secret: 'demo' },
  ];
  const house = await startHouse({
    ports,
    env: {
      // The demo's CRM listens on this machine; whoever names addresses of his own decides alone.
      EGRESS_ALLOWED_CIDRS: '127.0.0.1/32',
      ...serviceEnvironment(),
      ...(await sealingKeySettings(process.env, data)),
      NATS_URL: servers.natsUrl,
      REDIS_URL: servers.redisUrl,
      AMI_CONNECTIONS: JSON.stringify(ami),
    },
  });
  stops.add('services', () => house.stop());
  const { token, sha256 } = mintToken(demoTenant);
  await configure(house.config, demoConfiguration(crm.url, sha256));
  note(`all services are up after ${((performance.now() - started) / 1000).toFixed(1)} s`);
  const api = {
    routingUrl: house.urls['routing-decider'] ?? '',
    dispositionUrl: house.urls.disposition ?? '',
    consoleUrl: house.urls.console ?? '',
    token,
  };
  scenario = await createScenario({ natsUrl: servers.natsUrl, api, crm, pbx, recording, tell });
  stops.add('demo', async () => scenario?.close());
  await playOnce(scenario, options);
  if (options.once) return stops.run();
  welcome(house.urls, crm.url, token);
  offerAnother(scenario, options);
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

function welcome(urls: Readonly<Record<string, string>>, crmUrl: string, token: string): void {
  say('');
  say(`  live calls      ${urls.console}/#token=${token}`);
  say(`  admin API       ${urls.console}/docs`);
  say(`  events in       ${urls['call-ingest']}/docs`);
  say(`  demo CRM        ${crmUrl}`);
  say(`  API token       ${token}`);
  say('');
  say('  Enter plays the call again, Ctrl-C ends.');
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
