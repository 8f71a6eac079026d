import type { SecureContext } from 'node:tls';
import type { MailServer } from '@patchcord/contracts';
import { secureContext, tlsKey } from '../tls.ts';

/** For `security: none`: undefined. Throws `Failure` permanent `certificate_invalid`. */
export type SecureContexts = (server: Pick<MailServer, 'security' | 'tls'>) => SecureContext | undefined;

const maxContexts = 200;

/** One context for each kind of TLS settings: reading the roots blocks the process for tens of milliseconds. */
export function createSecureContexts(ca: string | undefined): SecureContexts {
  const contexts = new Map<string, SecureContext>();
  return ({ security, tls }) => {
    if (security === 'none') return undefined;
    const key = tlsKey({ tls });
    const context = contexts.get(key) ?? secureContext({ tls }, ca);
    contexts.delete(key);
    contexts.set(key, context);
    const [oldest] = contexts.keys();
    if (contexts.size > maxContexts && oldest !== undefined) contexts.delete(oldest);
    return context;
  };
}
