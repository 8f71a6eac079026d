import { parseArgs } from 'node:util';

export interface Options {
  readonly once: boolean;
  readonly help: boolean;
  /** 2: the recorded call is played twice as fast as it was. */
  readonly speed: number;
}

export const usage = `Usage: npm start -- [options]

Starts NATS and Redis (or uses NATS_URL and REDIS_URL), every service of Patchcord in this process, and a demo CRM;
then plays a recorded call of a real Asterisk through it and tells what happens. Stays up until Ctrl-C.

  --once         end after the call; exit code 0 only if everything arrived
  --speed N      play the recorded call N times as fast as it was (default 1)
  --help         show this

Environment
  NATS_URL, REDIS_URL    use running servers instead of starting them
  PATCHCORD_DATA_DIR     where data is kept (default .patchcord/data)
  LOG_LEVEL              lowest level of the services' own log (default warn)
  OTEL_EXPORTER_OTLP_ENDPOINT   send traces and metrics there
`;

/** Reads the command line; the error of a wrong one says which argument and what is allowed. */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: { once: { type: 'boolean' }, help: { type: 'boolean', short: 'h' }, speed: { type: 'string' } },
  });
  const speed = Number(values.speed ?? 1);
  if (!(speed > 0)) throw new Error(`--speed must be a number above 0, not "${values.speed}"`);
  return { once: values.once ?? false, help: values.help ?? false, speed };
}
