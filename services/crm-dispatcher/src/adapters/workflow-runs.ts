import { crmRecordRef, redisKeys, runWorkflowReply } from '@patchcord/contracts';
import { fromRedis } from '@patchcord/runtime';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { writePlan } from '../domain/workflow-plan.ts';

/** How far a run has come. */
const runNote = z.object({
  startedAt: z.iso.datetime(),
  /** What it was started with. */
  print: z.object({ of: z.string(), input: z.string() }).optional(),
  /** What it writes; absent: it only reads, or nothing was settled yet. */
  plan: writePlan.optional(),
  /** `writing`: the CRM was, or is just being asked to write. `written`: it has, and `ref` says what. */
  phase: z.enum(['begun', 'writing', 'written']),
  /** When the writing began (ms since 1970). */
  writingAt: z.number().optional(),
  /** It ended without an answer that tells: until then the CRM may be at it (ms since 1970). Absent: whoever wrote stopped. */
  writingUntil: z.number().optional(),
  ref: crmRecordRef.optional(),
  /** It was there already. */
  again: z.boolean().optional(),
  reply: runWorkflowReply.optional(),
  /** The same run does not try again. */
  isFinal: z.boolean().default(false),
});
export type RunNote = z.infer<typeof runNote>;

export interface RunId {
  readonly tenantId: string;
  readonly workflowId: string;
  readonly runId: string;
}

/** `busy`: another process is at it. `isTold`: session and card know what became of it. */
type RunTurn =
  | { readonly turn: 'mine'; readonly note: RunNote | undefined; readonly isTold: boolean }
  | { readonly turn: 'busy' };

/** Runs of workflows, of all replicas: what became of each, and who is at it. Throws `Failure` own-trouble. */
export interface WorkflowRuns {
  read(run: RunId): Promise<{ readonly note: RunNote | undefined; readonly isHeld: boolean }>;
  take(run: RunId, owner: string): Promise<RunTurn>;
  /** False: the turn is another's by now. */
  keep(run: RunId, owner: string): Promise<boolean>;
  /** False: the turn is another's by now; nothing is noted then, unless the note says that the record is there. */
  note(run: RunId, owner: string, note: RunNote): Promise<boolean>;
  release(run: RunId, owner: string): Promise<void>;
  /** Session and card know what became of it. */
  told(run: RunId): Promise<void>;
}

/** A process that stopped is taken over from after this time (ms). */
export const turnMs = 5000;

/** Longer than work is tried again. What was only read is somebody's data: it is kept for as long as somebody asks again. */
const keepWritingMs = 7 * 24 * 3_600_000;
const keepReadingMs = 3_600_000;

const takeScript = `
local holder = redis.call('GET', KEYS[2])
if holder and holder ~= ARGV[1] then return {'busy'} end
redis.call('SET', KEYS[2], ARGV[1], 'PX', ARGV[2])
return {'mine', redis.call('HGET', KEYS[1], 'told') or '0', redis.call('HGET', KEYS[1], 'note')}
`;
const keepScript = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])
`;
// That a record was written is true whoever has the turn, and nothing that is noted without knowing it takes its place.
const noteScript = `
if redis.call('GET', KEYS[2]) ~= ARGV[1] then
  if ARGV[4] ~= '1' or redis.call('HGET', KEYS[1], 'complete') == '1' then return 0 end
end
redis.call('HSET', KEYS[1], 'note', ARGV[2], 'complete', ARGV[5], 'told', '0')
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 1
`;
const releaseScript = `
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 1
`;
const toldScript = `
if redis.call('EXISTS', KEYS[1]) == 1 then redis.call('HSET', KEYS[1], 'told', '1') end
return 1
`;

export function createWorkflowRuns(redis: Redis): WorkflowRuns {
  const noteKey = ({ tenantId, workflowId, runId }: RunId): string =>
    redisKeys.entity(tenantId, `crm-run:${workflowId}`, runId);
  const turnKey = ({ tenantId, workflowId, runId }: RunId): string =>
    redisKeys.entity(tenantId, `crm-run-turn:${workflowId}`, runId);
  return {
    read: async (run) => {
      const [stored, held] = await fromRedis(
        Promise.all([redis.hget(noteKey(run), 'note'), redis.exists(turnKey(run))]),
      );
      return { note: parsed(stored), isHeld: held === 1 };
    },
    take: async (run, owner) => {
      const taken = await fromRedis(redis.eval(takeScript, 2, noteKey(run), turnKey(run), owner, turnMs));
      const [turn, told, stored] = taken as [string, string | undefined, string | null | undefined];
      return turn === 'busy' ? { turn: 'busy' } : { turn: 'mine', note: parsed(stored), isTold: told === '1' };
    },
    keep: async (run, owner) => (await fromRedis(redis.eval(keepScript, 1, turnKey(run), owner, turnMs))) === 1,
    note: async (run, owner, note) => {
      const keepMs = note.plan === undefined ? keepReadingMs : keepWritingMs;
      const isWritten = note.phase === 'written';
      const isComplete = isWritten && note.reply !== undefined;
      const args = [owner, JSON.stringify(note), keepMs, isWritten ? 1 : 0, isComplete ? 1 : 0];
      return (await fromRedis(redis.eval(noteScript, 2, noteKey(run), turnKey(run), ...args))) === 1;
    },
    release: async (run, owner) => void (await fromRedis(redis.eval(releaseScript, 1, turnKey(run), owner))),
    told: async (run) => void (await fromRedis(redis.eval(toldScript, 1, noteKey(run)))),
  };
}

const parsed = (stored: string | null | undefined): RunNote | undefined =>
  typeof stored === 'string' ? runNote.parse(JSON.parse(stored)) : undefined;
