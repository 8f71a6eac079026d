import { randomBytes } from 'node:crypto';
import { callRpc, storedMessages } from '@patchcord/bus';
import { type CrmConnection, crmConnection, type Memorialized, rpc } from '@patchcord/contracts';
import { eventually } from '@patchcord/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { crmConnectors, openCrm } from '../../libs/connectors/src/index.ts';
import type { FakeCrm } from '../../libs/connectors/test/crm/conformance/index.ts';
import { createEgress, type Egress } from '../../libs/egress/src/index.ts';
import { answeredCall, type ScriptedCall } from '../harness/calls.ts';
import { type CrmFake, connectionTo, crmFakes } from '../harness/crm-fakes.ts';
import { postEvents } from '../harness/post-events.ts';
import { startWorld, type World, worldTenant } from '../harness/world.ts';

const services = ['call-ingest', 'session-store', 'crm-dispatcher', 'disposition'] as const;
const recordingUrl = 'https://recordings.example.test/r/1.wav';
const comments = 'Sends the order again.';

let world: World;
let egress: Egress;
const fakes = new Map<string, FakeCrm>();

beforeAll(async () => {
  egress = createEgress();
  world = await startWorld({
    services,
    env: { SECRETS_KEYS: `k1:${randomBytes(32).toString('base64')}` },
  });
  await Promise.all(crmFakes.map(async (of) => fakes.set(of.connector, await of.start())));
  const configured = crmFakes.map((of) => configurationOf(of, fakeOf(of)));
  const secrets = Object.assign({}, ...configured.map((one) => one.secrets)) as Record<string, string>;
  for (const [id, value] of Object.entries(secrets))
    await callRpc(world.bus, rpc.putSecret, { tenantId: worldTenant, id, value }, { timeoutMs: 5000 });
  await world.config.applyAll(worldTenant, [...kept(), ...configured.flatMap(({ entities }) => entities)]);
}, 120_000);

afterAll(async () => {
  await world?.stop();
  await egress?.close();
  await Promise.all([...fakes.values()].map((fake) => fake.close()));
});

function fakeOf({ connector }: CrmFake): FakeCrm {
  const fake = fakes.get(connector);
  if (fake === undefined) throw new Error(`${connector} is not started`);
  return fake;
}

/** The token by which calls are posted. */
const kept = () =>
  [...world.config.tenant(worldTenant)['api-token'].values()].map((entity) => ({ kind: 'api-token', entity }));

/** A campaign of its own queue for each CRM, and what is written into it. */
function configurationOf(of: CrmFake, fake: FakeCrm) {
  const { connector: id, module, field } = of;
  const { authentication, connection, secrets } = connectionTo(of, fake);
  const memorialization = {
    id,
    name: `Calls in ${id}`,
    connection: id,
    entities: [
      {
        module,
        fields: [{ field, channel: 'voice', text: '{disposition.name} after {talk.seconds} s by {agent.id}' }],
      },
    ],
  };
  const campaign = {
    id,
    name: id,
    match: { queues: [id] },
    memorialize: [id],
    records: [id],
    dispositions: [{ id: 'solved', name: 'Solved' }],
    acw: { timeoutMs: 60_000 },
  };
  const entities = [
    ...(authentication === undefined ? [] : [{ kind: 'site-authentication', entity: authentication }]),
    { kind: 'crm-connection', entity: connection },
    { kind: 'memorialization', entity: memorialization },
    { kind: 'campaign', entity: campaign },
  ];
  return { secrets, entities };
}

async function post(events: ScriptedCall['events']): Promise<void> {
  await postEvents({ url: () => world.service('call-ingest').url, token: world.token }, events);
}

async function dispose({ callId, interactionId }: ScriptedCall): Promise<void> {
  const request = { tenantId: worldTenant, callId, interactionId, disposition: { optionId: 'solved', comments } };
  const recorded = () => callRpc(world.bus, rpc.recordDisposition, request, { timeoutMs: 5000 }).catch(() => undefined);
  await eventually(async () => (await recorded())?.outcome === 'recorded', { what: 'the disposition' });
}

async function memorialized(callId: string, revision: number): Promise<Memorialized> {
  return eventually(
    async () => {
      for await (const message of storedMessages(world.bus, 'WORK_EVENTS', 'patchcord.v1.evt.*.memorialization.>')) {
        const { data } = message.json<{ data: Memorialized }>();
        if (data.callId === callId && data.revision === revision) return data;
      }
      return undefined;
    },
    { deadlineMs: 30_000, what: `revision ${revision} of ${callId} in the CRM` },
  );
}

/** What stands in the field, as anybody else reads it. */
async function fieldOf(of: CrmFake, id: string): Promise<unknown> {
  const { connector: name, header, module, field } = of;
  const connector = crmConnectors[name];
  if (connector === undefined) throw new Error(`there is no connector ${name}`);
  const { connection: given } = connectionTo(of, fakeOf(of));
  const connection: CrmConnection = crmConnection.parse(given);
  const headers = header === undefined ? {} : { [header[0]]: header[1] };
  let session: Promise<{ readonly value: string }> | undefined;
  const crm = openCrm({
    connector,
    access: {
      connection,
      send: (request) => egress.send({ ...request, headers: { ...request.headers, ...headers } }),
      sessions: {
        current: async (open) => {
          session ??= open();
          return (await session).value;
        },
      },
      logIn: () => Promise.resolve({ username: 'cti', password: 'pass-4711', clientSecret: 'client-pass-4711' }),
      region: 'US',
      deadline: Date.now() + 10_000,
    },
    ledger: { get: unused, begin: unused, written: unused, forget: unused },
  });
  const read = await crm.read({ module, id }, [field]);
  if (read.outcome !== 'done') throw new Error(`it cannot be read: ${JSON.stringify(read)}`);
  return read.value?.fields[field];
}

const unused = (): Promise<undefined> => Promise.resolve(undefined);

const recordingOf = ({ callId, events }: ScriptedCall) => ({
  specversion: '1.0',
  id: `${callId}.recording`,
  source: '/pbx/t',
  type: 'patchcord.v1.call.recording-ready',
  subject: callId,
  time: new Date().toISOString(),
  sequence: String(events.length),
  data: {
    recordingId: `r-${callId}`,
    legId: `l-t-${callId.slice('c-t-'.length)}-agent`,
    location: recordingUrl,
    startedAt: new Date().toISOString(),
  },
});

const tellsOfRecording = ({ body, form, query }: FakeCrm['calls'][number]): boolean =>
  [body, ...form.values(), ...query.values()].some((said) => said.includes(recordingUrl));

/** The agent talks for a minute. */
const lasting = (call: ScriptedCall): ScriptedCall => ({
  ...call,
  events: call.events.map((event) => {
    const isEnd = /agent-released|ended/.test(String(event.type));
    return isEnd ? { ...event, time: new Date(Date.parse(String(event.time)) + 60_000).toISOString() } : event;
  }),
});

describe('a call, when its after-call work is done', () => {
  it.concurrent.each(crmFakes.map((of, at) => ({ ...of, at })))(
    'is in $connector once, with what the agent said of it, also when its recording comes later',
    async ({ at, ...of }) => {
      const fake = fakeOf(of);
      const ani = `+1415555${String(2000 + at)}`;
      const person = fake.seed(of.module, of.person(ani));
      const call = lasting(
        answeredCall({ name: of.connector, ani, queue: of.connector, startMs: Date.now() - 90_000 }),
      );
      await post(call.events);
      await dispose(call);
      const first = await memorialized(call.callId, 1);
      expect(first).toMatchObject({ connection: of.connector, recordId: call.interactionId });
      expect(first.steps.map(({ step, outcome }) => `${step} ${outcome}`).toSorted()).toEqual([
        'timeline written',
        'update written',
      ]);
      expect(fake.loggedCalls()).toHaveLength(1);
      const [logged] = fake.loggedCalls();
      expect(logged?.about).toContain(person);
      expect(logged?.text).toContain(comments);
      expect(logged?.text).toContain('Solved');
      // Some keep the end instead of the duration, both in whole seconds.
      expect(Math.abs((logged?.durationSeconds ?? 0) - 60)).toBeLessThanOrEqual(1);
      expect(String(await fieldOf(of, person))).toContain('Solved after 60 s by 1001');

      await post([recordingOf(call)]);
      const second = await memorialized(call.callId, 2);
      expect(second.steps.find(({ step }) => step === 'update')?.outcome).toBe('unchanged');
      const [timeline, recording] = (['timeline', 'recording'] as const).map(
        (wanted) => second.steps.find(({ step }) => step === wanted)?.outcome,
      );
      // It changes no entry: the recording comes as a note.
      expect([timeline, recording]).toEqual(
        of.connector === 'pipedrive' ? ['unable', 'written'] : ['written', undefined],
      );
      expect(fake.loggedCalls()).toHaveLength(1);
      expect(fake.calls.some(tellsOfRecording)).toBe(true);
    },
    90_000,
  );
});
