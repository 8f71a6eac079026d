import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { Redis } from 'ioredis';
import { describe, expect, it } from 'vitest';
import { eventually, startNats, startRedis, startServers } from '../src/index.ts';

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

describe('test servers', () => {
  it('nats - keeps port and messages over SIGKILL and restart', async () => {
    const server = await startNats();
    try {
      const before = await connect({ servers: server.url });
      await (await jetstreamManager(before)).streams.add({ name: 'S', subjects: ['s.>'] });
      await jetstream(before).publish('s.1', 'kept');
      await before.close();
      await server.kill();
      expect(await connect({ servers: server.url, reconnect: false }).catch(() => 'refused')).toBe('refused');
      await server.restart();
      const after = await connect({ servers: server.url });
      const stored = await (await jetstreamManager(after)).streams.getMessage('S', { seq: 1 });
      expect(stored?.string()).toBe('kept');
      await after.close();
    } finally {
      await server.stop();
    }
  });

  it('redis - keeps what it answered over SIGKILL when it appends to a file', async () => {
    const server = await startRedis({ appendOnly: true });
    const redis = new Redis(server.url, { lazyConnect: true });
    redis.on('error', () => undefined);
    try {
      await redis.set('k', 'v');
      await server.kill();
      await server.restart();
      expect(await eventually(() => redis.get('k'))).toBe('v');
    } finally {
      redis.disconnect();
      await server.stop();
    }
  });

  it('refuses a port that is taken, and says so', async () => {
    const first = await startRedis();
    await expect(startRedis({ port: first.port })).rejects.toThrow(/Address already in use|port is already allocated/);
    await first.stop();
  });

  it('stop - ends the processes', async () => {
    const servers = await startServers();
    const pids = [servers.nats.pid, servers.redis.pid];
    expect(pids.map(isAlive)).toEqual([true, true]);
    await servers.stop();
    expect(pids.map(isAlive)).toEqual([false, false]);
  });

  it('a directory given by the caller survives stop', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'given-'));
    const server = await startRedis({ dir, appendOnly: true });
    await server.stop();
    const again = await startRedis({ dir, appendOnly: true });
    await again.stop();
    await rm(dir, { recursive: true });
  });
});

describe('eventually', () => {
  it('gives what the probe gave in the end', async () => {
    let asked = 0;
    expect(await eventually(() => (asked++ < 3 ? undefined : asked))).toBe(4);
  });

  it('rejects with the last error after the deadline', async () => {
    const probe = (): never => {
      throw new Error('not yet');
    };
    await expect(eventually(probe, { deadlineMs: 20, what: 'the answer' })).rejects.toThrow(
      /the answer did not come about within 20 ms; last: not yet/,
    );
  });
});
