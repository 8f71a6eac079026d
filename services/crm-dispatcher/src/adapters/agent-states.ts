import { Failure, redisKeys } from '@patchcord/contracts';
import { fromRedis } from '@patchcord/runtime';
import type { Redis } from 'ioredis';
import { type AgentState, agentState, type ShownPresence } from '../domain/agent-state.ts';
import { redisScript } from './redis-script.ts';

/** What agents do, and what CRMs were told of it last, for all replicas. Everything throws `Failure` own-trouble. */
export interface AgentStates {
  read(tenantId: string, agentId: string): Promise<AgentState | undefined>;
  /** Puts what follows from the state in its place, however many do so at once. */
  change(
    tenantId: string,
    agentId: string,
    next: (known: AgentState | undefined) => AgentState | undefined,
  ): Promise<AgentState | undefined>;
  /** Whether this is what the CRM of a connection took last. */
  isShown(of: Shown, presence: ShownPresence): Promise<boolean>;
  /** Undefined: what the CRM shows is not known any more. */
  noteShown(of: Shown, presence: ShownPresence | undefined): Promise<void>;
}

interface Shown {
  readonly tenantId: string;
  readonly agentId: string;
  readonly connection: string;
}

/** Longer than a weekend off. */
const rememberMs = 7 * 24 * 3_600_000;
const mostTurns = 50;

const putScript = `
local known = redis.call('HGET', KEYS[1], 'state') or ''
if known ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'state', ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 1
`;

export function createAgentStates(redis: Redis): AgentStates {
  const keyOf = (tenantId: string, agentId: string): string => redisKeys.entity(tenantId, 'agent-state', agentId);
  const put = redisScript(redis, putScript);
  const textOf = async (key: string): Promise<string> => (await fromRedis(redis.hget(key, 'state'))) ?? '';
  return {
    read: async (tenantId, agentId) => parsed(await textOf(keyOf(tenantId, agentId))),
    change: async (tenantId, agentId, next) => {
      const key = keyOf(tenantId, agentId);
      for (let turn = 0; turn < mostTurns; turn += 1) {
        const before = await textOf(key);
        const known = parsed(before);
        const after = next(known);
        if (after === undefined || after === known) return known;
        if ((await fromRedis(put([key], [before, JSON.stringify(after), rememberMs]))) === 1) return after;
      }
      throw new Failure('own-trouble', 'agent_state_busy', 'the state of an agent changed too often at once');
    },
    isShown: async ({ tenantId, agentId, connection }, presence) =>
      (await fromRedis(redis.hget(keyOf(tenantId, agentId), `shown:${connection}`))) === shownText(presence),
    noteShown: async ({ tenantId, agentId, connection }, presence) => {
      const [key, field] = [keyOf(tenantId, agentId), `shown:${connection}`];
      if (presence === undefined) await fromRedis(redis.hdel(key, field));
      else await fromRedis(redis.multi().hset(key, field, shownText(presence)).pexpire(key, rememberMs).exec());
    },
  };
}

const parsed = (text: string): AgentState | undefined => (text === '' ? undefined : agentState.parse(JSON.parse(text)));

const shownText = ({ userId, state, word, reason }: ShownPresence): string =>
  JSON.stringify([userId, state, word ?? null, reason ?? null]);
