import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** What a signed address stands for. */
export interface PopTicket {
  readonly tenantId: string;
  /** Names the stored request. */
  readonly handle: string;
}

export type TokenReading =
  | { readonly outcome: 'valid'; readonly ticket: PopTicket }
  | { readonly outcome: 'wrong' | 'expired' };

/** Under which name the request of a pop is stored. */
export const popHandle = (agentId: string, popId: string): string =>
  createHash('sha256').update(`${agentId}\0${popId}`).digest('base64url').slice(0, 22);

/** `<tenant>~<handle>~<end in seconds>~<HMAC-SHA-256>`: fits a path, and tells nothing of the call. */
export function signPop(key: Buffer, { tenantId, handle }: PopTicket, untilMs: number): string {
  const said = [tenantId, handle, Math.floor(untilMs / 1000).toString(36)].join('~');
  return `${said}~${signature(key, said)}`;
}

export function readPopToken(key: Buffer, token: string, nowMs: number): TokenReading {
  const [tenantId = '', handle = '', until = '', given = '', ...rest] = token.split('~');
  const expected = Buffer.from(signature(key, [tenantId, handle, until].join('~')));
  const shown = Buffer.from(given);
  if (rest.length > 0 || shown.length !== expected.length || !timingSafeEqual(shown, expected))
    return { outcome: 'wrong' };
  if (Number.parseInt(until, 36) * 1000 < nowMs) return { outcome: 'expired' };
  return { outcome: 'valid', ticket: { tenantId, handle } };
}

const signature = (key: Buffer, said: string): string =>
  createHmac('sha256', key).update(`patchcord screen pop\0${said}`).digest('base64url');
