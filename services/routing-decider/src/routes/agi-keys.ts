import type { AgiSession } from '@patchcord/asterisk';
import type { FlowInput, FlowInstruction } from '@patchcord/flows';
import { type BargeIn, failed, type Voice } from './agi-voice.ts';

type Read = Extract<FlowInstruction, { do: 'read' }>;

const allKeys = '0123456789*#';
/** For the answer to a command that takes its own time (ms). */
const answerMs = 5000;

/**
 * Plays the question and collects keys one by one: `GET DATA` knows one pause and one key that ends an entry.
 * Keys that are pressed during a prompt that they do not end are dropped, by Asterisk itself.
 */
export async function readKeys(session: AgiSession, voice: Voice, read: Read): Promise<FlowInput> {
  const { maxDigits, terminators, firstDigitTimeoutMs, betweenDigitsTimeoutMs } = read;
  let keys = (await ask(voice, read)) ?? '';
  for (;;) {
    const last = keys.slice(-1);
    if (terminators.includes(last)) return { type: 'digits', digits: keys.slice(0, -1), terminatedBy: last };
    if (keys.length >= maxDigits) return { type: 'digits', digits: keys };
    const key = await waitForKey(session, keys === '' ? firstDigitTimeoutMs : betweenDigitsTimeoutMs);
    if (key === undefined) return keys === '' ? { type: 'timeout' } : { type: 'digits', digits: keys };
    keys += key;
  }
}

/** The key that ended the question, if one did. */
async function ask(voice: Voice, { prompts, bargeIn: { enabled, delayMs } }: Read): Promise<string | undefined> {
  const bargeIn: BargeIn = { keys: enabled ? allKeys : '', fromMs: performance.now() + delayMs };
  for (const prompt of prompts) {
    const said = await voice.say(prompt, bargeIn);
    if (said.outcome === 'said' && said.key !== undefined) return said.key;
  }
  return undefined;
}

async function waitForKey(session: AgiSession, timeoutMs: number): Promise<string | undefined> {
  const { result } = await session.command('WAIT FOR DIGIT', [String(timeoutMs)], { timeoutMs: timeoutMs + answerMs });
  if (result === '-1') throw await failed(session);
  return result === '0' ? undefined : String.fromCharCode(Number(result));
}
