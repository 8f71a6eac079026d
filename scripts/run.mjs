// Runs a command with the pinned Node and pnpm on PATH, and installs them and all packages first when the lockfile has
// changed, and builds the pages of the console when they have. Plain JavaScript for Node >= 18: the only file that runs on the machine's own Node.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const read = (file) => readFileSync(join(root, file), 'utf8');
const stampFile = join(root, 'node_modules', '.setup-stamp');

function lockDigest() {
  return createHash('sha256').update(read('pnpm-lock.yaml')).update(read('pnpm-workspace.yaml')).digest('hex');
}

function install() {
  const pm = JSON.parse(read('package.json')).packageManager;
  console.error(`patchcord: installing pinned packages with ${pm} (first run, or the lockfile changed)`);
  const env = { ...process.env, CI: 'true', npm_config_loglevel: 'error' };
  const result = spawnSync('npx', ['-y', pm, 'install', '--frozen-lockfile'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    env,
  });
  if (result.error) throw result.error;
  if (result.status !== 0) process.exit(result.status ?? 1);
}

const want = lockDigest();
if (!existsSync(stampFile) || readFileSync(stampFile, 'utf8') !== want) {
  install();
  writeFileSync(stampFile, want);
}

const PATH = join(root, 'node_modules', '.bin') + delimiter + process.env.PATH;
const pages = join(root, 'services', 'console', 'web');
const pagesStamp = join(pages, 'dist', '.stamp');

/** Of everything that the pages are made of. */
function pagesDigest() {
  const hash = createHash('sha256').update(want);
  const entries = readdirSync(pages, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, path, name }) => join(parentPath ?? path, name));
  const isMade = (file) => /[\\/](node_modules|dist)[\\/]/.test(file.slice(pages.length));
  for (const file of files.filter((one) => !isMade(one)).sort())
    hash.update(file.slice(root.length)).update(readFileSync(file));
  return hash.digest('hex');
}

const wantPages = pagesDigest();
if (!existsSync(pagesStamp) || readFileSync(pagesStamp, 'utf8') !== wantPages) {
  console.error('patchcord: building the pages of the console');
  const env = { ...process.env, PATH };
  const result = spawnSync('vite', ['build', pages, '--logLevel', 'warn'], { cwd: root, stdio: ['ignore', 2, 2], env });
  if (result.error) throw result.error;
  if (result.status !== 0) process.exit(result.status ?? 1);
  writeFileSync(pagesStamp, wantPages);
}

const [command, ...args] = process.argv.slice(2);
if (command !== undefined) {
  const child = spawn(command, args, { cwd: root, stdio: 'inherit', env: { ...process.env, PATH } });
  // A terminal sends Ctrl-C to the whole group; a supervisor signals only us. Pass it on, and outlive the child.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.on('error', (error) => {
    console.error(`patchcord: cannot run ${command}: ${error.message}`);
    process.exit(127);
  });
  child.on('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)));
}
