import { type Bus, type ConfigStore, callRpc } from '@patchcord/bus';
import { type DeskAgent, type DeskChoices, Failure, isFailure, rpc, type TenantConfig } from '@patchcord/contracts';
import type { Identity } from '@patchcord/runtime';
import type { DeskView } from '../adapters/desk-view.ts';
import { worksOn } from '../domain/external-ids.ts';
import { agentPhone, queuesOf } from './agent-phone.ts';

const timeoutMs = 3000;

export interface ReadAgentDeps {
  readonly bus: Bus;
  readonly view: Pick<DeskView, 'agent'>;
}

/** An agent as he is now. After-call work is kept elsewhere: where it cannot be asked for, the rest is told without. */
export async function readAgent({ bus, view }: ReadAgentDeps, tenantId: string, agentId: string): Promise<DeskAgent> {
  const acw = await callRpc(bus, rpc.openAcw, { tenantId, agentId }, { timeoutMs })
    .then((reply) => reply.acw)
    .catch((error: unknown) => {
      if (isFailure(error)) return undefined;
      throw error;
    });
  return { ...view.agent(tenantId, agentId), ...(acw === undefined ? {} : { acw }) };
}

export interface ChoicesDeps {
  readonly bus: Bus;
  readonly config: Pick<ConfigStore, 'tenant'>;
}

/**
 * What an agent can choose from at his desk.
 *
 * @throws Failure permanent `not_found`: there is no such agent
 */
export async function readChoices(deps: ChoicesDeps, identity: Identity, agentId: string): Promise<DeskChoices> {
  const entities = deps.config.tenant(identity.tenantId);
  const agent = entities.agent.get(agentId);
  if (agent === undefined) {
    const message = `there is no agent "${agentId}" in the configuration: add him there first`;
    throw new Failure('permanent', 'not_found', message);
  }
  const own = [...entities.campaign.values()].filter((campaign) => worksOn(campaign, agentId));
  return {
    pauseReasons: [...entities.tenant.values()].at(0)?.pauseReasons ?? [],
    queues: queuesOf(own, agentId).toSorted(),
    phone: await phoneOf(deps, identity, { agentId, device: agent.interface ?? `PJSIP/${agent.id}` }),
    transferTo: {
      agents: colleaguesOf(entities, agentId),
      queues: [...new Set([...entities.campaign.values()].flatMap(({ match }) => match.queues))].toSorted(),
    },
    campaigns: own.map(({ id, name }) => ({ id, name })).toSorted((a, b) => a.name.localeCompare(b.name)),
  };
}

const colleaguesOf = ({ agent }: TenantConfig, agentId: string): DeskChoices['transferTo']['agents'] =>
  [...agent.values()]
    .filter(({ id }) => id !== agentId)
    .map(({ id, name }) => ({ agentId: id, name }))
    .toSorted((a, b) => a.name.localeCompare(b.name));

async function phoneOf(
  deps: ChoicesDeps,
  identity: Identity,
  { agentId, device }: { readonly agentId: string; readonly device: string },
): Promise<DeskChoices['phone']> {
  try {
    const { pbxId } = await agentPhone(deps, identity, { agentId, agentInAddress: true });
    const { pbxs } = await callRpc(deps.bus, rpc.listPbxs, { tenantId: identity.tenantId }, { timeoutMs });
    // One process answers for all; a PBX that only others know may well be there.
    const isAway = pbxs.find((pbx) => pbx.pbxId === pbxId)?.connected === false;
    if (!isAway) return { outcome: 'reached', interface: device };
    return { outcome: 'away', interface: device, message: `no process is connected to the PBX "${pbxId}" now` };
  } catch (error) {
    if (!isFailure(error) || error.code === 'forbidden') throw error;
    return { outcome: error.code === 'pbx_unclear' ? 'unclear' : 'away', interface: device, message: error.message };
  }
}
