import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { houseRules, wrongArrows } from './house-rules.ts';

const root = join(import.meta.dirname, '..');
const made: string[] = [];

function houseWith(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'house-'));
  made.push(folder);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true });
});

describe('rule of the house', () => {
  it('holds: every arrow points the right way', () => {
    const found = wrongArrows(root).map(({ file, line, to, why }) => `${file}:${line} imports ${to}: ${why}`);
    expect(found).toEqual([]);
  });

  it('knows every lib and service there is', () => {
    const parts = ['libs', 'services'].flatMap((folder) =>
      readdirSync(join(root, folder), { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map((entry) => `${folder}/${entry.name}`),
    );
    expect(Object.keys(houseRules)).toEqual(expect.arrayContaining(parts));
  });

  it('declared dependencies point the same way as the imports may', () => {
    for (const [part, allowed] of Object.entries(houseRules)) {
      const manifest = JSON.parse(readFileSync(join(root, part, 'package.json'), 'utf8')) as {
        dependencies?: Record<string, string>;
      };
      const inner = Object.keys(manifest.dependencies ?? {}).filter((name) => name.startsWith('@patchcord/'));
      for (const name of inner) expect(allowed, `${part}/package.json`).toContain(name.replace('@patchcord/', ''));
    }
  });

  it.each([
    ['a service that imports a service', 'services/console/src/a.ts', "import { x } from '@patchcord/disposition';"],
    ['a lib that imports a sibling it must not know', 'libs/jobs/src/a.ts', "import { x } from '@patchcord/bus';"],
    ['the leaf that imports anything', 'libs/contracts/src/a.ts', "import type { x } from '@patchcord/bus';"],
    ['a service that imports the testkit', 'services/console/src/a.ts', "import { x } from '@patchcord/testkit';"],
    ['a path into another package', 'services/console/src/a.ts', "export * from '../../disposition/src/a.ts';"],
    ['a dynamic import', 'libs/bus/src/a.ts', "await import('@patchcord/egress');"],
  ])('names the wrong arrow: %s', (_title, file, text) => {
    const [arrow, ...rest] = wrongArrows(houseWith({ [file]: `// first line\n${text}\n` }));
    expect(rest).toEqual([]);
    expect(arrow).toMatchObject({ file, line: 2 });
  });

  it('lets a service use a lib', () => {
    const file = "import { x } from '@patchcord/bus';\nimport { y } from './domain/y.ts';\n";
    expect(wrongArrows(houseWith({ 'services/console/src/a.ts': file }))).toEqual([]);
  });
});
