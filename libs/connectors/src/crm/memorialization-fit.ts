import type { CrmConnection, Memorialization } from '@patchcord/contracts';
import { aboutConnection } from './kinds.ts';

interface Problem {
  readonly path: string;
  readonly expected: string;
}

/**
 * What of a memorialization the CRM of its connection cannot do, or does not have; said when it is stored. Modules and
 * fields of one's own are known to the CRM alone: only of a CRM that is described in the configuration they are known here.
 */
export function memorializationFitProblems(
  { timeline, entities }: Memorialization,
  connection: CrmConnection,
): Problem[] {
  const { cannot, title } = aboutConnection(connection);
  const cannotLog = timeline === false ? undefined : cannot['log-call'];
  const cannotUpdate = entities.length === 0 ? undefined : cannot.update;
  const modules = connection.described?.modules;
  return [
    ...(cannotLog === undefined ? [] : [{ path: 'timeline', expected: `false: ${title} logs no calls. ${cannotLog}` }]),
    ...(cannotUpdate === undefined
      ? []
      : [{ path: 'entities', expected: `none: ${title} changes no records. ${cannotUpdate}` }]),
    ...(modules === undefined || cannotUpdate !== undefined ? [] : unknownModules(entities, modules)),
  ];
}

function unknownModules(
  entities: Memorialization['entities'],
  modules: NonNullable<CrmConnection['described']>['modules'],
): Problem[] {
  const known = modules.map((one) => one.module);
  const expected =
    known.length === 0
      ? 'a module that the connection describes, in "described.modules": it describes none'
      : `one of the modules that the connection describes: ${known.join(', ')}`;
  return entities.flatMap(({ module }, i) =>
    known.includes(module) ? [] : [{ path: `entities[${i}].module`, expected }],
  );
}
