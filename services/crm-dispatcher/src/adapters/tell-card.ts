import { setTimeout as pause } from 'node:timers/promises';
import { type Bus, callRpc } from '@patchcord/bus';
import { asFailure, type CardResultRequest, rpc } from '@patchcord/contracts';
import type { Logger } from '@patchcord/runtime';

/** What the card of a call has linked and pinned. @throws Failure own-trouble */
export type ReadLinked = (
  tenantId: string,
  callId: string,
) => Promise<{ readonly linked: readonly CardLink[]; readonly pinned: readonly CardLink[] }>;

interface CardLink {
  readonly connection: string;
  readonly module: string;
  readonly id: string;
}

/** Never rejects: false, the card does not know. */
export type TellCard = (result: CardResultRequest) => Promise<boolean>;

/** Somebody may wait for what is written into a linked record (ms). */
const readMs = 1500;
const tellMs = 2000;
const againAfterMs = [200, 1000, 5000];

export function createReadLinked(bus: Bus): ReadLinked {
  return (tenantId, callId) => callRpc(bus, rpc.linkedRecords, { tenantId, callId }, { timeoutMs: readMs });
}

export function createTellCard(bus: Bus, log: Logger): TellCard {
  return async (result) => {
    for (const waitMs of [0, ...againAfterMs]) {
      await pause(waitMs);
      try {
        await callRpc(bus, rpc.cardResult, result, { timeoutMs: tellMs });
        return true;
      } catch (error) {
        const { class: failureClass, code } = asFailure(error);
        const { tenantId, callId } = result;
        if (failureClass !== 'own-trouble' || waitMs === againAfterMs.at(-1)) {
          log.warn({ tenantId, callId, code }, 'what came of a workflow is not on the card');
          return false;
        }
      }
    }
    return false;
  };
}
