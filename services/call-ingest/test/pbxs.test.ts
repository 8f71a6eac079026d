import type { Service } from '@patchcord/runtime';
import {
  type AmiReplayServer,
  type AmiReplayServerOptions,
  eventually,
  startAmiReplayServer,
} from '@patchcord/testkit';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { freshNats, type Nats, startIngest, stored } from './support.ts';

const recording = (name: string) => new URL(`../../../libs/asterisk/fixtures/${name}.ami.jsonl`, import.meta.url);
const call = recording('s1_caller_hangup');

let nats: Nats;
beforeAll(async () => {
  nats = await freshNats();
});
afterAll(async () => nats.stop());

async function pbxOf(options: AmiReplayServerOptions = {}): Promise<AmiReplayServer> {
  const pbx = await startAmiReplayServer({ username: 'cti', secret: 's3cret', ...options });
  onTestFinished(() => pbx.stop());
  return pbx;
}

const connection = (pbx: { host: string; port: number }, pbxId: string, tenantId: string) => ({
  pbxId,
  tenantId,
  host: pbx.host,
  port: pbx.port,
  username: 'cti',
  secret: 's3cret',
});
const ingestOf = (connections: ReturnType<typeof connection>[], on = nats): Promise<Service> =>
  startIngest(on, { AMI_CONNECTIONS: JSON.stringify(connections) });

const typesOf = async (tenantId: string, on = nats): Promise<string[]> =>
  (await stored(on, tenantId)).map(({ type }) => type.replace('patchcord.v1.call.', ''));
const ended = (tenantId: string, on = nats) =>
  eventually(async () => (await typesOf(tenantId, on)).includes('ended'), { what: 'an ended call' });

interface PbxView {
  readonly pbxId: string;
  readonly state: string;
  readonly connected: boolean;
  readonly gaps: number;
  readonly failure?: { readonly code: string; readonly message: string };
}

async function pbxsOf(service: Service, tenantId: string): Promise<PbxView[]> {
  const token = await nats.grant(tenantId, 'admin');
  return eventually(async () => {
    const answer = await fetch(`${service.url}/v1/pbxs`, { headers: { authorization: `Bearer ${token}` } });
    return answer.ok && ((await answer.json()) as { pbxs: PbxView[] }).pbxs;
  });
}

describe('PBXs over AMI', () => {
  test('a recorded call becomes canonical events of its tenant', async () => {
    const pbx = await pbxOf();
    await ingestOf([connection(pbx, 'm1', 'ami1')]);
    await pbx.play({ recording: call, speed: 50, renumber: {} });
    await ended('ami1');
    const types = await typesOf('ami1');
    expect(types[0]).toBe('offered');
    for (const type of ['queued', 'agent-ringing', 'answered', 'dequeued', 'ended']) expect(types).toContain(type);
    const [first] = await stored(nats, 'ami1');
    expect(first).toMatchObject({ tenantid: 'ami1', source: '/pbx/m1' });
  });

  test('several PBXs, each for its tenant, see only their own calls', async () => {
    const [one, other] = [await pbxOf(), await pbxOf()];
    const service = await ingestOf([connection(one, 'm2', 'ami2'), connection(other, 'm3', 'ami3')]);
    const shift = { shiftS: 1000 };
    await Promise.all([one, other].map((pbx) => pbx.play({ recording: call, speed: 50, renumber: shift })));
    await Promise.all([ended('ami2'), ended('ami3')]);
    expect(await typesOf('ami2')).toEqual(await typesOf('ami3'));
    expect((await pbxsOf(service, 'ami2')).map(({ pbxId }) => pbxId)).toEqual(['m2']);
  });

  test('what is told twice, by two processes at once, is stored once', async () => {
    const pbx = await pbxOf();
    await Promise.all([ingestOf([connection(pbx, 'm4', 'ami4')]), ingestOf([connection(pbx, 'm4', 'ami4')])]);
    await eventually(() => pbx.clients() === 2);
    await pbx.play({ recording: call, speed: 50 });
    await ended('ami4');
    const ids = (await stored(nats, 'ami4')).map(({ id }) => id);
    expect(ids).toHaveLength(new Set(ids).size);
    expect((await typesOf('ami4')).filter((type) => type === 'ended')).toHaveLength(1);
  });

  test('a PBX that is away is shown with its reason, and the door stays open for others', async () => {
    const [here, away] = [await pbxOf(), await pbxOf({ secret: 'another' })];
    const service = await ingestOf([connection(here, 'm5', 'ami5'), connection(away, 'm6', 'ami5')]);
    const view = await eventually(async () => {
      const pbxs = await pbxsOf(service, 'ami5');
      return pbxs[0]?.state === 'live' && pbxs[1]?.failure !== undefined && pbxs;
    });
    expect(view[1]).toMatchObject({ connected: false, failure: { code: 'ami_login_refused' } });
    expect(JSON.stringify(view)).not.toContain('s3cret');
    expect(await service.health()).toMatchObject({
      ready: true,
      checks: [{ name: 'nats' }, { name: 'pbx:m5', ok: true }, { name: 'pbx:m6', ok: false }],
    });
  });

  test('a connection that breaks is a gap, and the call goes on', async () => {
    const pbx = await pbxOf();
    const service = await ingestOf([connection(pbx, 'm7', 'ami7')]);
    const playing = pbx.play({ recording: call, speed: 2, renumber: {} });
    await eventually(async () => (await typesOf('ami7')).includes('agent-ringing'));
    pbx.disconnect();
    await playing;
    await ended('ami7');
    expect((await typesOf('ami7')).filter((type) => type === 'offered')).toHaveLength(1);
    expect((await pbxsOf(service, 'ami7'))[0]).toMatchObject({ gaps: 1, state: 'live' });
  });
});

describe('PBXs over AMI while NATS is away', () => {
  test('what is seen meanwhile is stored when it is back', async () => {
    const own = await freshNats();
    const pbx = await pbxOf();
    const service = await ingestOf([connection(pbx, 'm8', 'acme')], own);
    try {
      await eventually(() => pbx.clients() === 1);
      await own.nats.kill();
      await pbx.play({ recording: call, speed: Number.POSITIVE_INFINITY });
      await own.nats.restart();
      await ended('acme', own);
      expect((await typesOf('acme', own)).filter((type) => type === 'offered')).toHaveLength(1);
    } finally {
      await service.stop();
      await own.stop();
    }
  });
});
