import { dataItems, openItems } from '@patchcord/contracts';
import { expect, it } from 'vitest';
import { dataItems as texts } from '../../../i18n/en/data-items.ts';
import { meaningOf } from './item-meaning.ts';

const { meanings } = texts;
const names = [...dataItems, ...openItems].map(({ name }) => name);

it('every data item of the contracts is told in the languages of the pages, and nothing else is', () => {
  const without = names.filter((name) => meaningOf(name, meanings) === undefined);
  expect(without, 'add it to i18n/*/data-items.ts').toEqual([]);
  const used = names.flatMap((name) => [name, name.slice(0, name.lastIndexOf('.'))]);
  expect(Object.keys(meanings).filter((name) => !used.includes(name))).toEqual([]);
});

it('a duration is told with its unit', () => {
  expect(meaningOf('wait.clock', { wait: 'time in queues' })).toBe('time in queues (hh:mm:ss)');
  expect(meaningOf('toString', {})).toBeUndefined();
});
