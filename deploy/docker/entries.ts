import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** What runs in a container, by the name of its file in the bundle. Every service is one without being named here. */
export function bundleEntries(root: string): Record<string, string> {
  const services = readdirSync(join(root, 'services'))
    .filter((name) => existsSync(join(root, 'services', name, 'src/main.ts')))
    .map((name): [string, string] => [name, join('services', name, 'src/main.ts')]);
  return {
    ...Object.fromEntries(services),
    'admin-token': 'deploy/standalone/src/admin-token-main.ts',
    cli: 'deploy/cli/src/main.ts',
    'fake-crm': 'deploy/standalone/src/fake-crm-main.ts',
    'demo-config': 'deploy/standalone/src/demo-config-main.ts',
    healthcheck: 'deploy/docker/healthcheck.ts',
  };
}
