import type { AgiSession } from '@patchcord/asterisk';
import { Failure, isFailure } from '@patchcord/contracts';
import type { Heard } from '@patchcord/flows';
import { speechArguments } from './agi-speech.ts';

/** Which keys end what the caller hears, and from when on (by `performance.now()`). */
export interface BargeIn {
  readonly keys: string;
  readonly fromMs: number;
}

type Said =
  /** `key`: it ended what he heard. */
  | { readonly outcome: 'said'; readonly key?: string }
  /** The PBX cannot play it. */
  | { readonly outcome: 'failed' };

/** What a caller hears. */
export interface Voice {
  say(prompt: Heard, bargeIn?: BargeIn): Promise<Said>;
}

export interface VoiceOptions {
  readonly session: AgiSession;
  /** The PBX's application that says a text; undefined: it has none, and texts are left out. */
  readonly ttsApplication: string | undefined;
  /** Told of what was left out, without what it says. */
  readonly onLeftOut: (why: string) => void;
}

/** Announcements are long; a PBX that hangs ends with the session (ms). */
const longestPromptMs = 5 * 60_000;

/** Plays sounds, and texts by the PBX's own application. Keys do not interrupt a text: applications differ in that. */
export function createVoice(options: VoiceOptions): Voice {
  const { session, onLeftOut } = options;
  return {
    async say(prompt, bargeIn) {
      try {
        return 'sound' in prompt ? await play(session, prompt.sound, bargeIn) : await speak(options, prompt);
      } catch (error) {
        if (session.hungUp.aborted || !isFailure(error) || error.code !== 'agi_refused') throw error;
        onLeftOut('a prompt was left out: the PBX cannot play it');
        return { outcome: 'failed' };
      }
    },
  };
}

/** A key that comes too early is dropped: Asterisk stops at it all the same, so it plays on from there. */
async function play(session: AgiSession, sound: string, bargeIn?: BargeIn): Promise<Said> {
  const escapeDigits = bargeIn?.keys ?? '';
  const startedAt = performance.now();
  let key = await session.streamFile(sound, { escapeDigits, timeoutMs: longestPromptMs });
  while (key !== undefined && bargeIn !== undefined && performance.now() < bargeIn.fromMs) {
    const fromMs = performance.now() - startedAt;
    key = await session.streamFile(sound, { escapeDigits, timeoutMs: longestPromptMs, fromMs });
  }
  return key === undefined ? { outcome: 'said' } : { outcome: 'said', key };
}

type Speech = Exclude<Heard, { sound: string }>;

async function speak(
  { session, ttsApplication, onLeftOut }: VoiceOptions,
  { text, language = '', voice = '' }: Speech,
): Promise<Said> {
  if (ttsApplication === undefined) {
    onLeftOut('a text was left out: FASTAGI_TTS_APPLICATION is not set');
    return { outcome: 'said' };
  }
  await session.setVariable('CRM_SPEECH_LANGUAGE', language);
  await session.setVariable('CRM_SPEECH_VOICE', voice);
  for (const part of speechArguments(text)) {
    const { result } = await session.exec(ttsApplication, part, { timeoutMs: longestPromptMs });
    if (result === '-1') throw await failed(session);
  }
  return { outcome: 'said' };
}

/** `-1` is said for a caller who is gone and for what went wrong; the notice of the hangup comes after it. */
export async function failed(session: AgiSession): Promise<unknown> {
  await session.command('NOOP');
  if (session.hungUp.aborted) return session.hungUp.reason;
  return new Failure('permanent', 'agi_refused', 'the PBX could not do it');
}
