import type { Bus } from '@patchcord/bus';
import { subjects } from '@patchcord/contracts';
import type { Identity } from './authenticator.ts';

const minuteMs = 60_000;

/**
 * Tells the console which API tokens are in use: one message of each token a minute, from each process, without
 * waiting. What is lost with the connection is lost: the next minute tells it again.
 */
export function createTokenUse(
  bus: Pick<Bus, 'nc' | 'connected'>,
  now: () => number = Date.now,
): (identity: Identity) => void {
  let minute = 0;
  const told = new Set<string>();
  return ({ tenantId, tokenId, userId }) => {
    if (userId !== undefined) return;
    const at = now();
    const current = Math.floor(at / minuteMs);
    if (current !== minute) told.clear();
    minute = current;
    const key = `${tenantId} ${tokenId}`;
    if (told.has(key) || !bus.connected() || bus.nc.isClosed()) return;
    told.add(key);
    bus.nc.publish(subjects.tokenUsed(tenantId, tokenId), JSON.stringify({ at: new Date(at).toISOString() }));
  };
}
