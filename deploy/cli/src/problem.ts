/** What a command could not do, told to a person: first what, then where, then what to do about it. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly details: readonly string[];
  /** 1: it failed. 2: it was asked wrongly. */
  readonly exitCode: 1 | 2;

  constructor(message: string, options: { details?: readonly string[]; exitCode?: 1 | 2; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.details = options.details ?? [];
    this.exitCode = options.exitCode ?? 1;
  }
}

/** The command was used wrongly. */
export const usage = (message: string): Problem => new Problem(message, { exitCode: 2 });
