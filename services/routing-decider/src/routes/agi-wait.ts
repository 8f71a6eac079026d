import type { AgiSession } from '@patchcord/asterisk';
import type { FlowInput, FlowInstruction } from '@patchcord/flows';
import type { Voice } from './agi-voice.ts';

/** Tells of each change of the session of a call until it is closed. */
export type SessionNews = (
  call: { readonly tenantId: string; readonly callId: string },
  onChange: () => void,
) => Promise<{ close(): void }>;

export interface WaitOptions {
  readonly session: AgiSession;
  readonly voice: Voice;
  readonly news: (onChange: () => void) => Promise<{ close(): void }>;
  readonly next: (input: FlowInput) => Promise<FlowInstruction>;
}

type Wait = Extract<FlowInstruction, { do: 'wait' }>;

/** The session is looked at so often where no news of it comes (ms). */
const lookEveryMs = 500;
/** A filler that takes no time must not keep the PBX busy (ms). */
const leastFillerMs = 250;

/** Plays the filler and watches the session until the flow goes on; answers with what it then says. */
export async function waitForVariables(options: WaitOptions, wait: Wait): Promise<FlowInstruction> {
  const bell = createBell();
  // Without news it is looked at now and then: a caller must not hear of it.
  const subscription = await options.news(bell.ring).catch(() => undefined);
  try {
    for (let round = 0; ; round += 1) {
      bell.reset();
      const now = await options.next({ type: 'variables-changed', turn: wait.turn });
      if (now.do !== 'wait' || now.turn !== wait.turn) return now;
      if (now.remainingMs <= 0) return options.next({ type: 'timeout', turn: wait.turn });
      const went = await passTime(options, now, { bell, round });
      if (went !== 'failed') continue;
      return options.next({ type: 'failed', reason: 'a sound could not be played', turn: wait.turn });
    }
  } finally {
    subscription?.close();
  }
}

interface Bell {
  readonly ring: () => void;
  readonly reset: () => void;
  /** Resolves when it rings, or has since the last reset, at the latest after `ms`; rejects when the caller is gone. */
  readonly wait: (ms: number, hungUp: AbortSignal) => Promise<void>;
}

async function passTime(
  { session, voice }: WaitOptions,
  { filler, remainingMs }: Wait,
  { bell, round }: { readonly bell: Bell; readonly round: number },
): Promise<'passed' | 'failed'> {
  const prompt = filler[round % Math.max(filler.length, 1)];
  const startedAt = performance.now();
  if (prompt !== undefined && (await voice.say(prompt)).outcome === 'failed') return 'failed';
  const ms = prompt === undefined ? lookEveryMs : leastFillerMs - (performance.now() - startedAt);
  await bell.wait(Math.min(ms, remainingMs), session.hungUp);
  return 'passed';
}

function createBell(): Bell {
  let rung = false;
  let wake = (): void => undefined;
  return {
    ring: () => {
      rung = true;
      wake();
    },
    reset: () => {
      rung = false;
    },
    wait: (ms, hungUp) =>
      new Promise((resolve, reject) => {
        if (hungUp.aborted) return reject(hungUp.reason);
        if (rung || ms <= 0) return resolve();
        const end = (): void => {
          clearTimeout(timer);
          hungUp.removeEventListener('abort', end);
          if (hungUp.aborted) reject(hungUp.reason);
          else resolve();
        };
        const timer = setTimeout(end, ms);
        hungUp.addEventListener('abort', end);
        wake = end;
      }),
  };
}
