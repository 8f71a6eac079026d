import { existsSync, globSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { findBinary, hasDistributionPackages } from '@patchcord/testkit';
import { type DebianTree, fetchTree, ownSources, rootOf, type Unavailable } from './debian-tree.ts';

const tree: DebianTree = {
  name: 'Chromium',
  folder: join(import.meta.dirname, '../../.patchcord/chromium'),
  packages: ['chromium', 'fonts-liberation'],
  isThere: () => unpackedChromium() !== undefined,
  sources: ownSources,
};
const root = rootOf(tree);
const fontSettings = join(tree.folder, 'fonts.conf');

/** A Chromium as Playwright starts it. */
export interface Chromium {
  readonly executablePath: string;
  /** Added to the environment: where an unpacked one finds its libraries and fonts. */
  readonly env: Readonly<Record<string, string>>;
}

/** The installed one, or else what was unpacked before; undefined: none. */
export function findChromium(): Chromium | undefined {
  const installed = findBinary('chromium');
  return installed === undefined ? unpackedChromium() : { executablePath: installed, env: {} };
}

function unpackedChromium(): Chromium | undefined {
  const executablePath = join(root, 'usr/lib/chromium/chromium');
  if (!existsSync(executablePath)) return undefined;
  const folders = [...libraryFolders()].map((folder) => join(root, folder));
  return { executablePath, env: { LD_LIBRARY_PATH: folders.join(':'), FONTCONFIG_FILE: fontSettings } };
}

/** Some packages have a folder of their own for libraries, and say so by paths of an installed system. */
const libraryFolders = (): ReadonlySet<string> =>
  new Set(globSync('{usr/,}lib/*-linux-gnu*/{,*/}lib*.so*', { cwd: root }).map(dirname));

export type FetchedChromium = { readonly outcome: 'ready'; readonly chromium: Chromium } | Unavailable;

/**
 * Makes sure that there is a Chromium: the one on PATH, what was unpacked before, or the packages of this Debian (about
 * 80 MB), of which only those are fetched that the system lacks.
 */
export async function ensureChromium(log: (line: string) => void): Promise<FetchedChromium> {
  const found = findChromium();
  if (found !== undefined) return { outcome: 'ready', chromium: found };
  if (!isDebian()) return { outcome: 'unavailable', why: 'there is no chromium on the PATH: install one' };
  await mkdir(tree.folder, { recursive: true });
  await writeFile(fontSettings, fontConfiguration);
  const failed = await fetchTree(tree, log);
  if (failed !== undefined) return failed;
  const chromium = unpackedChromium();
  if (chromium === undefined) throw new Error(`the packages of Chromium hold no program for this machine (${root})`);
  return { outcome: 'ready', chromium };
}

/** Those that descend from it have no package of Chromium, or one that is none. */
function isDebian(): boolean {
  if (process.platform !== 'linux' || !hasDistributionPackages() || !existsSync('/etc/os-release')) return false;
  return /^ID="?debian"?$/m.test(readFileSync('/etc/os-release', 'utf8'));
}

/** The fonts that came along, and those of the system. */
const fontConfiguration = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  <dir>${join(root, 'usr/share/fonts')}</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>${join(tree.folder, 'font-cache')}</cachedir>
  <alias><family>sans-serif</family><prefer><family>Liberation Sans</family></prefer></alias>
  <alias><family>serif</family><prefer><family>Liberation Serif</family></prefer></alias>
  <alias><family>monospace</family><prefer><family>Liberation Mono</family></prefer></alias>
</fontconfig>
`;
