// Runs a command with the pinned Node and pnpm on PATH, and installs them and all packages first when the
// lockfile has changed. Plain JavaScript for Node >= 18: the only file that runs on the machine's own Node.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
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

const [command, ...args] = process.argv.slice(2);
if (command !== undefined) {
  const PATH = join(root, 'node_modules', '.bin') + delimiter + process.env.PATH;
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
