import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';

/** Folder of the package that a bundled file came from, or undefined for our own code. */
function packageFolder(path: string): string | undefined {
  return /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(path)?.[0];
}

/** The licence text of one package, with its name and version above it. */
async function licenceOf(folder: string): Promise<string> {
  const manifest: { name?: string; version?: string; license?: string } = JSON.parse(
    await readFile(join(folder, 'package.json'), 'utf8'),
  );
  const files = (await readdir(folder, { withFileTypes: true }))
    .filter((entry) => entry.isFile() && /^(licen[cs]e|notice|copying)/i.test(entry.name))
    .map((entry) => entry.name)
    .sort();
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
  return [
    `${manifest.name}@${manifest.version} (${manifest.license ?? 'see below'})`,
    ...texts.map((text) => text.trim()),
  ].join('\n\n');
}

/** What the licences of the bundled packages ask us to hand on: their texts, once each, in order of name. */
export async function licencesOf(metafile: Metafile, root: string): Promise<string> {
  const folders = new Set(Object.keys(metafile.inputs).flatMap((path) => packageFolder(path) ?? []));
  const texts = await Promise.all([...folders].sort().map((folder) => licenceOf(join(root, folder))));
  return texts.join(`\n\n${'-'.repeat(80)}\n\n`);
}
