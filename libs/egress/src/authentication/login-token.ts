import type { EgressOutcome, EgressRequest } from '../request.ts';
import { atPath } from './json-path.ts';
import type { OfKind } from './kinds.ts';
import { readSeconds } from './lifetime.ts';
import { answeredJson, checkedToken, type FetchedToken, tokenRequestFailure } from './token-answer.ts';

type LoginToken = OfKind<'login-token'>;

/**
 * Logs in: the two fields as JSON, and a token in a JSON answer with a status below 400. The lifetime that is configured
 * wins; without one, the answer's field. Throws `Failure`.
 */
export async function logIn(
  send: (request: EgressRequest) => Promise<EgressOutcome>,
  authentication: LoginToken,
  password: string,
): Promise<FetchedToken> {
  const outcome = await send(loginRequest(authentication, password));
  // A redirect is an answer like any other here: what counts is the JSON that comes with it.
  if (!outcome.ok && outcome.failure.code !== 'redirect_refused') throw tokenRequestFailure(outcome);
  const { tokenField, lifetimeField, lifetimeSeconds } = authentication;
  const json = answeredJson(outcome);
  return {
    value: checkedToken(atPath(json, tokenField), tokenField),
    lifetimeSeconds: lifetimeSeconds > 0 ? lifetimeSeconds : readSeconds(atPath(json, lifetimeField)),
  };
}

function loginRequest(authentication: LoginToken, password: string): EgressRequest {
  const { username, usernameField, passwordField, tokenUrl, timeoutMs, tls, egress } = authentication;
  return {
    method: 'POST',
    url: tokenUrl,
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify({ [usernameField]: username, [passwordField]: password }),
    timeoutMs,
    tls,
    policy: egress,
  };
}
