import type { SessionChanged, TenantConfig } from '@patchcord/contracts';
import { campaignOf } from '@patchcord/contracts';
import type { TellAgent } from '../adapters/pop-news.ts';
import type { PopRequests } from '../adapters/pop-requests.ts';
import type { ScreenPops } from '../adapters/screen-pops.ts';
import { popHandle } from '../domain/pop-token.ts';
import {
  fateOf,
  type PartOver,
  partOver,
  partsOver,
  retirementMs,
  showsAnything,
  type WithdrawalReason,
} from '../domain/pops.ts';

type Change = SessionChanged['data'];

export interface WithdrawPopsOptions {
  readonly pops: ScreenPops;
  readonly requests: Pick<PopRequests, 'remove'>;
  readonly tell: TellAgent;
  readonly now: () => number;
}

export interface WithdrawPops {
  /** Takes from screens what is no more the agent's. Before anything is offered, so that nothing flickers. */
  withdraw(config: TenantConfig, change: Change): Promise<void>;
  /** Lets what stands open of a conversation end with its after-call work. After all was offered. */
  retire(config: TenantConfig, change: Change): Promise<void>;
}

/** Safe to repeat: a part that is over stays over. */
export function createWithdrawPops(options: WithdrawPopsOptions): WithdrawPops {
  const { pops, now } = options;
  return {
    withdraw: async (config, change) => {
      const parts = over(config, change);
      await Promise.all(
        parts.map(async (part) => {
          const fate = fateOf(change.session, part);
          if (fate !== 'retired') await withdrawPart(options, partOver(change.session, part), fate.withdrawn);
        }),
      );
    },
    retire: async (config, change) => {
      const parts = over(config, change).filter((part) => fateOf(change.session, part) === 'retired');
      if (parts.length === 0) return;
      const until = now() + retirementMs(campaignOf(config, change.session)?.acw.timeoutMs);
      await Promise.all(parts.map((part) => pops.retire(partOver(change.session, part), until)));
    },
  };
}

const over = (config: TenantConfig, change: Change) => {
  const parts = partsOver(change);
  return parts.length > 0 && showsAnything(config) ? parts : [];
};

/** Told before it is removed: whoever dies in between tells it again, and a browser does not mind. */
async function withdrawPart(options: WithdrawPopsOptions, part: PartOver, reason: WithdrawalReason): Promise<void> {
  const { pops, requests, tell } = options;
  const { tenantId, agentId } = part;
  const popIds = await pops.close(part);
  for (const popId of popIds) tell(tenantId, agentId, { news: 'withdrawn', popId, reason });
  await pops.remove(part, popIds);
  await requests.remove(popIds.map((popId) => ({ tenantId, handle: popHandle(agentId, popId) })));
}
