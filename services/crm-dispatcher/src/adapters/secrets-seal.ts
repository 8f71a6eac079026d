import { Failure } from '@patchcord/contracts';
import { CompactEncrypt, compactDecrypt, decodeProtectedHeader } from 'jose';
import type { SealingKeys } from './secrets-keys.ts';

/** Whose a sealed text is. It is bound to that: put in another place, it cannot be opened. */
export interface SealedPlace {
  readonly tenantId: string;
  /** Of a secret, or of something else that is sealed: then with a dot, which no id of a secret holds. */
  readonly id: string;
}

/** Seals and opens texts. Everything throws `Failure` own-trouble `secrets_not_configured` when there is no key. */
export interface Sealer {
  /** The key that seals now. */
  keyId(): string;
  /** Whether a key of that id is there. */
  holds(keyId: string): boolean;
  seal(place: SealedPlace, text: string): Promise<string>;
  /** Throws `Failure`: own-trouble `secret_key_unknown`, or permanent `secret_unreadable`. */
  open(place: SealedPlace, sealed: string): Promise<string>;
}

/** JWE, compact, `dir` with `A256GCM`. The place stands in the protected header, so the seal covers it. */
export function createSealer(keys: SealingKeys | undefined): Sealer {
  const byId = new Map((keys ?? []).map(({ id, key }) => [id, key]));
  const current = () => {
    if (keys === undefined) throw notConfigured();
    return keys[0];
  };
  return {
    keyId: () => current().id,
    holds: (keyId) => byId.has(keyId),
    seal: async ({ tenantId, id }, text) => {
      const { id: kid, key } = current();
      return new CompactEncrypt(new TextEncoder().encode(text))
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid, tenant: tenantId, secret: id })
        .encrypt(key);
    },
    open: async (place, sealed) => {
      current();
      const key = byId.get(keyIdOf(sealed, place));
      if (key === undefined) throw keyUnknown(keyIdOf(sealed, place), place);
      return opened(sealed, key, place);
    },
  };
}

function keyIdOf(sealed: string, place: SealedPlace): string {
  try {
    return String(decodeProtectedHeader(sealed).kid);
  } catch {
    throw unreadable(place);
  }
}

const algorithms = { keyManagementAlgorithms: ['dir'], contentEncryptionAlgorithms: ['A256GCM'] };

async function opened(sealed: string, key: Uint8Array, place: SealedPlace): Promise<string> {
  const result = await compactDecrypt(sealed, key, algorithms).catch(() => undefined);
  if (result === undefined) throw unreadable(place);
  const { tenant, secret } = result.protectedHeader;
  if (tenant !== place.tenantId || secret !== place.id) throw unreadable(place);
  return new TextDecoder().decode(result.plaintext);
}

const notConfigured = (): Failure =>
  new Failure(
    'own-trouble',
    'secrets_not_configured',
    'secrets cannot be kept: set SECRETS_KEYS of crm-dispatcher to id:base64 of 32 random bytes',
  );

/** Ours to mend, and another replica may hold the key: no work dies of it. */
const keyUnknown = (keyId: string, { id }: SealedPlace): Failure =>
  new Failure(
    'own-trouble',
    'secret_key_unknown',
    `the secret ${id} is sealed by the key ${keyId}, which SECRETS_KEYS does not hold: add it, or set the secret anew`,
  );

const unreadable = ({ id }: SealedPlace): Failure =>
  new Failure('permanent', 'secret_unreadable', `the secret ${id} cannot be opened: set it anew`);
