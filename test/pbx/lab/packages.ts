import { existsSync, globSync } from 'node:fs';
import { join } from 'node:path';
import { hasDistributionPackages } from '@patchcord/testkit';
import { type DebianTree, fetchTree, rootOf, type Unavailable, unstableSources } from '../../packages/debian-tree.ts';

/** Debian has its keys here; Ubuntu has them in the package debian-archive-keyring. */
const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';

const tree: DebianTree = {
  name: 'a real Asterisk',
  folder: join(import.meta.dirname, '../../../.patchcord/asterisk'),
  packages: ['asterisk', 'asterisk-modules', 'asterisk-core-sounds-en-gsm'],
  isThere: () => unpackedAsterisk() !== undefined,
  // Asterisk 22 is in Debian's unstable distribution only.
  sources: (work, run) => unstableSources(keyring, work, run),
};
const root = rootOf(tree);

/** A real Asterisk with all of its libraries, unpacked: nothing of the system is used or changed, and no root needed. */
export interface Asterisk {
  /** Program and first arguments, since the libraries come with their own loader. */
  readonly command: readonly [string, ...string[]];
  /** Where `usr`, `var` and `etc` of the packages are. */
  readonly root: string;
  readonly modules: string;
}

/** What was unpacked before; undefined: nothing. */
export function unpackedAsterisk(): Asterisk | undefined {
  const program = join(root, 'usr/sbin/asterisk');
  const [loader] = globSync(join(root, 'usr/lib/*-linux-gnu*/ld-linux-*.so.*'));
  if (loader === undefined || !existsSync(program)) return undefined;
  const libraries = join(loader, '..');
  return {
    command: [loader, '--library-path', libraries, program],
    root,
    modules: join(libraries, 'asterisk/modules'),
  };
}

export type Fetched = { readonly outcome: 'ready'; readonly asterisk: Asterisk } | Unavailable;

/** Makes sure that there is an Asterisk: takes what is there, or fetches Debian's signed packages (about 80 MB). */
export async function ensureAsterisk(log: (line: string) => void): Promise<Fetched> {
  const found = unpackedAsterisk();
  if (found !== undefined) return { outcome: 'ready', asterisk: found };
  const obstacle = missing();
  if (obstacle !== undefined) return { outcome: 'unavailable', why: obstacle };
  const failed = await fetchTree(tree, log);
  if (failed !== undefined) return failed;
  const asterisk = unpackedAsterisk();
  if (asterisk === undefined) throw new Error(`the packages of Asterisk hold no program for this machine (${root})`);
  return { outcome: 'ready', asterisk };
}

function missing(): string | undefined {
  if (process.platform !== 'linux' || !hasDistributionPackages())
    return 'a real Asterisk comes from packages of Debian: run the tests on Debian or Ubuntu, or in a container of it';
  if (!existsSync(keyring)) return `there is no ${keyring}: install the package debian-archive-keyring`;
  return undefined;
}
