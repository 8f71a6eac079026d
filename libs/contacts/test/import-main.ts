// Imports its standard input into the Redis it is told. To be killed.
import { Redis } from 'ioredis';
import { createContactImports } from '../src/imports.ts';
import { customers } from './fixture.ts';

const [url = '', importId = ''] = process.argv.slice(2);
const redis = new Redis(url);
await createContactImports(redis).run(customers(), { importId, update: false, source: process.stdin });
redis.disconnect();
