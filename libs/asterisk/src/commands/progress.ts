import { field } from '../message.ts';
import type { Asking } from './asking.ts';

/** How far the agent's part of a click-to-call came. */
export type Progress =
  | { readonly step: 'ringing' | 'answered' }
  /** `cause`: of his channel's Hangup (Q.850); without one there never was a channel. */
  | { readonly step: 'failed'; readonly reason: string; readonly cause: string | undefined };

export interface ProgressWatch {
  /** The first of the wanted steps or a failure; undefined when none came in time. */
  until(steps: readonly Progress['step'][], timeoutMs: number): Promise<Progress | undefined>;
  stop(): void;
}

/** The failure is told before or after the channel's Hangup, which says more. */
const hangupGraceMs = 300;

/** Follows one channel by its Uniqueid, from before it exists. */
export function watchProgress({ client }: Pick<Asking, 'client'>, uniqueId: string): ProgressWatch {
  const seen: Progress[] = [];
  const told = new Set<() => void>();
  let isMade = false;
  let cause: string | undefined;
  let grace: NodeJS.Timeout | undefined;
  const tell = (progress: Progress): void => {
    seen.push(progress);
    for (const notify of told) notify();
  };
  const fail = (reason: string): void => tell({ step: 'failed', reason, cause });
  const stop = client.watch((event) => {
    if (field(event, 'Uniqueid') !== uniqueId) return;
    const name = field(event, 'Event');
    if (name === 'Newchannel') isMade = true;
    if (name === 'Newstate' && field(event, 'ChannelState') === '5') tell({ step: 'ringing' });
    if (name === 'Newstate' && field(event, 'ChannelState') === '6') tell({ step: 'answered' });
    if (name === 'Hangup') cause = field(event, 'Cause');
    if (name !== 'OriginateResponse' || field(event, 'Response') !== 'Failure') return;
    const reason = field(event, 'Reason') ?? '';
    if (!isMade || cause !== undefined) fail(reason);
    else grace = setTimeout(fail, hangupGraceMs, reason);
  });
  return {
    until: (steps, timeoutMs) =>
      new Promise((resolve) => {
        const done = (progress: Progress | undefined): void => {
          clearTimeout(timer);
          told.delete(look);
          resolve(progress);
        };
        const look = (): void => {
          const found = seen.find(({ step }) => step === 'failed') ?? seen.find(({ step }) => steps.includes(step));
          if (found !== undefined) done(found);
        };
        const timer = setTimeout(done, timeoutMs, undefined);
        told.add(look);
        look();
      }),
    stop: () => {
      stop();
      clearTimeout(grace);
    },
  };
}
