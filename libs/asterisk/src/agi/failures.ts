import { Failure, type FailureClass } from '@patchcord/contracts';

/** Why a FastAGI session or one of its commands failed. */
const classes = {
  /** The connection is over: Asterisk closed it, or it broke. */
  agi_closed: 'transient',
  agi_command_timeout: 'transient',
  /** The session reached its own deadline. */
  agi_session_timeout: 'transient',
  /** The caller is gone and this command needs him (`511`). */
  agi_hung_up: 'permanent',
  /** Asterisk does not know the command (`510`), or not with these arguments (`520`). */
  agi_refused: 'permanent',
  /** An argument that would begin a command of its own, or make the command too long. */
  agi_argument_invalid: 'permanent',
  /** Something else than an Asterisk speaks. */
  agi_protocol: 'permanent',
  /** We closed it: asked to stop. */
  agi_stopped: 'own-trouble',
} as const satisfies Record<string, FailureClass>;

export type AgiFailureCode = keyof typeof classes;

export function agiFailure(code: AgiFailureCode, message: string, cause?: unknown): Failure {
  return new Failure(classes[code], code, message, { cause });
}
