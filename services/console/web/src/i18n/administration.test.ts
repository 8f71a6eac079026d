import { readdir, readFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { expect, it } from 'vitest';
import { administration } from './en/administration.ts';

const sources = join(import.meta.dirname, '..');
const own = [join('pages', 'admin'), 'i18n'];
const key = new RegExp(`['"\`](${Object.keys(administration).join('|')})\\.`);

it('texts of the administration are named in its own pages only: elsewhere nobody has loaded them', async () => {
  const files = await readdir(sources, { recursive: true });
  const others = files.filter((file) => /\.tsx?$/.test(file) && !own.some((folder) => file.startsWith(folder + sep)));
  expect(others.length).toBeGreaterThan(50);
  const texts = await Promise.all(others.map((file) => readFile(join(sources, file), 'utf8')));
  expect(others.filter((_, at) => key.test(texts[at] ?? ''))).toEqual([]);
});
