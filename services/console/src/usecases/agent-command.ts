import type { PbxCommand, PbxCommandReply } from '@patchcord/contracts';
import type { Identity } from '@patchcord/runtime';
import { type AgentPhone, agentPhone, askPbx, type ForAgent, type PhoneDeps, queuesOf } from './agent-phone.ts';

/** What an agent's phone and his part in queues can be told, but for making calls. */
export type AgentCommand =
  | (ForAgent & {
      readonly command: 'hangup' | 'hold' | 'resume';
      /** Needed only when he has several. */
      readonly callId?: string | undefined;
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
    default:
      return { command: asked.command, ...phone, callId: asked.callId };
  }
}
