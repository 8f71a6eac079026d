import { token as tokenOf } from '@patchcord/contracts';
import { mintToken, settings } from '@patchcord/runtime';
import { z } from 'zod';
import { configAccessSettings, withConfig } from './config-access.ts';

/**
 * Gives a tenant a new administrator's token and prints it: the first one, for the console gives none to whoever has
 * none, or another when it was lost. It takes the place of the one that was given so before.
 */
const tenant = tokenOf.safeParse(process.argv[2]);
if (!tenant.success) {
  process.stderr.write('expected the id of a tenant as the only argument: letters, digits, - and _\n');
  process.exit(2);
}
const tenantId = tenant.data;
const { token, sha256 } = mintToken(tenantId);
await withConfig(settings(z.object(configAccessSettings), process.env), async (config) => {
  const known = config.tenant(tenantId).tenant.has(tenantId);
  await config.applyAll(tenantId, [
    ...(known ? [] : [{ kind: 'tenant' as const, entity: { id: tenantId, name: tenantId } }]),
    { kind: 'api-token', entity: { id: 'administrator', name: 'Administrator', sha256, scopes: ['admin'] } },
  ]);
});
process.stdout.write(`API token of the tenant "${tenantId}", shown only now: ${token}\n`);
