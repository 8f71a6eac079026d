import { type Bus, type ConfigStore, callRpc, InvalidInput } from '@patchcord/bus';
import {
  type Agent,
  type Campaign,
  Failure,
  isFailure,
  type PbxCommand,
  type PbxCommandReply,
  pbxRpc,
  rpc,
} from '@patchcord/contracts';
import { demandAgent, type Identity } from '@patchcord/runtime';
import { addressed, agentIn, type IdSpace, idSpace, named } from '../domain/external-ids.ts';

export interface PhoneDeps {
  readonly bus: Bus;
  readonly config: Pick<ConfigStore, 'tenant'>;
}

/** For whom something is asked for. */
export interface ForAgent {
  /** Id of an external system: the ids of this command are then its own. */
  readonly externalSystem?: string | undefined;
  /** Default: the agent that the identity acts for. */
  readonly agentId?: string | undefined;
  /** The agent stands in the address: one that is not there is `not_found`. */
  readonly agentInAddress?: boolean | undefined;
}

/** An agent with his phone, on his PBX. */
export interface AgentPhone {
  readonly space: IdSpace;
  readonly agent: Agent;
  readonly pbxId: string;
  /** As every command names it. */
  readonly phone: { readonly agentId: string; readonly interface: string };
}

const listTimeoutMs = 3_000;

/**
 * The agent that is meant, whom this identity may act for.
 * @throws InvalidInput for an agent or external system that is not there, Failure permanent `forbidden`, `pbx_unclear`,
 * own-trouble `pbx_away`
 */
export async function agentPhone(
  { bus, config }: PhoneDeps,
  identity: Identity,
  { externalSystem, agentId, agentInAddress = false }: ForAgent,
): Promise<AgentPhone> {
  const { tenantId } = identity;
  const space = named(idSpace({ tenantId, config: config.tenant(tenantId) }, externalSystem));
  const agent =
    agentId === undefined ? ownAgent(space, identity) : (agentInAddress ? addressed : named)(agentIn(space, agentId));
  demandAgent(identity, agent.id);
  const pbxId = agent.pbxId ?? (await onlyPbx(bus, tenantId, agent));
  return { space, agent, pbxId, phone: { agentId: agent.id, interface: agent.interface ?? `PJSIP/${agent.id}` } };
}

/** The agent of a token is one of ours, in whatever ids the rest is said. */
function ownAgent(space: IdSpace, identity: Identity): Agent {
  if (identity.agentId !== undefined) return named(agentIn({ ...space, system: undefined }, identity.agentId));
  const message = 'expected the agent, as the token acts for no particular one';
  throw new InvalidInput('invalid_request', `agentId: ${message}`, [{ path: 'agentId', message }]);
}

async function onlyPbx(bus: Bus, tenantId: string, { id }: Agent): Promise<string> {
  const { pbxs } = await callRpc(bus, rpc.listPbxs, { tenantId }, { timeoutMs: listTimeoutMs }).catch(away('any PBX'));
  const [first, ...others] = pbxs;
  if (first !== undefined && others.length === 0) return first.pbxId;
  const what = first === undefined ? 'the tenant has no PBX that takes commands' : 'the tenant has several PBXs';
  throw new Failure('permanent', 'pbx_unclear', `${what}: expected the pbxId of the agent "${id}"`);
}

/** Longer than a process needs for its own deadlines, so that its answer says what went wrong. */
const answerTimeoutMs = 20_000;

/** Has the agent's PBX do it. @throws Failure own-trouble `pbx_away`, or what the PBX made of it */
export async function askPbx(
  { bus }: PhoneDeps,
  { tenantId }: Identity,
  { pbxId, command }: { readonly pbxId: string; readonly command: PbxCommand },
): Promise<PbxCommandReply> {
  const waits = command.command === 'originate' && command.waitFor === 'answer' ? command.ringTimeoutMs : 0;
  const options = { timeoutMs: answerTimeoutMs + waits };
  return callRpc(bus, pbxRpc(pbxId), { tenantId, pbxId, command }, options).catch(away(`the PBX "${pbxId}"`));
}

/** Only those who are connected to a PBX serve it: nobody there is a PBX that is away. */
const away =
  (what: string) =>
  (error: unknown): never => {
    if (!isFailure(error) || error.code !== 'no_responders') throw error;
    throw new Failure('own-trouble', 'pbx_away', `no process is connected to ${what} now`, { cause: error });
  };

/** The queues whose calls an agent gets: those of the campaigns he works on. */
export const queuesOf = (campaigns: Iterable<Campaign>, agentId: string): string[] => [
  ...new Set(
    [...campaigns]
      .filter(({ agents }) => agents.length === 0 || agents.includes(agentId))
      .flatMap(({ match }) => match.queues),
  ),
];
