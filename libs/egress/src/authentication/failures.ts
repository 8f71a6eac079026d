import { Failure, isFailure } from '@patchcord/contracts';

/** A failure that no retry mends. Messages hold ids and field names, never what a secret or an answer says. */
export const refused = (code: string, message: string, status?: number): Failure =>
  new Failure('permanent', code, message, status === undefined ? {} : { status });

/** Whatever was thrown, as a failure. What was not thrown on purpose is a defect; nobody knows what its text quotes. */
export function shownFailure(thrown: unknown): Failure {
  if (isFailure(thrown)) return thrown;
  const message = 'the request could not be given its credentials';
  return new Failure('defect', 'authentication_defect', message, { cause: thrown });
}
