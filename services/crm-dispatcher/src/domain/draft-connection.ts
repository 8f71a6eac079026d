import { createHash } from 'node:crypto';
import { InvalidInput } from '@patchcord/bus';
import { type CrmConnection, crmConnection, eventIssues, type TenantConfig } from '@patchcord/contracts';

/**
 * A connection that nobody stored. It has an id of its own, made of what it says: its log-in and its limits are nobody
 * else's.
 *
 * @throws InvalidInput permanent `config_invalid` that names each field
 */
export function draftConnection(config: TenantConfig, given: unknown): CrmConnection {
  const parsed = crmConnection.safeParse(given);
  if (!parsed.success)
    throw refused(eventIssues(parsed.error).map(({ path, message }) => ({ path: under(path), message })));
  const { authentication } = parsed.data;
  if (authentication !== undefined && !config['site-authentication'].has(authentication))
    throw refused([
      {
        path: under('authentication'),
        message: `expected an existing site-authentication, not "${authentication}"`,
      },
    ]);
  const digest = createHash('sha256').update(JSON.stringify(parsed.data)).digest('hex').slice(0, 16);
  return { ...parsed.data, id: `draft-${digest}` };
}

const under = (path: string): string => (path === '' ? 'connection' : `connection.${path}`);

const refused = (issues: { path: string; message: string }[]): InvalidInput =>
  new InvalidInput('config_invalid', 'the connection is not as expected', issues);
