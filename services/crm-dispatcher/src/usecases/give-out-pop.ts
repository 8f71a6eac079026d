import type { ScreenPop } from '@patchcord/contracts';
import type { ScreenPops, StoredPop } from '../adapters/screen-pops.ts';
import { signPop } from '../domain/pop-token.ts';
import { actionThroughUs, fittingList } from '../domain/pops.ts';

export interface GiveOutOptions {
  readonly key: () => Buffer;
  /** Where browsers reach this service. */
  readonly publicUrl: string;
  /** How long a signed address serves (ms). */
  readonly urlTtlMs: number;
  readonly now: () => number;
}

/** A pop as a browser gets it: one that goes through us with an address that serves for a while. */
export type GiveOut = (stored: StoredPop) => ScreenPop;

export function createGiveOut({ key, publicUrl, urlTtlMs, now }: GiveOutOptions): GiveOut {
  const base = publicUrl.replace(/\/+$/, '');
  return ({ pop, handle }) => {
    if (handle === undefined) return pop;
    const until = Math.min(now() + urlTtlMs, Date.parse(pop.expiresAt));
    const token = signPop(key(), { tenantId: pop.tenantId, handle }, until);
    return { ...pop, action: actionThroughUs(pop.action, `${base}/v1/pops/${token}`) };
  };
}

export type ListPops = (of: { tenantId: string; agentId: string }) => Promise<{ pops: ScreenPop[] }>;

/** What is open on an agent's screen, each with an address that serves from now on. */
export const createListPops =
  (pops: Pick<ScreenPops, 'list'>, giveOut: GiveOut): ListPops =>
  async ({ tenantId, agentId }) => ({ pops: fittingList((await pops.list(tenantId, agentId)).map(giveOut)) });
