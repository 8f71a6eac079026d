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

/** Whether a connection logs in to its CRM in the CRM's own way. With settings that are wrong nothing is said of it. */
export function usesSession(connectors: Readonly<Record<string, CrmConnector>>, connection: CrmConnection): boolean {
  const connector = connectors[connection.connector];
  if (connector?.session === undefined) return false;
  try {
    return connector.session.isUsed?.(settingsOf(connector, connection)) ?? true;
  } catch {
    return false;
  }
}
