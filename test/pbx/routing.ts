import { randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import { type AmiClient, type AmiMessage, field } from '@patchcord/asterisk';
import { callRpc } from '@patchcord/bus';
import { callIdOf, rpc } from '@patchcord/contracts';
import { eventually, type RecordingServer, recordingServer } from '@patchcord/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startWorld, type World, worldTenant } from '../harness/world.ts';
import { hasLab, type Lab, startLab } from './lab/lab.ts';
import { type SipPhone, startPhone } from './sip-phone.ts';

/** Answers, then `AGI(${AGITEST})`, then tells how that went. */
const agiNumber = '+12025550108';
const numbers = {
  [agiNumber]: ['Answer()', `AGI(\${AGITEST})`, `UserEvent(AgiResult,AGISTATUS: \${AGISTATUS})`, 'Hangup()'],
};
const rule = {
  id: 'level',
  name: 'Level',
  fieldName: 'level',
  budgetMs: 8000,
  location: { type: 'ivr' },
  greeting: { prompt: 'beep', maxDigits: 4, inputTimeoutMs: 3000 },
  rows: [{ operator: '=', value: 'GOLD', destination: { type: 'queue', target: 'gold' } }],
  default: { type: 'extension', target: '100', voicemail: 'yes' },
  egress: { allowHttp: true, allowCidrs: ['127.0.0.0/8'] },
};

let world: World;
let crm: RecordingServer;
let answer: () => Promise<{ body: string }>;
let lab: Lab;
let pbx: AmiClient;
let caller: SipPhone;
let seen: AmiMessage[] = [];

export function describeRouting(): void {
  describe.skipIf(!hasLab)('routing by a rule on a real Asterisk', describeAll);
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** Every value that the channel variable had, oldest first. */
const valuesOf = (variable: string): (string | undefined)[] =>
  seen.filter((event) => field(event, 'Variable') === variable).map((event) => field(event, 'Value'));
const ended = () =>
  eventually(() => seen.find((event) => field(event, 'UserEvent') === 'AgiResult'), { what: 'the end of the AGI()' });

async function begin(): Promise<void> {
  lab = await startLab({ numbers });
  pbx = await lab.observe((event) => void seen.push(event));
  const port = await freePort();
  crm = await recordingServer(() => answer());
  world = await startWorld({
    services: ['call-ingest', 'session-store', 'crm-dispatcher', 'routing-decider'],
    env: {
      AMI_CONNECTIONS: JSON.stringify([{ pbxId: 'lab', tenantId: worldTenant, ...lab.ami, trunks: ['PJSIP/carrier'] }]),
      FASTAGI_PORT: String(port),
      FASTAGI_PBXS: JSON.stringify([{ pbxId: 'lab', tenantId: worldTenant, addresses: ['127.0.0.1'] }]),
      SECRETS_KEYS: `k1:${randomBytes(32).toString('base64')}`,
    },
  });
  await world.config.put(worldTenant, 'routing-rule', { ...rule, url: `${crm.url}/crm` });
  await lab.cli(`dialplan set global AGITEST agi://127.0.0.1:${port}/route/level`);
  caller = await startPhone({ user: '+14155550123', pbxPort: lab.sipPort });
}

function describeAll(): void {
  beforeAll(begin, 120_000);
  beforeEach(() => {
    seen = [];
  });
  afterAll(async () => {
    await caller?.close();
    pbx?.close();
    await world?.stop();
    await lab?.stop();
    await crm?.close();
  });

  test('a caller enters his number, and the CRM says where he goes; the session of his call says why', async () => {
    answer = async () => ({ body: '{"level":"GOLD"}' });
    const call = await caller.call(agiNumber);
    await eventually(() => valuesOf('CRM_OUTCOME').includes(''));
    await call.press('4711');
    const result = await ended();
    expect(field(result, 'AGISTATUS')).toBe('SUCCESS');
    expect(valuesOf('CRM_OUTCOME')).toEqual(['', 'matched']);
    expect(['TYPE', 'TARGET'].map((name) => valuesOf(`CRM_DESTINATION_${name}`).at(-1))).toEqual(['queue', 'gold']);
    expect(valuesOf('CRM_VALUE')).toEqual(['GOLD']);
    const callId = callIdOf('lab', field(result, 'Linkedid') ?? '');
    const asked = new URL(crm.seen.at(-1)?.url ?? '', crm.url).searchParams;
    expect(Object.fromEntries(asked)).toMatchObject({
      field_name: 'level',
      dtmf: '4711',
      caller: '+14155550123',
      called: agiNumber,
      call_id: callId,
    });
    const kept = await eventually(async () => {
      const reply = await callRpc(world.bus, rpc.readSession, { tenantId: worldTenant, callId }, { timeoutMs: 3000 });
      return reply.outcome === 'found' && reply.session.data?.['app.routing.level'];
    });
    expect(kept).toMatchObject({ outcome: 'matched', row: 0, value: 'GOLD', read: 'field' });
    await lab.quiet();
  });

  test('the service is killed while the CRM thinks: the dialplan goes on, and finds no outcome', async () => {
    answer = () => new Promise(() => undefined);
    const call = await caller.call(agiNumber);
    await eventually(() => valuesOf('CRM_OUTCOME').includes(''));
    const before = crm.seen.length;
    await call.press('4712');
    await eventually(() => crm.seen.length > before);
    await world.service('routing-decider').kill();
    expect(field(await ended(), 'AGISTATUS')).toBe('SUCCESS');
    expect(valuesOf('CRM_OUTCOME')).toEqual(['']);
    await lab.quiet();
  });
}
