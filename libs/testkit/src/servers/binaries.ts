import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Where programs of the distribution's packages are unpacked to when they are not installed; git-ignored. */
export const toolsDir = join(import.meta.dirname, '../../../../.patchcord/tools');

/** Debian installs daemons where the PATH of an ordinary user does not look. */
const alsoIn = ['/usr/local/bin', '/usr/sbin', '/usr/local/sbin', '/sbin', join(toolsDir, 'bin')];

const isExecutable = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/** Full path of a program, or undefined when it is not installed. */
export function findBinary(name: string): string | undefined {
  const directories = [...(process.env.PATH ?? '').split(delimiter), ...alsoIn];
  return directories
    .filter((directory) => directory !== '')
    .map((directory) => join(directory, name))
    .find(isExecutable);
}

/** Full path of a program; the error says how to get it. */
export function requireBinary(name: string, debianPackage: string): string {
  const path = findBinary(name);
  if (path !== undefined) return path;
  throw new Error(
    `${name} is not installed. Install it (Debian: apt-get install ${debianPackage}), or set ` +
      'PATCHCORD_TEST_SERVERS=docker to run the tests on containers.',
  );
}
