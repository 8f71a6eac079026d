import { type acwEnd, Failure } from '@patchcord/contracts';
import type { z } from 'zod';
import { completeAcw } from '../domain/acw.ts';
import type { CallIndex, InteractionRef, Schedule } from '../domain/ports.ts';
import type { Acw, AcwReason, Call } from '../domain/state.ts';
import { type ChangeCall, type Decide, silently } from './change-call.ts';
import type { FindCall } from './find-call.ts';

export interface EndAcwOptions {
  readonly findCall: FindCall;
  readonly change: ChangeCall;
  readonly schedule: Schedule;
  readonly index: CallIndex;
  readonly now: () => number;
}

type AcwEnd = z.infer<typeof acwEnd>;

export interface EndAcw {
  /**
   * `onlyOf`: only an interaction of this agent.
   *
   * @throws Failure permanent `not_found` | `forbidden` | `conflict` when the interaction is not over yet
   */
  byAgent(tenantId: string, interactionId: string, onlyOf?: string): Promise<AcwEnd>;
  /** `extensions`: how often it had been extended when the timer was set. One that was extended since goes on. */
  byTimeout(ref: InteractionRef, extensions?: number): Promise<void>;
  /** The agent went away at `at` (RFC 3339, the PBX's clock). */
  agentGone(tenantId: string, agentId: string, at: string): Promise<void>;
}

/** The ways in which after-call work ends other than by a disposition. Exactly one of all wins. */
export function createEndAcw(options: EndAcwOptions): EndAcw {
  const { findCall, change, schedule, index, now } = options;
  const ending =
    (interactionId: string, reason: AcwReason): Decide<AcwEnd | undefined> =>
    (call) => {
      const state = completeAcw(call, interactionId, { reason, now: now() });
      const outcome = state === call.state ? 'already-ended' : 'ended';
      return { state, result: endOf(state.acw[interactionId], outcome) };
    };

  return {
    byAgent: async (tenantId, interactionId, onlyOf) => {
      const ref = await findCall(tenantId, interactionId);
      await schedule.recover(ref);
      const end = await change(ref, (call) => {
        demandHis(call, interactionId, onlyOf);
        return ending(interactionId, 'agent')(call);
      });
      if (end === undefined) throw new Failure('permanent', 'conflict', 'the interaction is not over yet');
      return end;
    },
    byTimeout: async (ref, extensions = 0) => {
      const timeout = { reason: 'timeout', onlyAfter: extensions } as const;
      await change(
        ref,
        silently((call) => completeAcw(call, ref.interactionId, { ...timeout, now: now() })),
      );
    },
    agentGone: async (tenantId, agentId, at) => {
      for (const ref of await index.openAcwOf(tenantId, agentId)) {
        const gone = ending(ref.interactionId, 'agent-gone');
        await change(ref, (call) =>
          wasOverBy(call, ref.interactionId, at) ? gone(call) : { state: call.state, result: undefined },
        );
      }
    },
  };
}

/** @throws Failure permanent `forbidden` */
export function demandHis({ session }: Call, interactionId: string, onlyOf: string | undefined): void {
  const interaction = session.interactions.find((one) => one.interactionId === interactionId);
  if (onlyOf === undefined || interaction?.agent.agentId === onlyOf) return;
  throw new Failure('permanent', 'forbidden', `agent "${onlyOf}" had no part in the interaction "${interactionId}"`);
}

const endOf = (acw: Acw | undefined, outcome: AcwEnd['outcome']): AcwEnd | undefined =>
  acw?.reason === undefined ? undefined : { outcome, reason: acw.reason };

/** A message of an absence before this interaction ended, come late, says nothing about the agent after it. */
function wasOverBy({ session }: Call, interactionId: string, at: string): boolean {
  const endedAt = session.interactions.find((one) => one.interactionId === interactionId)?.endedAt;
  return endedAt === undefined || Date.parse(at) >= Date.parse(endedAt);
}
