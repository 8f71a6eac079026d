import { execFile } from 'node:child_process';
import { existsSync, globSync } from 'node:fs';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { hasDistributionPackages } from '@patchcord/testkit';

const folder = join(import.meta.dirname, '../../../.patchcord/asterisk');
const root = join(folder, 'root');
const packages = ['asterisk', 'asterisk-modules', 'asterisk-core-sounds-en-gsm'];
/** Debian has its keys here; Ubuntu has them in the package debian-archive-keyring. */
const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';
const deadlineMs = 300_000;

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

/** `unavailable`: why this machine cannot have one, and what to do. */
export type Fetched =
  | { readonly outcome: 'ready'; readonly asterisk: Asterisk }
  | { readonly outcome: 'unavailable'; readonly why: string };

/**
 * Makes sure that there is an Asterisk: takes what is there, or fetches Debian's signed packages (about 80 MB) and
 * unpacks them into the project's ignored folder, within 5 minutes. Safe to run again after an interruption, and twice
 * at a time: the tree appears last, by a rename.
 */
export async function ensureAsterisk(log: (line: string) => void): Promise<Fetched> {
  const found = unpackedAsterisk();
  if (found !== undefined) return { outcome: 'ready', asterisk: found };
  const obstacle = missing();
  if (obstacle !== undefined) return { outcome: 'unavailable', why: obstacle };
  try {
    await fetchAsterisk(log);
  } catch (error) {
    return { outcome: 'unavailable', why: `fetching the packages of Asterisk from Debian failed: ${reasonOf(error)}` };
  }
  const asterisk = unpackedAsterisk();
  if (asterisk === undefined) throw new Error(`the packages of Asterisk hold no program for this machine (${root})`);
  return { outcome: 'ready', asterisk };
}

/** What the program said, not its long command line. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'AbortError') return `not done within ${deadlineMs / 1000} s`;
  const said = 'stderr' in error && typeof error.stderr === 'string' ? error.stderr.trim() : '';
  return (said === '' ? error.message : said).slice(-600);
}

function missing(): string | undefined {
  if (process.platform !== 'linux' || !hasDistributionPackages())
    return 'a real Asterisk comes from packages of Debian: run the tests on Debian or Ubuntu, or in a container of it';
  if (!existsSync(keyring)) return `there is no ${keyring}: install the package debian-archive-keyring`;
  return undefined;
}

type Run = (command: string, args: readonly string[], cwd: string) => Promise<string>;

async function fetchAsterisk(log: (line: string) => void): Promise<void> {
  const work = join(folder, `work-${process.pid}`);
  const signal = AbortSignal.timeout(deadlineMs);
  const run: Run = async (command, args, cwd) => {
    const env = { ...process.env, LC_ALL: 'C' };
    const output = await promisify(execFile)(command, args, { cwd, env, signal, maxBuffer: 64 * 1024 * 1024 });
    return output.stdout;
  };
  try {
    for (const name of ['lists/partial', 'cache/archives/partial', 'debs', 'root'])
      await mkdir(join(work, name), { recursive: true });
    await download(work, run, log);
    const debs = await readdir(join(work, 'debs'));
    for (const deb of debs) await run('dpkg-deb', ['-x', join(work, 'debs', deb), join(work, 'root')], work);
    log(`unpacked ${debs.length} packages`);
    await moveInto(join(work, 'root'));
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function download(work: string, run: Run, log: (line: string) => void): Promise<void> {
  const mirror = await configuredMirror(run);
  log(`fetching a real Asterisk for the tests from ${mirror}, without touching the system`);
  // Asterisk 22 is in Debian's unstable distribution only.
  await writeFile(join(work, 'sources.list'), `deb [signed-by=${keyring}] ${mirror} sid main\n`);
  // Nothing counts as installed, so that every library comes with it: those of this system may be too old.
  await writeFile(join(work, 'status'), '');
  const flags = aptOptions(work).flatMap((option) => ['-o', option]);
  const apt = (...args: string[]) => run('apt-get', [...flags, ...args], join(work, 'debs'));
  await apt('update');
  const plan = await apt('install', '--simulate', ...packages);
  const names = [...plan.matchAll(/^Inst (\S+)/gm)].map((match) => match[1] ?? '');
  const [, version] = /^Inst asterisk \((\S+)/m.exec(plan) ?? [];
  log(`fetching ${names.length} packages of Asterisk ${version}`);
  await apt('download', ...names);
}

const aptOptions = (work: string): string[] => [
  `Dir::State::lists=${work}/lists`,
  `Dir::State::status=${work}/status`,
  `Dir::Cache=${work}/cache`,
  `Dir::Etc::sourcelist=${work}/sources.list`,
  'Dir::Etc::sourceparts=/dev/null',
  'Dir::Etc::preferences=/dev/null',
  'Dir::Etc::preferencesparts=/dev/null',
  'Debug::NoLocking=1',
  'APT::Sandbox::User=',
  'APT::Install-Recommends=false',
  'APT::Get::AllowUnauthenticated=false',
  'Acquire::Languages=none',
  'Acquire::http::Timeout=10',
  'Acquire::Retries=1',
  // Without lists it would only say later that there is no such package.
  'APT::Update::Error-Mode=any',
  // A mirror may be frozen; signatures are checked all the same.
  'Acquire::Check-Valid-Until=false',
  'Acquire::AllowInsecureRepositories=false',
];

/** The mirror of Debian that this machine's apt is set to. */
async function configuredMirror(run: Run): Promise<string> {
  const targets = await run('apt-get', ['indextargets', '--format', '$(REPO_URI)'], folder).catch(() => '');
  const mirrors = targets.split('\n').map((uri) => uri.replace(/\/$/, ''));
  const mirror = mirrors.find((uri) => /^https?:.*\/debian$/.test(uri));
  if (mirror === undefined) throw new Error('apt is set to no mirror of Debian: add one to its sources');
  return mirror;
}

/** Another process may have been faster: its tree is as good. */
async function moveInto(made: string): Promise<void> {
  if (unpackedAsterisk() !== undefined) return;
  await rm(root, { recursive: true, force: true });
  await rename(made, root).catch((error: unknown) => {
    if (unpackedAsterisk() === undefined) throw error;
  });
}
