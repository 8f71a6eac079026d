import { type Bus, openSecrets, type SecretStore } from '@patchcord/bus';
import { Failure } from '@patchcord/contracts';
import type { Logger, Part, Secret } from '@patchcord/runtime';
import type { Redis } from 'ioredis';
import { createSecrets, type Secrets } from '../usecases/secrets.ts';
import { type Consents, createConsents, createSignIns, type SignIns } from './secrets-consents.ts';
import { parseSealingKeys } from './secrets-keys.ts';
import { createSealer } from './secrets-seal.ts';
import { createTokenStore } from './token-store.ts';

export interface SecretsPartOptions {
  readonly bus: Bus;
  readonly redis: Redis;
  readonly log: Logger;
  /** The setting SECRETS_KEYS. Without it every operation says what to set. */
  readonly keys: Secret | undefined;
}

/** Everything that is sealed: secrets, tokens of sites, consents and sign-ins that were begun. */
export interface SecretsPart extends Part {
  readonly secrets: Secrets;
  readonly tokens: ReturnType<typeof createTokenStore>;
  readonly consents: Consents;
  readonly signIns: SignIns;
}

export function createSecretsPart({ bus, redis, log, keys }: SecretsPartOptions): SecretsPart {
  const sealer = createSealer(keys === undefined ? undefined : parseSealingKeys(keys.reveal()));
  let opened: SecretStore | undefined;
  let resealing: Promise<void> | undefined;
  const secrets = createSecrets({ store: lateStore(() => opened), sealer });
  return {
    name: 'secrets',
    secrets,
    tokens: createTokenStore({ redis, sealer }),
    consents: createConsents({ redis, sealer }),
    signIns: createSignIns({ redis, sealer }),
    start: async () => {
      if (keys === undefined) return log.warn('SECRETS_KEYS is not set: sites that need credentials cannot be asked');
      opened = await openSecrets(bus);
      resealing = reseal(secrets, log);
    },
    stop: async () => {
      opened?.close();
      await resealing;
    },
  };
}

/** In the background: old keys open what is not sealed anew yet. */
async function reseal(secrets: Secrets, log: Logger): Promise<void> {
  try {
    const { resealed, lost } = await secrets.reseal();
    if (resealed > 0) log.info({ resealed }, 'secrets were sealed anew by the current key');
    if (lost > 0) log.error({ lost }, 'secrets are sealed by keys that SECRETS_KEYS does not hold');
  } catch (error) {
    log.warn({ err: error }, 'secrets could not be sealed anew; it is tried again at the next start');
  }
}

/** The store is opened when the service starts; until then nothing of it can be had. */
function lateStore(store: () => SecretStore | undefined): SecretStore {
  const opened = (): SecretStore => {
    const there = store();
    if (there !== undefined) return there;
    throw new Failure('own-trouble', 'secrets_unavailable', 'secrets cannot be had: the service is starting');
  };
  return {
    find: (tenantId, id) => opened().find(tenantId, id),
    get: (tenantId, id) => opened().get(tenantId, id),
    list: (tenantId) => opened().list(tenantId),
    all: () => opened().all(),
    put: (secret, options) => opened().put(secret, options),
    remove: (tenantId, id) => opened().remove(tenantId, id),
    close: () => store()?.close(),
  };
}
