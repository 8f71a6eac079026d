import { spawn } from 'node:child_process';
import { chmod, copyFile, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findBinary, toolsDir } from './binaries.ts';

export interface WantedServer {
  /** Program, e.g. `redis-server`. */
  readonly binary: string;
  /** Debian and Ubuntu package that holds it. */
  readonly debianPackage: string;
  /** Further packages that hold a part of it: unpacked too, even where the system has them. */
  readonly alsoUnpack?: readonly string[];
}

export const natsServer: WantedServer = { binary: 'nats-server', debianPackage: 'nats-server' };
// Debian's /usr/bin/redis-server is a link to a program in redis-tools.
export const redisServer: WantedServer = {
  binary: 'redis-server',
  debianPackage: 'redis-server',
  alsoUnpack: ['redis-tools'],
};

/** Whether this system's packages can be fetched without root: Debian, Ubuntu and what descends from them. */
export const hasDistributionPackages = (): boolean =>
  ['apt-get', 'dpkg-deb', 'dpkg'].every((name) => findBinary(name) !== undefined);

/**
 * Fetches programs from the distribution's own, signed packages into the project's ignored tools folder. Needs no root
 * and changes nothing of the system: apt works on lists and a cache of its own. Safe to run again after an
 * interruption, since the programs appear in `tools/bin` last, by a rename.
 */
export async function unpackFromDistribution(
  wanted: readonly WantedServer[],
  log: (line: string) => void,
): Promise<void> {
  const work = join(toolsDir, `work-${process.pid}`);
  try {
    const apt = await aptIn(work, wanted);
    log('fetching the package lists of the distribution');
    await apt('update');
    const names = await packagesToFetch(apt, wanted);
    log(`fetching ${names.length} packages: ${names.join(' ')}`);
    await apt('download', ...names);
    await unpackAll(work, log);
    for (const { binary } of wanted) await installWrapper(work, binary);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

type Apt = (...args: string[]) => Promise<string>;

async function aptIn(work: string, wanted: readonly WantedServer[]): Promise<Apt> {
  for (const folder of ['lists/partial', 'cache/archives/partial', 'debs']) {
    await mkdir(join(work, folder), { recursive: true });
  }
  const status = await statusWithout(wanted, join(work, 'status'));
  const options = [`Dir::State::lists=${work}/lists`, `Dir::Cache=${work}/cache`, `Dir::State::status=${status}`];
  const flags = [...options, 'Debug::NoLocking=1', 'APT::Sandbox::User='].flatMap((option) => ['-o', option]);
  return (...args) => run('apt-get', [...flags, ...args], join(work, 'debs'));
}

/** The system's list of installed packages without the wanted ones, so that apt plans to fetch them. */
async function statusWithout(wanted: readonly WantedServer[], file: string): Promise<string> {
  const names = new Set(wanted.flatMap(({ debianPackage, alsoUnpack = [] }) => [debianPackage, ...alsoUnpack]));
  const stanzas = (await readFile('/var/lib/dpkg/status', 'utf8')).split('\n\n');
  const kept = stanzas.filter((stanza) => !names.has(/^Package: (\S+)/.exec(stanza)?.[1] ?? ''));
  await writeFile(file, kept.join('\n\n'));
  return file;
}

/** What an installation would fetch: the packages and those of their libraries that the system lacks. */
async function packagesToFetch(apt: Apt, wanted: readonly WantedServer[]): Promise<string[]> {
  const plan = await apt(
    'install',
    '--simulate',
    '--no-install-recommends',
    ...wanted.map(({ debianPackage }) => debianPackage),
  );
  return [...plan.matchAll(/^Inst (\S+)/gm)].map((match) => match[1] ?? '');
}

async function unpackAll(work: string, log: (line: string) => void): Promise<void> {
  const debs = (await readdir(join(work, 'debs'))).filter((name) => name.endsWith('.deb'));
  const root = join(work, 'root');
  await mkdir(root, { recursive: true });
  for (const deb of debs) await run('dpkg-deb', ['-x', join(work, 'debs', deb), root], work);
  log(`unpacked ${debs.length} packages`);
  const target = join(toolsDir, 'root');
  await rm(target, { recursive: true, force: true });
  await rename(root, target);
}

/** A small script that finds the unpacked libraries: nothing else of the system may see them. */
async function installWrapper(work: string, binary: string): Promise<void> {
  const multiarch = (await run('dpkg', ['--print-architecture'], work)).trim();
  const triplet = { amd64: 'x86_64-linux-gnu', arm64: 'aarch64-linux-gnu' }[multiarch] ?? `${multiarch}-linux-gnu`;
  const script = [
    '#!/bin/sh',
    'root="$(dirname "$(dirname "$(readlink -f "$0")")")/root"',
    `export LD_LIBRARY_PATH="$root/usr/lib/${triplet}:$root/lib/${triplet}"`,
    `for folder in usr/bin usr/sbin; do [ -x "$root/$folder/${binary}" ] && exec "$root/$folder/${binary}" "$@"; done`,
    `echo "${binary} is not in $root" >&2; exit 127`,
    '',
  ].join('\n');
  const made = join(work, binary);
  await writeFile(made, script);
  await chmod(made, 0o755);
  await mkdir(join(toolsDir, 'bin'), { recursive: true });
  await copyFile(made, join(toolsDir, 'bin', `.${binary}`));
  await rename(join(toolsDir, 'bin', `.${binary}`), join(toolsDir, 'bin', binary));
}

function run(command: string, args: readonly string[], cwd: string): Promise<string> {
  const child = spawn(command, args, { cwd, env: { ...process.env, LC_ALL: 'C' }, stdio: ['ignore', 'pipe', 'pipe'] });
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => {
    output.stdout += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    output.stderr += chunk.toString();
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve(output.stdout);
      else reject(new Error(`${command} ended with code ${code}: ${output.stderr.trim().slice(-1000)}`));
    });
  });
}
