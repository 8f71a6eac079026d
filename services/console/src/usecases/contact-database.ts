import type { ConfigStore } from '@patchcord/bus';
import type { DatabaseOfTenant } from '@patchcord/contacts';
import { Failure } from '@patchcord/contracts';

const defaultRegion = 'US';

/** A contact database of a tenant, with the country of its numbers. @throws Failure permanent `not_found` */
export function contactDatabaseOf(
  config: Pick<ConfigStore, 'tenant'>,
  tenantId: string,
  databaseId: string,
): DatabaseOfTenant {
  const entities = config.tenant(tenantId);
  const database = entities['contact-database'].get(databaseId);
  if (database === undefined) {
    const message = `there is no contact database "${databaseId}": add it to the configuration first`;
    throw new Failure('permanent', 'not_found', message);
  }
  const [tenant] = entities.tenant.values();
  return { tenantId, database, region: tenant?.defaultRegion ?? defaultRegion };
}
