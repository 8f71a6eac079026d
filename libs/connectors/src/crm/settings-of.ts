import type { CrmConnection } from '@patchcord/contracts';
import type { CrmConnector } from './port.ts';

/** What the connector of a connection is told. Throws zod's error. */
export const settingsOf = <Settings>(
  { parseSettings }: CrmConnector<Settings>,
  { settings, described }: CrmConnection,
): Settings => parseSettings(described === undefined ? settings : { ...settings, described });

/**
 * The connector as it is for one connection: what it cannot do, its modules and its limits may be a matter of settings.
 * With settings that are wrong it is as it is in general; whatever is asked of it then fails by them.
 */
export function configuredFor<Settings>(
  connector: CrmConnector<Settings>,
  connection: CrmConnection,
): CrmConnector<Settings> {
  if (connector.configured === undefined) return connector;
  try {
    return connector.configured(settingsOf(connector, connection));
  } catch {
    return connector;
  }
}
