import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { text as readAll } from 'node:stream/consumers';
import picocolors from 'picocolors';
import { Problem, usage } from './problem.ts';

/** Results go to standard output, everything said about them to standard error. */
export const print = (text: string): void => void process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
export const say = (text: string): void => void process.stderr.write(`${text}\n`);

const colored = (stream: NodeJS.WriteStream): boolean => stream.isTTY === true && (process.env.NO_COLOR ?? '') === '';

/** Colours only where a person looks: what is piped stays plain, also where a CI system asks for colours. */
export const outColors = picocolors.createColors(colored(process.stdout));
export const errColors = picocolors.createColors(colored(process.stderr));

export const printJson = (value: unknown): void => print(JSON.stringify(value, null, 2));

/** Columns as wide as they need to be; the last one runs free. */
export function table(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [heading, ...rows];
  const widths = heading.map((_, column) => Math.max(...lines.map((line) => (line[column] ?? '').length)));
  const shown = lines.map((line) =>
    line
      .map((text, column) => text.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return shown.join('\n');
}

/**
 * Text that came from a CRM or a caller, for a terminal: control characters, which could move its cursor or change its
 * title, are shown as what they are.
 */
export const plain = (text: string): string =>
  text.replace(/\p{Cc}/gu, (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`);

/** The text of a file; `-` is standard input. */
export async function readText(path: string): Promise<string> {
  if (path === '-') return readAll(process.stdin);
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new Problem(`${path}: cannot be read${codeOf(cause)}`, { exitCode: 2, cause });
  }
}

/** A secret: all of standard input, or a line that a person types and nobody sees. */
export async function readSecret(question: string): Promise<string> {
  if (process.stdin.isTTY !== true) return readAll(process.stdin);
  process.stderr.write(question);
  const unseen = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: unseen, terminal: true });
  try {
    const [line] = await Promise.race([once(lines, 'line'), once(lines, 'close')]);
    return typeof line === 'string' ? line : '';
  } finally {
    lines.close();
    say('');
  }
}

export async function writeText(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text);
  } catch (cause) {
    throw new Problem(`${path}: cannot be written${codeOf(cause)}`, { cause });
  }
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';

const tickMs = 1000;

/** While something is waited for, people see for how long already; what is piped sees nothing. */
export async function waiting<T>(what: string, act: () => Promise<T>): Promise<T> {
  if (process.stderr.isTTY !== true) return act();
  const startedAt = performance.now();
  const tick = (): void => {
    const seconds = Math.round((performance.now() - startedAt) / 1000);
    process.stderr.write(`\r\u001b[K${what}: ${seconds} s`);
  };
  const timer = setInterval(tick, tickMs);
  try {
    return await act();
  } finally {
    clearInterval(timer);
    process.stderr.write('\r\u001b[K');
  }
}

/** A number of an option, from 1 to `max`. */
export const count =
  (max: number) =>
  (text: string): string => {
    if (/^\d{1,6}$/.test(text) && Number(text) >= 1 && Number(text) <= max) return text;
    throw usage(`expected a number from 1 to ${max}, not "${text}"`);
  };
