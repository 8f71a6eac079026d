import { writeSync } from 'node:fs';
import { Failure } from '@patchcord/contracts';
import { createJobs } from '../src/index.ts';
import { fast, ticket } from './support.ts';

// A worker process that never gets done with what it is told to hang in; a test kills it.
const [redisUrl = '', name = '', hangIn = ''] = process.argv.slice(2);
const hang = (): Promise<void> => {
  writeSync(1, `in ${hangIn}\n`);
  return new Promise(() => {});
};
createJobs({ redisUrl }).worker(name, ticket, {
  concurrency: 5,
  schedule: fast,
  handle: async () => {
    if (hangIn === 'handle') await hang();
    throw new Failure('permanent', 'http_400', 'answered 400');
  },
  onDead: hang,
});
