// Imports a file of contacts as large as it is told, in a process of its own as the console does.
import { createContactImports } from '@patchcord/contacts';
import { Redis } from 'ioredis';
import { sayReady } from './child.ts';
import { databaseOfBench, fileOfContacts } from './contacts-data.ts';

const redis = new Redis(process.env.REDIS_URL ?? '');
process.once('SIGTERM', () => redis.disconnect());
sayReady({ url: 'none' });
const source = fileOfContacts(Number(process.env.ROWS));
const importId = process.env.IMPORT_ID ?? 'bench';
await createContactImports(redis).run(databaseOfBench, { importId, update: false, source });
redis.disconnect();
