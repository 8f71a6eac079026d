import { defined } from './defined.ts';

export type MissedReason =
  | 'no-answer'
  | 'declined'
  | 'busy'
  | 'unreachable'
  | 'answered-elsewhere'
  | 'caller-gone'
  | 'failed';
export type FailedReason = 'busy' | 'no-answer' | 'declined' | 'unreachable' | 'failed' | 'hangup';

/** Of `Hangup`: Q.850 cause, its text, and the SIP status when there was one (`TechCause`). */
export interface Cause {
  readonly q850?: number;
  readonly text?: string;
  readonly sip?: number;
}

export function causeOf(cause?: string, text?: string, technical?: string): Cause {
  const sip = Number.parseInt(technical ?? '', 10);
  const q850 = Number.parseInt(cause ?? '', 10);
  return defined({
    q850: Number.isNaN(q850) ? undefined : q850,
    text: text?.slice(0, 128),
    sip: Number.isNaN(sip) ? undefined : sip,
  });
}

const unreachable: ReadonlySet<number> = new Set([1, 2, 3, 5, 18, 20, 22, 25, 27, 28]);
const congested: ReadonlySet<number> = new Set([34, 38, 41, 42, 43, 44, 47, 50, 58, 63, 65, 66, 69, 79, 88, 102, 111]);

/**
 * Why a phone that was called was not answered. `DialEnd` says NOANSWER also of a phone that declined (486, 603); the
 * cause of its `Hangup` tells the truth.
 */
export function missedReason(
  cause: Cause,
  seen: { rang: boolean; callerGone: boolean; otherAnswered: boolean },
): MissedReason {
  const { q850 = 0 } = cause;
  if (q850 === 26) return 'answered-elsewhere';
  // 486 is "busy here": of a phone that had been ringing it is the button that turns a call away.
  if (q850 === 17 || cause.sip === 486 || cause.sip === 600) return seen.rang ? 'declined' : 'busy';
  if (q850 === 21 || cause.sip === 603) return 'declined';
  if (seen.callerGone) return 'caller-gone';
  if (seen.otherAnswered) return 'answered-elsewhere';
  if (congested.has(q850)) return 'failed';
  return seen.rang && !unreachable.has(q850) ? 'no-answer' : 'unreachable';
}

/** Why a call to somebody could not be established. */
export function failedReason(cause: Cause, dialStatus: string | undefined): FailedReason {
  const { q850 = 0, sip } = cause;
  if (q850 === 17 || sip === 486 || dialStatus === 'BUSY') return 'busy';
  if (q850 === 21 || sip === 603) return 'declined';
  if (q850 === 19 || sip === 480 || sip === 408) return 'no-answer';
  if (unreachable.has(q850) || sip === 404 || dialStatus === 'CHANUNAVAIL') return 'unreachable';
  if (congested.has(q850) || dialStatus === 'CONGESTION') return 'failed';
  return dialStatus === 'NOANSWER' || dialStatus === 'CANCEL' ? 'no-answer' : 'hangup';
}
