import { execFile } from 'node:child_process';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Programs of Debian's signed packages, unpacked: nothing of the system is changed, and no root needed. */
export interface DebianTree {
  /** Of the program, for people. */
  readonly name: string;
  /** Of the project, ignored by git: `root` in it is the tree. */
  readonly folder: string;
  readonly packages: readonly string[];
  /** Whether the tree holds what is wanted of it. */
  readonly isThere: () => boolean;
  /** Where packages come from, and what need not be fetched since it is installed. */
  readonly sources: (work: string, run: Run) => Promise<Sources>;
}

export interface Sources {
  /** For people. */
  readonly from: string;
  /** Options of apt, `Name=value`. */
  readonly options: readonly string[];
}

/** Runs a program in a folder to its end and resolves to what it wrote; rejects when it fails or takes too long. */
export type Run = (command: string, args: readonly string[], cwd: string) => Promise<string>;

/** `unavailable`: why this machine cannot have it, and what to do. */
export type Unavailable = { readonly outcome: 'unavailable'; readonly why: string };

const deadlineMs = 300_000;

export const rootOf = ({ folder }: Pick<DebianTree, 'folder'>): string => join(folder, 'root');

/**
 * Fetches the packages and unpacks them, within 5 minutes; resolves to why not where that fails. Safe to run again after
 * an interruption, and twice at a time: the tree appears last, by a rename.
 */
export async function fetchTree(tree: DebianTree, log: (line: string) => void): Promise<Unavailable | undefined> {
  try {
    await fetchInto(tree, log);
    return undefined;
  } catch (error) {
    const why = `fetching the packages of ${tree.name} from Debian failed: ${reasonOf(error)}`;
    return { outcome: 'unavailable', why };
  }
}

/** What the program said, not its long command line. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'AbortError') return `not done within ${deadlineMs / 1000} s`;
  const said = 'stderr' in error && typeof error.stderr === 'string' ? error.stderr.trim() : '';
  return (said === '' ? error.message : said).slice(-600);
}

async function fetchInto(tree: DebianTree, log: (line: string) => void): Promise<void> {
  const work = join(tree.folder, `work-${process.pid}`);
  const signal = AbortSignal.timeout(deadlineMs);
  const run: Run = async (command, args, cwd) => {
    const env = { ...process.env, LC_ALL: 'C' };
    const output = await promisify(execFile)(command, args, { cwd, env, signal, maxBuffer: 64 * 1024 * 1024 });
    return output.stdout;
  };
  try {
    for (const name of ['lists/partial', 'cache/archives/partial', 'debs', 'root'])
      await mkdir(join(work, name), { recursive: true });
    await download(tree, { work, run, log });
    const debs = await readdir(join(work, 'debs'));
    for (const deb of debs) await run('dpkg-deb', ['-x', join(work, 'debs', deb), join(work, 'root')], work);
    log(`unpacked ${debs.length} packages`);
    await moveInto(tree, join(work, 'root'));
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

interface Work {
  readonly work: string;
  readonly run: Run;
  readonly log: (line: string) => void;
}

/** Packages that are part of what runs everything: another one beside it would break what is started. */
const neverTwice = new Set(['libc6', 'libc-bin', 'base-files']);

async function download(tree: DebianTree, { work, run, log }: Work): Promise<void> {
  const { from, options } = await tree.sources(work, run);
  log(`fetching ${tree.name} for the tests from ${from}, without touching the system`);
  const flags = [...aptOptions(work), ...options].flatMap((option) => ['-o', option]);
  const apt = (...args: string[]) => run('apt-get', [...flags, ...args], join(work, 'debs'));
  await apt('update');
  const plan = await apt('install', '--simulate', ...tree.packages);
  // A name in brackets after it: it is installed, and there is a newer one.
  const planned = [...plan.matchAll(/^Inst (\S+) (\[)?/gm)];
  const names = planned.filter(([, name = '', older]) => !(older && neverTwice.has(name))).map(([, name = '']) => name);
  const [, version = 'that is installed'] = new RegExp(`^Inst ${tree.packages[0]} .*?\\((\\S+)`, 'm').exec(plan) ?? [];
  log(`fetching ${names.length} packages of ${tree.packages[0]} ${version}`);
  if (names.length > 0) await apt('download', ...names);
}

const aptOptions = (work: string): string[] => [
  `Dir::State::lists=${work}/lists`,
  `Dir::Cache=${work}/cache`,
  'Debug::NoLocking=1',
  'APT::Sandbox::User=',
  'APT::Install-Recommends=false',
  'APT::Get::AllowUnauthenticated=false',
  'Acquire::Languages=none',
  'Acquire::http::Timeout=10',
  'Acquire::Retries=1',
  // A mirror may be frozen; signatures are checked all the same.
  'Acquire::Check-Valid-Until=false',
  'Acquire::AllowInsecureRepositories=false',
];

/** Debian's unstable distribution alone, from the mirror that this machine is set to; nothing counts as installed. */
export async function unstableSources(keyring: string, work: string, run: Run): Promise<Sources> {
  const mirror = await configuredMirror(work, run);
  await writeFile(join(work, 'sources.list'), `deb [signed-by=${keyring}] ${mirror} sid main\n`);
  // Every library comes with it: those of this system may be too old.
  await writeFile(join(work, 'status'), '');
  return {
    from: mirror,
    options: [
      `Dir::State::status=${work}/status`,
      `Dir::Etc::sourcelist=${work}/sources.list`,
      'Dir::Etc::sourceparts=/dev/null',
      'Dir::Etc::preferences=/dev/null',
      'Dir::Etc::preferencesparts=/dev/null',
      // Without lists it would only say later that there is no such package.
      'APT::Update::Error-Mode=any',
    ],
  };
}

/**
 * What this system is set to, for a program that runs on the libraries of this system: only what it lacks is fetched. A
 * source of somebody else that does not answer is none of our business.
 */
export const ownSources = async (): Promise<Sources> => ({ from: "this system's sources of packages", options: [] });

/** The mirror of Debian that this machine's apt is set to. */
async function configuredMirror(folder: string, run: Run): Promise<string> {
  const targets = await run('apt-get', ['indextargets', '--format', '$(REPO_URI)'], folder).catch(() => '');
  const mirrors = targets.split('\n').map((uri) => uri.replace(/\/$/, ''));
  const mirror = mirrors.find((uri) => /^https?:.*\/debian$/.test(uri));
  if (mirror === undefined) throw new Error('apt is set to no mirror of Debian: add one to its sources');
  return mirror;
}

/** Another process may have been faster: its tree is as good. */
async function moveInto(tree: DebianTree, made: string): Promise<void> {
  if (tree.isThere()) return;
  await rm(rootOf(tree), { recursive: true, force: true });
  await rename(made, rootOf(tree)).catch((error: unknown) => {
    if (!tree.isThere()) throw error;
  });
}
