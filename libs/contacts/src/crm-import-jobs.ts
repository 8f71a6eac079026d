import { type BadLine, type ContactImport, contactImport, redisKeys } from '@patchcord/contracts';
import type { Redis } from 'ioredis';
import type { CrmImportRequest } from './crm-import.ts';
import { createImportLog, maxBadLines } from './import-log.ts';
import { fromRedis, script } from './redis.ts';

/** An import that somebody has taken to go on with. No record of the CRM is in it. */
export interface CrmImportClaim {
  readonly tenantId: string;
  readonly job: CrmImportRequest & { readonly databaseId: string };
  readonly state: ContactImport;
  /** Where the next page begins; undefined: at the beginning. */
  readonly cursor: string | undefined;
  readonly cancelled: boolean;
  /** How often in a row it went wrong. */
  readonly tries: number;
  /** Counts who took it: whoever took it before must not write any more. */
  readonly turn: number;
}

/** Imports from CRMs that are under way: whoever has time takes one, and another one when its process dies. */
export interface CrmImportJobs {
  /** @throws Failure permanent `already_exists` */
  begin(tenantId: string, job: CrmImportClaim['job']): Promise<ContactImport>;
  /** The next one that is due; for `leaseMs` it is nobody else's. */
  claim(leaseMs: number): Promise<CrmImportClaim | undefined>;
  /** Writes down a page. False: somebody else has taken the import over. */
  goOn(
    claim: CrmImportClaim,
    state: ContactImport,
    page: { readonly cursor: string; readonly bad: readonly BadLine[] },
  ): Promise<boolean>;
  wait(
    claim: CrmImportClaim,
    state: ContactImport,
    how: { readonly until: number; readonly tries: number },
  ): Promise<void>;
  finish(claim: CrmImportClaim, state: ContactImport, bad?: readonly BadLine[]): Promise<void>;
  /** Gives it back at once. */
  release(claim: CrmImportClaim): Promise<void>;
  /** `over`: it had ended; `unknown`: there is no such import from a CRM. */
  cancel(tenantId: string, importId: string): Promise<'cancelled' | 'over' | 'unknown'>;
}

const keptForMs = 30 * 24 * 3_600_000;
const due = redisKeys.crmImports;

/** KEYS due; ARGV now, until. The one that waits longest. */
const claimScript = script(`
local found = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1], 'LIMIT', 0, 1)
if not found[1] then return false end
redis.call('ZADD', KEYS[1], ARGV[2], found[1])
return found[1]`);

/** KEYS job, state, bad; ARGV turn, state, cursor, tries, time to live, most bad lines, bad lines. 1: it was still ours. */
const saveScript = script(`
if redis.call('HGET', KEYS[1], 'turn') ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[2], ARGV[2], 'PX', ARGV[5])
redis.call('HSET', KEYS[1], 'cursor', ARGV[3], 'tries', ARGV[4])
redis.call('PEXPIRE', KEYS[1], ARGV[5])
for at = 7, #ARGV do
  if redis.call('LLEN', KEYS[3]) < tonumber(ARGV[6]) then redis.call('RPUSH', KEYS[3], ARGV[at]) end
end
redis.call('PEXPIRE', KEYS[3], ARGV[5])
return 1`);

export function createCrmImportJobs(redis: Redis): CrmImportJobs {
  const log = createImportLog(redis);
  const save = async (claim: CrmImportClaim, state: ContactImport, more: Saved = {}): Promise<boolean> => {
    const { cursor = claim.cursor ?? '', tries = 0, bad = [] } = more;
    const keys = keysOf(claim.tenantId, claim.job.importId);
    const args = [claim.turn, JSON.stringify(state), cursor, tries, keptForMs, maxBadLines];
    const lines = bad.map((one) => JSON.stringify(one));
    return (await saveScript(redis, [keys.job, keys.state, keys.bad], [...args, ...lines])) === 1;
  };
  const dueAt = async (claim: CrmImportClaim, at: number): Promise<void> => {
    await fromRedis(redis.zadd(due, 'XX', at, memberOf(claim.tenantId, claim.job.importId)));
  };
  return {
    begin: async (tenantId, job) => {
      const state = firstState(job);
      await log.begin(tenantId, state);
      await fromRedis(redis.hset(keysOf(tenantId, job.importId).job, { job: JSON.stringify(job), turn: 0, tries: 0 }));
      await fromRedis(redis.zadd(due, Date.now(), memberOf(tenantId, job.importId)));
      return state;
    },
    claim: (leaseMs) => claimNext(redis, leaseMs),
    goOn: (claim, state, page) => save(claim, state, page),
    wait: async (claim, state, { until, tries }) => {
      if (await save(claim, state, { tries })) await dueAt(claim, until);
    },
    finish: async (claim, state, bad = []) => {
      if (!(await save(claim, state, { bad }))) return;
      await fromRedis(redis.zrem(due, memberOf(claim.tenantId, claim.job.importId)));
    },
    release: (claim) => dueAt(claim, Date.now()),
    cancel: async (tenantId, importId) => {
      const keys = keysOf(tenantId, importId);
      const [text, isThere] = await fromRedis(Promise.all([redis.get(keys.state), redis.exists(keys.job)]));
      if (text === null || isThere === 0) return 'unknown';
      if (contactImport.parse(JSON.parse(text)).state !== 'running') return 'over';
      await fromRedis(redis.hset(keys.job, 'cancelled', 1));
      await fromRedis(redis.zadd(due, 'XX', Date.now(), memberOf(tenantId, importId)));
      return 'cancelled';
    },
  };
}

interface Saved {
  readonly cursor?: string;
  readonly tries?: number;
  readonly bad?: readonly BadLine[];
}

const memberOf = (tenantId: string, importId: string): string => JSON.stringify([tenantId, importId]);

function keysOf(
  tenantId: string,
  importId: string,
): { readonly job: string; readonly state: string; readonly bad: string } {
  const key = (what: string): string => redisKeys.tenant(tenantId, `contact-import:${importId}:${what}`);
  return { job: key('crm'), state: key('state'), bad: key('bad') };
}

function firstState({ importId, databaseId, update, connectionId, module, modifiedSince }: CrmImportClaim['job']) {
  const now = new Date().toISOString();
  const since = modifiedSince === undefined ? {} : { modifiedSince };
  return contactImport.parse({
    importId,
    databaseId,
    update,
    state: 'running',
    crm: { connectionId, module, ...since },
    startedAt: now,
    updatedAt: now,
    bytes: 0,
    lines: 0,
    added: 0,
    updated: 0,
    unchanged: 0,
    refused: 0,
  });
}

async function claimNext(redis: Redis, leaseMs: number): Promise<CrmImportClaim | undefined> {
  const now = Date.now();
  const member = await claimScript(redis, [due], [now, now + leaseMs]);
  if (typeof member !== 'string') return undefined;
  const [tenantId, importId] = JSON.parse(member) as [string, string];
  const keys = keysOf(tenantId, importId);
  const text = await fromRedis(redis.get(keys.state));
  const { job, cursor = '', cancelled, tries } = await fromRedis(redis.hgetall(keys.job));
  if (text === null || job === undefined) {
    await fromRedis(redis.zrem(due, member));
    return undefined;
  }
  return {
    tenantId,
    job: JSON.parse(job) as CrmImportClaim['job'],
    state: contactImport.parse(JSON.parse(text)),
    cursor: cursor === '' ? undefined : cursor,
    cancelled: cancelled === '1',
    tries: Number(tries ?? 0),
    turn: await fromRedis(redis.hincrby(keys.job, 'turn', 1)),
  };
}
