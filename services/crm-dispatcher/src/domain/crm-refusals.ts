import { type CrmConnection, Failure } from '@patchcord/contracts';

/** Work for a connection that is switched off is looked at again after this time, and up to twice of it (ms). */
const disabledLookMs = 5 * 60_000;

/** Nothing leaves for it. Work waits: it is no attempt. Whoever waits on the line is told at once. */
export function disabled({ id }: Pick<CrmConnection, 'id'>, who: 'caller' | 'work'): Failure {
  const message = `the crm-connection "${id}" is switched off`;
  if (who === 'caller') return new Failure('permanent', 'connection_disabled', message);
  const retryAt = new Date(Date.now() + disabledLookMs * (1 + Math.random()));
  return new Failure('throttled', 'connection_disabled', message, { retryAt });
}

const reasons = {
  rate: 'its rate limit lets no more requests through now',
  quota: 'its quota is used up',
  places: 'as many requests are under way as it may have',
} as const;

/** A limit of the connection, or the CRM itself, lets nothing through until `retryAt`. */
export function limited(why: keyof typeof reasons | 'held', retryAt: Date): Failure {
  if (why === 'held') return new Failure('throttled', 'destination_throttled', 'the CRM asked to wait', { retryAt });
  return new Failure('throttled', 'rate_limited', reasons[why], { retryAt });
}

/** Whether something of ours made it wait: nobody was asked, so it is no attempt. */
export const isOwnWait = ({ class: kind, status }: Failure): boolean => kind === 'throttled' && status === undefined;

/** Told without asking the CRM, because of what it did before. */
const ofAllWork = new Set(['destination_throttled', 'circuit_open']);

/**
 * Until when (ms since 1970) a failure says that none of the work for its CRM can be done: the CRM itself asked to wait,
 * or is left alone. Not while it is switched off, or our limits are used up: then each piece says when it comes again.
 */
export const allHeldUntil = ({ class: kind, code, status, retryAt }: Failure): number | undefined =>
  kind === 'throttled' && (status !== undefined || ofAllWork.has(code)) ? retryAt?.getTime() : undefined;
