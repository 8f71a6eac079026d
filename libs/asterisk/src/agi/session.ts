import { type Failure, isFailure } from '@patchcord/contracts';
import { isPlainValue, variableName } from './command.ts';
import { type AgiFailureCode, agiFailure } from './failures.ts';
import type { AgiReply } from './reply.ts';
import type { AgiRequest } from './request.ts';
import type { AgiCommand, AgiWire } from './wire.ts';

export interface DataOptions {
  /** For the first digit after the prompt, and for each one after it. */
  readonly timeoutMs: number;
  /** Collecting ends with so many, or with `#`, which is not among the digits. */
  readonly maxDigits: number;
  /** How long the prompt may play. Default 30 s. */
  readonly promptMs?: number;
}

/**
 * - `digits`: all of them, or ended by `#` (then they may be none)
 * - `timeout`: those that came until then
 * - `hung-up`: nobody is there any more
 */
export type CollectedDigits =
  | { readonly outcome: 'digits' | 'timeout'; readonly digits: string }
  | { readonly outcome: 'hung-up' };

/**
 * One call that a dialplan hands over with `AGI(agi://...)`. Commands go out one at a time, in the order they are asked
 * for. Every one of them throws Failure `agi_closed`, `agi_command_timeout`, `agi_session_timeout`, `agi_refused`,
 * `agi_argument_invalid`; those that need the caller also `agi_hung_up`.
 */
export interface AgiSession {
  readonly request: AgiRequest;
  /** IP address of the PBX, as its connection shows it: an IPv4 one may come as `::ffff:10.0.0.5`. */
  readonly peer: string;
  /** When the connection was taken, by the server's clock (ms). */
  readonly openedAt: number;
  /**
   * Aborts when nobody is there any more: the caller hung up, the connection is over, or the session's time is up. The
   * reason is a Failure. Pass it to whatever is done for this caller.
   */
  readonly hungUp: AbortSignal;
  /** A variable or function of the channel, e.g. `CHANNEL(linkedid)`; undefined when it has no value. */
  getVariable(name: string): Promise<string | undefined>;
  /** `name` must be ours, never a caller's or a CRM's: a function is called by its name. */
  setVariable(name: string, value: string): Promise<void>;
  /** Sets several by one command. Their values must be plain ones (`isPlainValue`): it is done by an application, MSet. */
  setVariables(variables: readonly (readonly [name: string, value: string])[]): Promise<void>;
  /** Plays prompts (file names without ending, several joined by `&`) and collects digits. */
  getData(prompt: string, options: DataOptions): Promise<CollectedDigits>;
  /** Plays a file; one that is missing also makes the `AGISTATUS` FAILURE. Answers the digit of `escapeDigits` that ended it; undefined when it played to its end. `fromMs`: begins so far into it, of a recording of 8000 samples a second. */
  streamFile(
    file: string,
    options?: { escapeDigits?: string; timeoutMs?: number; fromMs?: number },
  ): Promise<string | undefined>;
  /** Answers the call. */
  answer(): Promise<void>;
  /** Runs a dialplan application. @throws Failure `agi_refused` when there is no such application. */
  exec(application: string, args?: string, options?: { timeoutMs?: number }): Promise<AgiReply>;
  /** Any other command. */
  readonly command: AgiCommand;
}

/** `GET VARIABLE` cuts a value here (`tempstr` of res_agi.c), `GET FULL VARIABLE` does not; seen with Asterisk 22. */
const shortAnswerBytes = 1023;

const promptMsDefault = 30_000;
const samplesPerMs = 8;

export function createAgiSession(request: AgiRequest, wire: AgiWire, openedAt: number): AgiSession {
  const { command, hungUp } = wire;
  return {
    request,
    peer: wire.peer,
    openedAt,
    hungUp,
    command,
    async getVariable(name) {
      const { result, value } = await command('GET VARIABLE', [variableName(name)]);
      if (result !== '1' || value === undefined) return undefined;
      if (Buffer.byteLength(value) < shortAnswerBytes) return value;
      return (await command('GET FULL VARIABLE', [`\u0024{${name}}`])).value;
    },
    async setVariable(name, value) {
      await command('SET VARIABLE', [variableName(name), value]);
    },
    async setVariables(variables) {
      const { result } = await command('EXEC', ['MSet', variables.map(assignment).join(',')]);
      // A PBX without that application.
      if (result === '-2') for (const variable of variables) await command('SET VARIABLE', [...variable]);
    },
    getData: async (prompt, options) => collect(wire, prompt, options),
    async streamFile(file, { escapeDigits = '', timeoutMs = promptMsDefault, fromMs } = {}) {
      const offset = fromMs === undefined ? [] : [String(Math.round(fromMs) * samplesPerMs)];
      const { result } = await command('STREAM FILE', [file, escapeDigits, ...offset], { timeoutMs });
      if (result === '-1') throw await gone(wire, `"${file}" could not be played`);
      return result === '0' ? undefined : String.fromCharCode(Number(result));
    },
    async answer() {
      const { result } = await command('ANSWER');
      if (result === '-1') throw await gone(wire, 'the call could not be answered');
    },
    async exec(application, args, options) {
      const reply = await command('EXEC', [application, ...(args === undefined ? [] : [args])], options);
      if (reply.result === '-2') throw agiFailure('agi_refused', `there is no application "${application}"`);
      return reply;
    },
  };
}

function assignment([name, value]: readonly [name: string, value: string]): string {
  if (isPlainValue(value)) return `${variableName(name)}=${value}`;
  throw agiFailure('agi_argument_invalid', 'expected a value without anything that means something to an application');
}

/** With `AGIEXITONHANGUP=yes` Asterisk closes without a word when the caller is gone. */
const partings: ReadonlySet<string> = new Set<AgiFailureCode>(['agi_closed', 'agi_hung_up']);

async function collect(wire: AgiWire, prompt: string, options: DataOptions): Promise<CollectedDigits> {
  const { timeoutMs, maxDigits, promptMs = promptMsDefault } = options;
  const args = [prompt, String(timeoutMs), String(maxDigits)];
  try {
    const reply = await wire.command('GET DATA', args, { timeoutMs: promptMs + timeoutMs * (maxDigits + 1) });
    if (reply.result === '-1') throw await gone(wire, `"${prompt}" could not be played`);
    return { outcome: reply.value === 'timeout' ? 'timeout' : 'digits', digits: reply.result };
  } catch (error) {
    if (isFailure(error) && partings.has(error.code)) return { outcome: 'hung-up' };
    throw error;
  }
}

/** `-1` is said for a caller who is gone and for a file that is missing; the notice of the hangup comes after it. */
async function gone(wire: AgiWire, otherwise: string): Promise<Failure> {
  await wire.command('NOOP');
  return wire.callerGone() ? agiFailure('agi_hung_up', 'the caller hung up') : agiFailure('agi_refused', otherwise);
}
