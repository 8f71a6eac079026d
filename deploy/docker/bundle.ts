// Bundles every process of the house into one folder of plain JavaScript: `node deploy/docker/bundle.ts --out dist`.
import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { build, type Metafile } from 'esbuild';
import { bundleEntries } from './entries.ts';
import { licencesOf } from './licences.ts';

const root = resolve(import.meta.dirname, '../..');

/** CommonJS packages inside an ES module still ask for these three. */
const commonJsNames = [
  "import{createRequire as __createRequire}from'node:module';",
  "import{fileURLToPath as __toPath}from'node:url';",
  "import{dirname as __dirnameOf}from'node:path';",
  'const require=__createRequire(import.meta.url),',
  '__filename=__toPath(import.meta.url),__dirname=__dirnameOf(__filename);',
].join('');

/** Files that a service serves as they are: where they stand, and where the bundle looks for them. */
const staticFolders: readonly (readonly [from: string, to: string])[] = [['services/console/web/dist', 'console-web']];

async function bundleCode(outdir: string): Promise<Metafile> {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: bundleEntries(root),
    outdir,
    chunkNames: 'chunks/[name]-[hash]',
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    // Names in stack traces are worth more than the few megabytes.
    minify: false,
    banner: { js: commonJsNames },
    // Only for tests in containers; testkit loads it on demand.
    external: ['testcontainers'],
    legalComments: 'none',
    logLevel: 'warning',
    metafile: true,
  });
  return metafile;
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { out: { type: 'string', default: 'dist' } } });
  const outdir = resolve(values.out);
  await rm(outdir, { recursive: true, force: true });
  await mkdir(outdir, { recursive: true });
  const metafile = await bundleCode(outdir);
  for (const [from, to] of staticFolders) await cp(join(root, from), join(outdir, to), { recursive: true });
  // Node reads the nearest package.json only; without it the format of a file is a guess.
  await writeFile(join(outdir, 'package.json'), '{"type":"module"}\n');
  await writeFile(join(outdir, 'THIRD-PARTY-LICENSES.txt'), await licencesOf(metafile, root));
  await cp(join(root, 'LICENSE'), join(outdir, 'LICENSE'));
}

await main();
