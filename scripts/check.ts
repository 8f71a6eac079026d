// All that must be green: `npm test`. Prints one line per step, the whole output only of a step that fails, and ends
// with the count of steps and tests.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const work = mkdtempSync(join(tmpdir(), 'patchcord-check-'));
const report = join(work, 'vitest.json');

interface Step {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
}

const steps: readonly Step[] = [
  { name: 'format and lint', command: 'biome', args: ['ci', '--error-on-warnings'] },
  { name: 'promises, cycles, sizes', command: 'oxlint', args: ['--type-aware', '--deny-warnings'] },
  { name: 'types', command: 'tsc', args: ['--noEmit'] },
  { name: 'types of the pages', command: 'tsc', args: ['--noEmit', '-p', 'services/console/web'] },
  { name: 'unused code', command: 'knip', args: ['--no-progress'] },
  { name: 'generated docs', command: 'node', args: ['scripts/generate-docs.ts', '--check'] },
];

const seconds = (since: number): string => `${((performance.now() - since) / 1000).toFixed(1)} s`;

function runStep({ name, command, args }: Step): boolean {
  const started = performance.now();
  const result = spawnSync(command, args, { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  const ok = result.status === 0;
  console.log(`${ok ? 'ok  ' : 'FAIL'} ${name} (${seconds(started)})`);
  if (!ok) console.log([result.error?.message, result.stdout, result.stderr].filter(Boolean).join('\n'));
  return ok;
}

/** What we read of the runner's JSON report. */
interface VitestTotals {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
}

interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

function runTests(): Counts {
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const args = ['run', ...reporters, ...process.argv.slice(2)];
  // Calls on a real PBX and pages in a real browser belong to all tests, wherever these can be had.
  const env = { PATCHCORD_ASTERISK: 'try', PATCHCORD_CHROMIUM: 'try', ...process.env };
  const result = spawnSync('vitest', args, { cwd: root, stdio: 'inherit', env });
  const counts = readCounts();
  // A run that dies before it reports has failed, whatever it counted so far.
  if (result.status !== 0 && counts.failed === 0) return { ...counts, failed: 1 };
  return counts;
}

function readCounts(): Counts {
  if (!existsSync(report)) return { passed: 0, failed: 1, skipped: 0 };
  const json = JSON.parse(readFileSync(report, 'utf8')) as Partial<VitestTotals>;
  return {
    passed: json.numPassedTests ?? 0,
    failed: json.numFailedTests ?? 0,
    skipped: (json.numPendingTests ?? 0) + (json.numTodoTests ?? 0),
  };
}

const started = performance.now();
const results = steps.map(runStep);
const tests = runTests();
rmSync(work, { recursive: true, force: true });

const passed = results.filter(Boolean).length + tests.passed;
const failed = results.filter((ok) => !ok).length + tests.failed;
console.log(`${steps.length} checks and the tests took ${seconds(started)}`);
if (tests.skipped > 0) console.log(`${tests.skipped} skipped: what they need is not on this machine`);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
