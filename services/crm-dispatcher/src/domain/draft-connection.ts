import { createHash } from 'node:crypto';
import { InvalidInput } from '@patchcord/bus';
import {
  type CrmConnection,
  crmConnection,
  type EventIssue,
  ruledIssues,
  type TenantConfig,
} from '@patchcord/contracts';

/**
 * A connection that nobody stored. It has an id of its own, made of what it says: its log-in and its limits are nobody
 * else's.
 *
 * @throws InvalidInput permanent `config_invalid` that names each field
 */
export function draftConnection(config: TenantConfig, given: unknown): CrmConnection {
  const parsed = crmConnection.safeParse(given);
  if (!parsed.success) throw refused(ruledIssues(parsed.error).map((issue) => ({ ...issue, path: under(issue.path) })));
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

const refused = (issues: readonly EventIssue[]): InvalidInput =>
  new InvalidInput('config_invalid', 'the connection is not as expected', issues);
