import { InvalidInput } from '@patchcord/bus';
import { type Agent, dialString, type PbxCommand, type PbxCommandReply } from '@patchcord/contracts';
import type { Identity } from '@patchcord/runtime';
import { agentIn, type IdSpace, named } from '../domain/external-ids.ts';
import { type AgentPhone, agentPhone, askPbx, type ForAgent, type PhoneDeps, queuesOf } from './agent-phone.ts';

type TransferTo =
  | { readonly kind: 'number'; readonly number: string }
  | { readonly kind: 'agent'; readonly agentId: string }
  | { readonly kind: 'queue'; readonly queue: string };

/** What an agent's phone and his part in queues can be told, but for making calls. */
export type AgentCommand =
  | (ForAgent & {
      readonly command: 'hangup' | 'hold' | 'resume';
      /** Needed only when he has several. */
      readonly callId?: string | undefined;
    })
  | (ForAgent & {
      readonly command: 'transfer';
      readonly callId?: string | undefined;
      readonly to: TransferTo;
    })
  /** `queues` absent: those of the campaigns he works on. */
  | (ForAgent & { readonly command: 'login'; readonly queues?: readonly string[] | undefined })
  /** `queues` absent: all he is logged in to. */
  | (ForAgent & { readonly command: 'logout'; readonly queues?: readonly string[] | undefined })
  /** `queue` absent: all. */
  | (ForAgent & {
      readonly command: 'pause';
      readonly queue?: string | undefined;
      readonly reason?: string | undefined;
    })
  | (ForAgent & { readonly command: 'unpause'; readonly queue?: string | undefined });

/** Has the agent's PBX do it. @throws what {@link agentPhone} and the PBX say */
export async function agentCommand(deps: PhoneDeps, identity: Identity, asked: AgentCommand): Promise<PbxCommandReply> {
  const agent = await agentPhone(deps, identity, asked);
  return askPbx(deps, identity, { pbxId: agent.pbxId, command: commandOf(agent, asked) });
}

type Target = Extract<PbxCommand, { command: 'transfer' }>['to'];

function targetOf(space: IdSpace, from: Agent, to: TransferTo): Target {
  if (to.kind === 'queue') return to;
  if (to.kind === 'number') return { kind: 'number', number: dialled(to.number) };
  const colleague = named(agentIn(space, to.agentId));
  if (colleague.id === from.id) throw refused('to.agentId', 'expected another agent than the one who has the call');
  return { kind: 'agent', interface: colleague.interface ?? `PJSIP/${colleague.id}` };
}

function dialled(number: string): string {
  const parsed = dialString.safeParse(number);
  if (parsed.success) return parsed.data;
  throw refused('to.number', 'expected a telephone number or an extension, e.g. +14155550123');
}

const refused = (path: string, message: string): InvalidInput =>
  new InvalidInput('invalid_request', `${path}: ${message}`, [{ path, message }]);

function commandOf({ agent, phone, space }: AgentPhone, asked: AgentCommand): PbxCommand {
  switch (asked.command) {
    case 'login': {
      const queues = asked.queues ?? queuesOf(space.config.campaign.values(), agent.id);
      return { command: 'login', ...phone, queues: [...queues], name: agent.name };
    }
    case 'logout':
      return { command: 'logout', ...phone, queues: [...(asked.queues ?? [])] };
    case 'pause':
      return { command: 'pause', ...phone, queue: asked.queue, reason: asked.reason };
    case 'unpause':
      return { command: 'unpause', ...phone, queue: asked.queue };
    case 'transfer':
      return { command: 'transfer', ...phone, callId: asked.callId, to: targetOf(space, agent, asked.to) };
    default:
      return { command: asked.command, ...phone, callId: asked.callId };
  }
}
