import { eventually, startAmiReplayServer } from '@patchcord/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startWorld, type World, worldTenant } from '../harness/world.ts';

const recording = new URL('../../libs/asterisk/fixtures/s1_caller_hangup.ami.jsonl', import.meta.url);

let pbx: Awaited<ReturnType<typeof startAmiReplayServer>>;
let world: World;
beforeAll(async () => {
  pbx = await startAmiReplayServer();
  const ami = { pbxId: 'lab', tenantId: worldTenant, host: pbx.host, port: pbx.port, username: 'u', secret: 's' };
  world = await startWorld({
    services: ['call-ingest', 'session-store', 'crm-dispatcher', 'disposition'],
    env: { AMI_CONNECTIONS: JSON.stringify([ami]) },
  });
});
afterAll(async () => {
  await world.stop();
  await pbx.stop();
});

it('a call whose end nobody saw, because call-ingest was killed in mid-call, gets its after-call record once', async () => {
  const { crm } = world;
  const ingest = world.service('call-ingest');
  const records = () => crm.requests().filter(({ path }) => path.startsWith('/call-records/'));
  const playing = pbx.play({ recording, renumber: {} });
  await eventually(() => crm.requests().some(({ path }) => path.startsWith('/hooks/')), { what: 'the answered call' });
  await ingest.kill();
  await playing;
  expect(records()).toEqual([]);
  await ingest.start();
  await eventually(() => records().length > 0, { deadlineMs: 20_000, what: 'the after-call record' });
  // Another restart finds nothing left to close: a call that follows is the proof that it has looked.
  await ingest.kill();
  await ingest.start();
  await eventually(() => pbx.clients() === 1);
  await pbx.play({ recording, speed: 20, renumber: { shiftS: 7000 } });
  await eventually(() => records().length > 1, { deadlineMs: 20_000, what: 'the record of the call that follows' });
  expect(new Set(records().map(({ path }) => path)).size).toBe(2);
  expect(records()).toHaveLength(2);
});
