import { asFailure, Failure, isFailure } from '@patchcord/contracts';

/** A failure that no retry mends. Messages hold ids and field names, never what a secret or an answer says. */
export const refused = (code: string, message: string, status?: number): Failure =>
  new Failure('permanent', code, message, status === undefined ? {} : { status });

/**
 * What reading or keeping a secret or a token threw. Texts of other errors are not shown: nobody knows what they quote.
 */
export function storeFailure(thrown: unknown): Failure {
  if (isFailure(thrown)) return thrown;
  return new Failure('own-trouble', 'secrets_unavailable', 'secrets or tokens cannot be read or kept just now', {
    cause: asFailure(thrown),
  });
}
