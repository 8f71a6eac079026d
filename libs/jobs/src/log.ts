/** What this library needs of a logger; pino fits. */
export interface JobsLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export const silentLog: JobsLog = { info: () => {}, warn: () => {}, error: () => {} };
