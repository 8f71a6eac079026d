import { redisKeys } from '@patchcord/contracts';
import { fromRedis } from '@patchcord/runtime';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { SealedPlace, Sealer } from './secrets-seal.ts';

const consent = z.object({ authenticationId: z.string(), redirectUri: z.string(), codeVerifier: z.string() });
/** What is kept of a consent between its beginning and its end. */
export type BegunConsent = z.infer<typeof consent>;

const signIn = z.object({
  providerId: z.string(),
  redirectUri: z.string(),
  codeVerifier: z.string(),
  nonce: z.string(),
  /** Of the browser that began. */
  browser: z.string(),
  goTo: z.string(),
});
/** What is kept of a sign-in while its person is at the identity provider. */
export type BegunSignIn = z.infer<typeof signIn>;

/** What was begun and waits for a browser to come back, by a name that nobody can guess. */
interface Begun<Kept> {
  keep(tenantId: string, name: string, begun: Kept, ttlMs: number): Promise<void>;
  /** Gives it once; undefined afterwards, and when it is too old. */
  take(tenantId: string, name: string): Promise<Kept | undefined>;
}

/** Consents that were begun. */
export type Consents = Begun<BegunConsent>;
/** Sign-ins by an identity provider that were begun. */
export type SignIns = Begun<BegunSignIn>;

interface Place {
  readonly redis: Redis;
  readonly sealer: Sealer;
}

export const createConsents = (place: Place): Consents => createBegun(place, 'consent', consent);
export const createSignIns = (place: Place): SignIns => createBegun(place, 'sign-in', signIn);

function createBegun<Kept>({ redis, sealer }: Place, kind: string, schema: z.ZodType<Kept>): Begun<Kept> {
  const keyOf = (tenantId: string, name: string): string => redisKeys.entity(tenantId, kind, name);
  const placeOf = (tenantId: string, name: string): SealedPlace => ({ tenantId, id: `${kind}.${name}` });
  return {
    keep: async (tenantId, name, begun, ttlMs) => {
      const sealed = await sealer.seal(placeOf(tenantId, name), JSON.stringify(begun));
      await fromRedis(redis.set(keyOf(tenantId, name), sealed, 'PX', ttlMs));
    },
    take: async (tenantId, name) => {
      const sealed = await fromRedis(redis.getdel(keyOf(tenantId, name)));
      if (sealed === null) return undefined;
      return schema.parse(JSON.parse(await sealer.open(placeOf(tenantId, name), sealed)));
    },
  };
}
