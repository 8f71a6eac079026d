import type { CrmConnection } from '@patchcord/contracts';
import { ZodError } from 'zod';
import { aboutConnection } from './kinds.ts';
import type { CrmConnector } from './port.ts';
import { crmConnectors } from './registry.ts';
import { configuredFor, settingsOf } from './settings-of.ts';

interface ConnectionProblem {
  readonly path: string;
  readonly expected: string;
}

/** What of a connection its kind of CRM cannot work with, said when it is stored. */
export function connectionProblems(connection: CrmConnection): ConnectionProblem[] {
  const connector = crmConnectors[connection.connector];
  if (connector === undefined) return presenceProblems(connection);
  const settings = readSettings(connector, connection);
  if ('problems' in settings) return settings.problems;
  return [
    ...logInProblems(connector, connection, settings.value),
    ...loggingProblems(connector, connection),
    ...presenceProblems(connection),
  ];
}

type Read = { readonly value: unknown } | { readonly problems: ConnectionProblem[] };

function readSettings(connector: CrmConnector, connection: CrmConnection): Read {
  try {
    return { value: settingsOf(connector, connection) };
  } catch (thrown) {
    if (!(thrown instanceof ZodError)) throw thrown;
    const problems = thrown.issues.map(({ path, message }) => ({
      path: (path[0] === 'described' ? path : ['settings', ...path]).join('.'),
      expected: message.replace(/^expected /, ''),
    }));
    return { problems };
  }
}

function logInProblems({ session, title }: CrmConnector, connection: CrmConnection, settings: unknown) {
  if (session === undefined || session.isUsed?.(settings) === false) return [];
  return (['username', 'password'] as const)
    .filter((name) => connection[name] === undefined)
    .map((path) => ({ path, expected: `the ${path} by which ${title} is logged in to` }));
}

/** In other modules nobody would be found, and no call would stand at anybody. */
function loggingProblems(connector: CrmConnector, connection: CrmConnection): ConnectionProblem[] {
  const { modules } = configuredFor(connector, connection);
  const searched = modules.filter(({ phoneFields }) => phoneFields.length > 0).map(({ module }) => module);
  const expected = searched.length === 0 ? 'none: it keeps no numbers' : `one of ${searched.join(', ')}`;
  return (connection.logging.modules ?? []).flatMap((module, at) =>
    searched.includes(module) ? [] : [{ path: `logging.modules[${at}]`, expected }],
  );
}

/** Not every CRM shows whether an agent can be reached, and none whose users are not known. */
function presenceProblems(connection: CrmConnection): ConnectionProblem[] {
  if (!connection.presence.enabled) return [];
  const why = aboutConnection(connection).cannot.presence;
  if (why !== undefined) return [{ path: 'presence.enabled', expected: `false: ${why}` }];
  if (connection.agentSystem !== undefined) return [];
  const expected =
    'the external-system by whose ids in externalIds of agents this CRM knows its users: presence is shown of a user';
  return [{ path: 'agentSystem', expected }];
}
