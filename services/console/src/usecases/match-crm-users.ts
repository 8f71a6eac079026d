import { type Bus, type ConfigStore, callRpc } from '@patchcord/bus';
import { type Agent, type CrmUserTold, Failure, failureFromData, rpc, type TenantConfig } from '@patchcord/contracts';
import { actorOf } from '../domain/actor.ts';

/** What an agent is called in a CRM now, and what he would be called. */
interface UserMatch {
  readonly agentId: string;
  readonly user: CrmUserTold;
  readonly by: 'username' | 'email';
  /** `same`: it is so already; `changed`: he is somebody else there now. */
  readonly change: 'new' | 'same' | 'changed';
  readonly before?: string;
}

export interface MatchReport {
  readonly system: string;
  readonly matched: readonly UserMatch[];
  /** Several agents, or several users, may be meant. */
  readonly ambiguous: readonly { readonly user: CrmUserTold; readonly agentIds: readonly string[] }[];
  readonly unmatchedUsers: readonly CrmUserTold[];
  readonly unmatchedAgents: readonly string[];
}

const asked = { budgetMs: 30_000 };
const timeoutMs = 35_000;
/** More than any CRM has of users that speak on the telephone. */
const mostPages = 200;

/** One page of the users of the CRM of a connection. */
export const usersPage = (bus: Bus, of: { tenantId: string; connectionId: string }, cursor?: string) =>
  callRpc(bus, rpc.crmUsers, { ...of, ...asked, ...(cursor === undefined ? {} : { cursor }) }, { timeoutMs });

/** All of them. @throws Failure for what kept the CRM from telling */
export async function allUsers(bus: Bus, of: { tenantId: string; connectionId: string }): Promise<CrmUserTold[]> {
  const users: CrmUserTold[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < mostPages; page += 1) {
    const reply = await usersPage(bus, of, cursor);
    if (reply.failure !== undefined) throw failureFromData(reply.failure);
    if (reply.outcome === 'unable') throw new Failure('permanent', 'crm_unable', reply.why ?? 'it lists no users');
    users.push(...reply.users);
    cursor = reply.next;
    if (cursor === undefined) break;
  }
  return users;
}

type Known = Pick<TenantConfig, 'agent' | 'user'>;

/** Proposes who is who: by user name or e-mail address, whole and without regard to capitals. Inactive users are nobody. */
export function matchUsers(
  { agent: agents, user: people }: Known,
  system: string,
  users: readonly CrmUserTold[],
): MatchReport {
  const agentsByName = new Map<string, Set<string>>();
  const note = (name: string | undefined, agentId: string | undefined): void => {
    if (name === undefined || agentId === undefined || !agents.has(agentId)) return;
    const known = agentsByName.get(name.toLowerCase()) ?? new Set();
    agentsByName.set(name.toLowerCase(), known.add(agentId));
  };
  for (const { id, username } of agents.values()) note(username, id);
  for (const { username, agentId } of people.values()) note(username, agentId);
  const active = users.filter((one) => one.active);
  const found = active.map((user) => ({ user, agentIds: agentsOf(agentsByName, user) }));
  const claims = new Map<string, number>();
  for (const { agentIds } of found) for (const id of agentIds) claims.set(id, (claims.get(id) ?? 0) + 1);
  const isClear = ({ agentIds }: { agentIds: readonly string[] }): boolean =>
    agentIds.length === 1 && claims.get(agentIds[0] ?? '') === 1;
  const matched = found.filter(isClear).flatMap(({ user, agentIds: [id = ''] }) => {
    const agent = agents.get(id);
    return agent === undefined ? [] : [matchOf(agent, system, user, agentsByName)];
  });
  const taken = new Set(matched.map(({ agentId }) => agentId));
  return {
    system,
    matched,
    ambiguous: found.filter((one) => one.agentIds.length > 0 && !isClear(one)),
    unmatchedUsers: found.filter(({ agentIds }) => agentIds.length === 0).map(({ user }) => user),
    unmatchedAgents: [...agents.keys()].filter((id) => !taken.has(id)),
  };
}

const namesOf = ({ username, email }: CrmUserTold): string[] =>
  [username, email].flatMap((name) => (name === undefined || name === '' ? [] : [name.toLowerCase()]));

const agentsOf = (byName: ReadonlyMap<string, ReadonlySet<string>>, user: CrmUserTold): string[] => [
  ...new Set(namesOf(user).flatMap((name) => [...(byName.get(name) ?? [])])),
];

function matchOf(
  { id: agentId, externalIds }: Agent,
  system: string,
  user: CrmUserTold,
  byName: ReadonlyMap<string, ReadonlySet<string>>,
): UserMatch {
  const by = byName.get(user.username?.toLowerCase() ?? '')?.has(agentId) === true ? 'username' : 'email';
  const before = externalIds[system];
  if (before === undefined) return { agentId, user, by, change: 'new' };
  return { agentId, user, by, change: before === user.id ? 'same' : 'changed', before };
}

/** Writes what was proposed, agent by agent; whoever was changed meanwhile keeps all else that was changed. */
export async function writeMatches(
  config: ConfigStore,
  { tenantId, tokenId }: { readonly tenantId: string; readonly tokenId: string },
  { system, matched }: MatchReport,
): Promise<number> {
  let written = 0;
  for (const { agentId, user, change } of matched) {
    if (change === 'same') continue;
    const entry = await config.get(tenantId, 'agent', agentId);
    if (entry === undefined) continue;
    const agent = entry.entity as Agent;
    const entity = { ...agent, externalIds: { ...agent.externalIds, [system]: user.id } };
    await config.put(tenantId, 'agent', entity, { actor: actorOf(tokenId), ifRevision: entry.revision });
    written += 1;
  }
  return written;
}
