import { Webhook } from 'standardwebhooks';
import type { EgressRequest } from '../request.ts';
import { refused } from './failures.ts';

export interface NamedSecret {
  readonly id: string;
  readonly value: string;
}

/**
 * The headers of Standard Webhooks 1.0: one `v1` signature by each secret, separated by spaces. Secrets are base64, with
 * `whsec_` before it or not. The spec separates what is signed by dots, so an id cannot hold any: `~` stands for them.
 */
export function signatureHeaders(
  { body }: Pick<EgressRequest, 'body'>,
  secrets: readonly NamedSecret[],
  message: { readonly id: string; readonly atMs: number },
): Record<string, string> {
  const id = message.id.replaceAll('.', '~');
  const signatures = secrets.map((secret) => webhook(secret).sign(id, new Date(message.atMs), body ?? ''));
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(message.atMs / 1000)),
    'webhook-signature': signatures.join(' '),
  };
}

function webhook({ id, value }: NamedSecret): Webhook {
  try {
    return new Webhook(value);
  } catch {
    throw refused('secret_invalid', `the secret ${id} cannot sign: expected base64, such as whsec_MfKQ9r8GKYqrTwjU`);
  }
}
