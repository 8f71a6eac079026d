import { createHash } from 'node:crypto';
import type { Session } from '@patchcord/contracts';
import { normaliseNumber } from '@patchcord/expressions';

/** Who is at the other end. */
export interface CardCustomer {
  /** For people. */
  readonly customer?: string;
  /** Only if it is one by which people are known: not hidden, no extension. */
  readonly number?: string;
  readonly email?: string;
  /** Hashes of what he is known by. */
  readonly persons: readonly string[];
}

/** `region`: where national numbers are dialled (ISO 3166). */
export function customerOf(session: Session, region: string): CardCustomer {
  const { direction, ani, dnis, digital, callerName } = session;
  const said = direction === 'outbound' ? dnis : ani;
  const { kind, e164, national } = normaliseNumber(said ?? '', region);
  const phone = kind === 'number' && direction !== 'internal' ? (e164 ?? national) : undefined;
  const { email, handle, name } = digital?.customer ?? {};
  const customer = [said, email, handle, name, callerName].find((one) => one !== undefined && one.trim() !== '');
  return {
    ...(customer === undefined ? {} : { customer }),
    ...(phone === undefined || said === undefined ? {} : { number: said }),
    ...(email === undefined ? {} : { email }),
    persons: [
      ...(phone === undefined ? [] : [hashed('phone', phone)]),
      ...(email === undefined ? [] : [hashed('email', email.trim().toLowerCase())]),
      ...(handle === undefined ? [] : [hashed('handle', digital?.kind ?? '', handle)]),
    ],
  };
}

/** Keys are seen by whoever looks after the servers. */
const hashed = (...parts: readonly string[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 27);
