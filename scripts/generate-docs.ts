// Writes docs/generated from the code, or with --check says which of its files are out of date.
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { asyncApi } from './docs/asyncapi.ts';
import { configurationPage } from './docs/configuration.ts';
import { crmSupportPage } from './docs/crm-support.ts';
import { eventsPage } from './docs/events.ts';
import { expressionsPage } from './docs/expressions.ts';
import { serviceApis } from './docs/openapi.ts';
import { parametersPage } from './docs/parameters.ts';
import { postmanCollection } from './docs/postman.ts';
import { retryPage } from './docs/retry.ts';
import { topologyPage } from './docs/topology.ts';

const folder = join(import.meta.dirname, '../docs/generated');

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
const apis = await serviceApis();

/** File name to content: everything that is derived from the code. */
const pages: Record<string, string> = {
  'asyncapi.json': json(asyncApi()),
  'configuration.md': configurationPage(),
  'crm-support.md': crmSupportPage(),
  'events.md': eventsPage(),
  'expressions.md': expressionsPage(),
  'parameters.md': parametersPage(),
  'patchcord.postman_collection.json': json(await postmanCollection(apis)),
  ...Object.fromEntries(apis.map(({ service, api }) => [`openapi/${service}.json`, json(api)])),
  'retry-schedule.md': retryPage(),
  'topology.md': topologyPage(),
};

const read = (name: string): string | undefined => {
  const path = join(folder, name);
  return statSync(path, { throwIfNoEntry: false })?.isFile() ? readFileSync(path, 'utf8') : undefined;
};

function strays(): string[] {
  if (statSync(folder, { throwIfNoEntry: false }) === undefined) return [];
  const there = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return there.filter((name) => read(name) !== undefined && !Object.hasOwn(pages, name));
}

const stale = Object.keys(pages).filter((name) => read(name) !== pages[name]);

if (process.argv.includes('--check')) {
  const wrong = [...stale, ...strays().map((name) => `${name} (not generated any more)`)];
  for (const name of wrong) console.error(`docs/generated/${name} is out of date: run "npm run docs"`);
  process.exitCode = wrong.length === 0 ? 0 : 1;
} else {
  for (const name of strays()) rmSync(join(folder, name));
  for (const name of stale) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), pages[name] ?? '');
  }
  console.log(stale.length === 0 ? 'docs/generated is up to date' : `wrote ${stale.join(', ')}`);
}
