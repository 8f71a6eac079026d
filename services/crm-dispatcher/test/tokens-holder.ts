import { connectRedis, createLogger } from '@patchcord/runtime';
import { createSealer } from '../src/adapters/secrets-seal.ts';
import { createTokenStore } from '../src/adapters/token-store.ts';

/** A process that takes the lock of a token and does not come to give it back: its test kills it. */
const [url = '', tenantId = '', key = '', ttlMs = '0'] = process.argv.slice(2);
const redis = await connectRedis({ url, name: 'holder', log: createLogger({ service: 'test', level: 'silent' }) });
const release = await createTokenStore({ redis, sealer: createSealer(undefined) }).lock(tenantId, key, Number(ttlMs));
process.stdout.write(release === undefined ? 'busy\n' : 'held\n');
