import { readFileSync } from 'node:fs';

const tickMs = 10;

/** Used by a process until now, in its own code and in the kernel's (proc(5), fields 14 and 15). */
export function processorMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) * tickMs;
}
