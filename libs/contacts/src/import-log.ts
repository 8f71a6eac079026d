import {
  type BadLine,
  type ContactImport,
  type ContactImportReport,
  contactImport,
  Failure,
  redisKeys,
} from '@patchcord/contracts';
import type { Redis } from 'ioredis';
import { fromRedis } from './redis.ts';

/** Where imports are written down while they run, so that everybody can see how far they are. */
export interface ImportLog {
  /** @throws Failure permanent `already_exists` */
  begin(tenantId: string, first: ContactImport): Promise<void>;
  /** Says how far it is, and that its process lives. `badLines`: those since the last time. */
  save(tenantId: string, now: ContactImport, badLines: readonly BadLine[]): Promise<void>;
  get(tenantId: string, importId: string): Promise<ContactImportReport | undefined>;
  /** The last 100, newest first. */
  list(tenantId: string): Promise<ContactImport[]>;
}

export const maxBadLines = 1000;
const kept = 100;
const keptForMs = 30 * 24 * 3_600_000;
/** Whoever has not said for so long that it runs does not. */
const aliveForMs = 15_000;

const died = 'the process that read the file died: import it again to complete it';

/** A pipeline does not reject when its commands fail. */
async function allOf(answers: Promise<[Error | null, unknown][] | null>): Promise<void> {
  for (const [error] of (await answers) ?? []) if (error !== null) throw error;
}

export function createImportLog(redis: Redis): ImportLog {
  const key = (tenantId: string, importId: string, what: string): string =>
    redisKeys.tenant(tenantId, `contact-import:${importId}:${what}`);
  const listKey = (tenantId: string): string => redisKeys.tenant(tenantId, 'contact-imports');
  const shown = async (tenantId: string, text: string): Promise<ContactImport> => {
    const stored = contactImport.parse(JSON.parse(text));
    // What reads a CRM goes on by itself: another process takes it over.
    if (stored.state !== 'running' || stored.crm !== undefined) return stored;
    const alive = await fromRedis(redis.exists(key(tenantId, stored.importId, 'alive')));
    if (alive === 1) return stored;
    // It may have ended between the two questions.
    const again = await fromRedis(redis.get(key(tenantId, stored.importId, 'state')));
    const now = again === null ? stored : contactImport.parse(JSON.parse(again));
    return now.state === 'running' ? { ...now, state: 'interrupted', message: died } : now;
  };
  return {
    begin: async (tenantId, first) => {
      const { importId } = first;
      const state = key(tenantId, importId, 'state');
      await fromRedis(redis.set(key(tenantId, importId, 'alive'), '1', 'PX', aliveForMs));
      const isNew = await fromRedis(redis.set(state, JSON.stringify(first), 'PX', keptForMs, 'NX'));
      if (isNew === null) {
        const message = `there is an import "${importId}" already: expected an id that was not used`;
        throw new Failure('permanent', 'already_exists', message);
      }
      const list = listKey(tenantId);
      await fromRedis(redis.zadd(list, Date.parse(first.startedAt), importId));
      await fromRedis(redis.zremrangebyrank(list, 0, -kept - 1));
    },
    save: async (tenantId, now, badLines) => {
      const { importId } = now;
      const pipeline = redis.pipeline();
      const bad = key(tenantId, importId, 'bad');
      if (badLines.length > 0) pipeline.rpush(bad, ...badLines.map((line) => JSON.stringify(line)));
      if (badLines.length > 0) pipeline.pexpire(bad, keptForMs);
      pipeline.set(key(tenantId, importId, 'state'), JSON.stringify(now), 'PX', keptForMs);
      pipeline.set(key(tenantId, importId, 'alive'), '1', 'PX', aliveForMs);
      await fromRedis(allOf(pipeline.exec()));
    },
    get: async (tenantId, importId) => {
      const text = await fromRedis(redis.get(key(tenantId, importId, 'state')));
      if (text === null) return undefined;
      const bad = await fromRedis(redis.lrange(key(tenantId, importId, 'bad'), 0, maxBadLines - 1));
      return { ...(await shown(tenantId, text)), badLines: bad.map((line) => JSON.parse(line) as BadLine) };
    },
    list: async (tenantId) => {
      const ids = await fromRedis(redis.zrevrange(listKey(tenantId), '0', String(kept - 1)));
      if (ids.length === 0) return [];
      const texts = await fromRedis(redis.mget(ids.map((id) => key(tenantId, id, 'state'))));
      return Promise.all(texts.filter((text) => text !== null).map((text) => shown(tenantId, text)));
    },
  };
}
