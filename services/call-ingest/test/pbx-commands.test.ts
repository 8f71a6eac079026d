import { callRpc, createPublisher } from '@patchcord/bus';
import { asFailure, pbxCommand, pbxRpc, rpc } from '@patchcord/contracts';
import {
  type AmiReplayServer,
  type AmiReplayServerOptions,
  eventually,
  startAmiReplayServer,
} from '@patchcord/testkit';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { event, freshNats, type Nats, startIngest } from './support.ts';

let nats: Nats;
beforeAll(async () => {
  nats = await freshNats();
});
afterAll(async () => nats.stop());

interface Pbx {
  readonly server: AmiReplayServer;
  /** Originates that came. */
  readonly made: ReadonlyMap<string, string>[];
}

/** A PBX whose phones ring at once, or as `answers` says. */
async function pbxOf(answers?: AmiReplayServerOptions['answers']): Promise<Pbx> {
  const made: ReadonlyMap<string, string>[] = [];
  const server = await startAmiReplayServer({
    answers: (action) => {
      if (action.get('Action') !== 'Originate') return undefined;
      made.push(action);
      const Uniqueid = action.get('ChannelId') ?? '';
      const ringing = [{ Response: 'Success' }, { Event: 'Newstate', ChannelState: '5', Uniqueid }];
      return answers?.(action) ?? ringing;
    },
  });
  onTestFinished(() => server.stop());
  return { server, made };
}

const connectionTo = ({ server }: Pbx, pbxId: string) => ({
  pbxId,
  tenantId: 'acme',
  host: server.host,
  port: server.port,
  username: 'cti',
  secret: 's3cret',
  originate: { context: 'out' },
});
const ingestOf = (...connections: ReturnType<typeof connectionTo>[]) =>
  startIngest(nats, { AMI_CONNECTIONS: JSON.stringify(connections) });

const command = (requestId: string) =>
  pbxCommand.parse({
    command: 'originate',
    requestId,
    agentId: '1001',
    interface: 'PJSIP/1001',
    to: '+14155550199',
  });
const ask = (pbxId: string, requestId: string, tenantId = 'acme') =>
  callRpc(nats.bus, pbxRpc(pbxId), { tenantId, pbxId, command: command(requestId) }, { timeoutMs: 5000 });
const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error: unknown) => asFailure(error).code,
  );
const served = (pbxId: string) =>
  eventually(async () => (await codeOf(ask(pbxId, 'x', 'other'))) === 'not_found', { what: `${pbxId} served` });

test('a call is made once, however often it is asked for and by whichever process', async () => {
  const pbx = await pbxOf();
  await Promise.all([ingestOf(connectionTo(pbx, 'q1')), ingestOf(connectionTo(pbx, 'q1'))]);
  await eventually(() => pbx.server.clients() === 2);
  await served('q1');
  const first = await ask('q1', 'r-1');
  expect(first).toEqual({ outcome: 'accepted', callId: 'c-q1-pc-r-1' });
  expect(pbx.made.map((action) => [action.get('Context'), action.get('Exten')])).toEqual([['out', '+14155550199']]);
  // What the PBX would have told, stored: so the process that did not make the call knows it, too.
  const data = { direction: 'outbound', legId: 'l-q1-pc-r-1', pbxId: 'q1' };
  await createPublisher(nats.bus).publish(event({ source: '/pbx/q1', subject: 'c-q1-pc-r-1', data }));
  const again = await Promise.all(Array.from({ length: 20 }, () => ask('q1', 'r-1')));
  expect(new Set(again.map(({ outcome }) => outcome))).toEqual(new Set(['repeated']));
  expect(pbx.made).toHaveLength(1);
});

test('who asks while the first is under way waits for it; what failed may be asked again', async () => {
  let fails = true;
  const pbx = await pbxOf((action) =>
    fails
      ? [
          { Response: 'Success' },
          { Event: 'OriginateResponse', Response: 'Failure', Reason: '0', Uniqueid: action.get('ChannelId') ?? '' },
        ].map((headers) => headers)
      : undefined,
  );
  await ingestOf(connectionTo(pbx, 'q2'));
  await served('q2');
  expect(await Promise.all([codeOf(ask('q2', 'r-2')), codeOf(ask('q2', 'r-2'))])).toEqual([
    'agent_unreachable',
    'agent_unreachable',
  ]);
  expect(pbx.made).toHaveLength(1);
  fails = false;
  const both = await Promise.all([ask('q2', 'r-3'), ask('q2', 'r-3')]);
  expect(both.map(({ outcome }) => outcome).toSorted()).toEqual(['accepted', 'repeated']);
  expect(pbx.made).toHaveLength(2);
});

test("another tenant's PBX is none", async () => {
  const pbx = await pbxOf();
  await ingestOf(connectionTo(pbx, 'q3'));
  await served('q3');
  expect(await codeOf(ask('q3', 'r-4', 'other'))).toBe('not_found');
  expect(pbx.made).toEqual([]);
});

test('a PBX is served only while it is connected, and again when it is back', async () => {
  const pbx = await pbxOf();
  const service = await ingestOf(connectionTo(pbx, 'q4'));
  await served('q4');
  await pbx.server.stop();
  await eventually(async () => (await codeOf(ask('q4', 'r-5'))) === 'no_responders', { what: 'q4 not served' });
  const back = await startAmiReplayServer({ port: pbx.server.port });
  onTestFinished(() => back.stop());
  await served('q4');
  await service.stop();
  expect(await codeOf(ask('q4', 'r-6'))).toBe('no_responders');
});

test("a tenant's PBXs are listed, with those that are away", async () => {
  const pbx = await pbxOf();
  const away = { ...connectionTo(pbx, 'q6'), port: 1 };
  await ingestOf(connectionTo(pbx, 'q5'), away, { ...connectionTo(pbx, 'q7'), tenantId: 'other' });
  await served('q5').catch(() => undefined);
  const list = async () => (await callRpc(nats.bus, rpc.listPbxs, { tenantId: 'acme' }, { timeoutMs: 5000 })).pbxs;
  await eventually(async () => {
    expect(await list()).toEqual([
      { pbxId: 'q5', connected: true },
      { pbxId: 'q6', connected: false },
    ]);
    return true;
  });
});
