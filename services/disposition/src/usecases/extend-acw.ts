import { type AcwExtended, Failure } from '@patchcord/contracts';
import { type Extension, extendAcw } from '../domain/acw.ts';
import { demandHis, type EndAcwOptions } from './end-acw.ts';

interface ExtendAcwRequest extends Pick<Extension, 'byMs' | 'until'> {
  readonly tenantId: string;
  readonly interactionId: string;
  /** Only an interaction of this agent. */
  readonly onlyOf?: string | undefined;
}

export type ExtendAcw = (request: ExtendAcwRequest) => Promise<AcwExtended>;

/**
 * Gives an agent more time for his after-call work.
 *
 * @throws Failure permanent `not_found` | `forbidden` | `conflict` when there is none, or it would last too long
 */
export function createExtendAcw({
  findCall,
  change,
  schedule,
  now,
}: Pick<EndAcwOptions, 'findCall' | 'change' | 'schedule' | 'now'>): ExtendAcw {
  return async ({ tenantId, interactionId, onlyOf, byMs, until }) => {
    const ref = await findCall(tenantId, interactionId);
    await schedule.recover(ref);
    const extended = await change(ref, (call) => {
      demandHis(call, interactionId, onlyOf);
      const result = extendAcw(call, interactionId, { byMs, until, now: now() });
      return { state: 'state' in result ? result.state : call.state, result };
    });
    if (extended === undefined || extended.outcome === 'not-open')
      throw new Failure('permanent', 'conflict', 'there is no after-call work that goes on: it has ended already');
    if (extended.outcome === 'too-long')
      throw new Failure('permanent', 'conflict', 'after-call work cannot be extended any further: expected its end');
    return { outcome: extended.outcome, until: extended.until };
  };
}
