import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Bus, connectBus, ensureTopology, openSecrets } from '@patchcord/bus';
import { buckets, secretKey } from '@patchcord/contracts';
import { eventually, type ServerProcess, startNats } from '@patchcord/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from './compose-file.ts';

/** The users' file as it is, with one password for all. */
const users = (): string =>
  readFileSync(join(root, 'deploy/nats/users.conf'), 'utf8').replaceAll(/\$NATS_PASSWORD_[A-Z_]+/g, '"pw"');

describe('the bucket of secrets with one user per service', () => {
  let nats: ServerProcess;
  const connectAs = (user: string): Promise<Bus> => connectBus({ url: nats.url, name: user, user, pass: 'pw' });
  beforeAll(async () => {
    nats = await startNats({ config: users(), container: false });
  });
  afterAll(() => nats.stop());

  it('is made by whichever service is first, and used by crm-dispatcher', async () => {
    const first = await connectAs('call-ingest');
    await ensureTopology(first);
    await first.close();
    const bus = await connectAs('crm-dispatcher');
    await ensureTopology(bus);
    const store = await openSecrets(bus);
    const put = await store.put({ tenantId: 'acme', id: 'crm', sealed: 'sealed', keyId: 'k1' });
    expect(await store.get('acme', 'crm')).toEqual(put);
    expect(await store.remove('acme', 'crm')).toBe(true);
    await store.put({ tenantId: 'acme', id: 'kept', sealed: 'sealed', keyId: 'k1' }, { ifVersion: 0 });
    store.close();
    await bus.close();
  });

  it.each(['call-ingest', 'session-store', 'routing-decider', 'disposition', 'console'])(
    'is neither written nor read by %s',
    async (user) => {
      const bus = await connectAs(user);
      const refused: unknown[] = [];
      void (async () => {
        for await (const status of bus.nc.status()) if (status.type === 'error') refused.push(status.error);
      })();
      bus.nc.publish(`$KV.${buckets.secrets}.${secretKey('acme', 'kept')}`, 'overwritten');
      bus.nc.publish(`$JS.API.DIRECT.GET.KV_${buckets.secrets}.$KV.${buckets.secrets}.acme.kept`);
      bus.nc.publish(`$JS.API.STREAM.MSG.GET.KV_${buckets.secrets}`, '{"seq":1}');
      await bus.nc.flush();
      await eventually(() => refused.length >= 3, { what: `refusals of ${user}` });
      await bus.close();
      const dispatcher = await connectAs('crm-dispatcher');
      const store = await openSecrets(dispatcher);
      expect(store.find('acme', 'kept')?.sealed).toBe('sealed');
      store.close();
      await dispatcher.close();
    },
  );
});
