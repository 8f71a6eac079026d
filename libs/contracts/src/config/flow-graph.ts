import type { FlowModule } from './flow-modules.ts';

/** A way out of a module. */
export interface FlowExit {
  /** The field that names the other module, e.g. `['routes', 0, 'module']`. */
  readonly path: readonly (string | number)[];
  readonly to: string;
  /** Whether a call that takes it has waited for the caller, for time or for somebody who answers. */
  readonly waits: boolean;
}

/** Every way out of a module, also those of routes that are switched off. */
export function flowExits(module: FlowModule): FlowExit[] {
  const exits = branches(module);
  return 'next' in module && module.next !== undefined
    ? [...exits, { path: ['next'], to: module.next, waits: waitsBeforeNext(module) }]
    : exits;
}

function branches(module: FlowModule): FlowExit[] {
  switch (module.type) {
    case 'switch':
      return routesOf(module.routes, false);
    case 'input-reader':
      return [...routesOf(module.routes, true), ...exit('otherwise', module.otherwise, true)];
    case 'simple-menu':
      return Object.entries(module.options).map(([key, to]) => ({ path: ['options', key], to, waits: true }));
    case 'wait-for-variable':
    case 'http-action':
    case 'identification':
      return exit('otherwise', module.otherwise, true);
    case 'crm-workflow':
      return (['found', 'several', 'none', 'done', 'timeout', 'otherwise'] as const).flatMap((name) =>
        exit(name, module[name], true),
      );
    default:
      return [];
  }
}

const routesOf = (routes: readonly { readonly module: string }[], waits: boolean): FlowExit[] =>
  routes.map(({ module }, at) => ({ path: ['routes', at, 'module'], to: module, waits }));

const exit = (name: string, to: string | undefined, waits: boolean): FlowExit[] =>
  to === undefined ? [] : [{ path: [name], to, waits }];

/** A sound that is missing takes no time, and a variable that is there is not waited for. */
function waitsBeforeNext({ type }: FlowModule): boolean {
  switch (type) {
    case 'input-reader':
    case 'simple-menu':
    case 'identification':
    case 'crm-workflow':
    case 'queue':
    case 'transfer':
    case 'voicemail':
      return true;
    default:
      return false;
  }
}
