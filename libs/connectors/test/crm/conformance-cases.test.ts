import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Ability, abilities } from '../../src/crm/port.ts';
import { crmConnectors } from '../../src/index.ts';
import { type ConformanceCase, cases, partFiles } from './conformance/cases.ts';

const all: readonly ConformanceCase[] = Object.values(cases);
const proved = new Set<Ability>(all.flatMap(({ proves }) => proves));

const textOf = (...path: string[]): string => readFileSync(join(import.meta.dirname, ...path), 'utf8');

test('no connector claims an ability that no case of the suite proves', () => {
  const claims = Object.values(crmConnectors).flatMap(({ name, cannot }) =>
    abilities.filter((one) => cannot[one] === undefined && !proved.has(one)).map((one) => `${name}: ${one}`),
  );
  expect(claims, 'write a case, and name it in conformance/cases.ts').toEqual([]);
});

test('the suite is run on every connector, by a test in the folder of its name', () => {
  for (const name of Object.keys(crmConnectors)) {
    const tests = readdirSync(join(import.meta.dirname, name)).filter((file) => file.endsWith('.test.ts'));
    expect([name, tests.some((file) => /\bconformance\(/.test(textOf(name, file)))]).toEqual([name, true]);
  }
});

test('every case is a test of its part, and every test of a part is a case', () => {
  for (const [part, file] of Object.entries(partFiles)) {
    const text = textOf('conformance', file);
    const named = Object.entries<ConformanceCase>(cases).filter(([, one]) => one.part === part);
    for (const [key, { title }] of named)
      expect([key, text.includes(`cases.${key}.title`) || text.includes(`'${title}'`)]).toEqual([key, true]);
    expect([file, text.match(/^ {2}test[.(]/gm)?.length]).toEqual([file, named.length]);
  }
});
