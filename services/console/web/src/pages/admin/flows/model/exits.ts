import {
  type Draft,
  type DraftModule,
  type DraftRoute,
  type DraftUse,
  optionsOf,
  routesOf,
  useOf,
  withFields,
  withModule,
} from './draft.ts';

/** A way out of a module, also one that leads nowhere yet. */
export interface Exit {
  /** The path of the field that names the other module, e.g. `routes.0`, `options.1`, `otherwise`. */
  readonly key: string;
  readonly kind: ExitKind;
  readonly to: string | undefined;
  /** Of a menu: the key of the telephone. */
  readonly digit?: string;
  /** Of a route: the trigger. */
  readonly use?: DraftUse;
  /** It must lead somewhere. */
  readonly required: boolean;
}

type ExitKind = (typeof outcomes)[number] | 'next' | 'route' | 'key' | 'otherwise';

const outcomes = ['found', 'several', 'none', 'done', 'timeout'] as const;

/** Every way out of a module, in the order in which people think of them. */
export function exitsOf(module: DraftModule): readonly Exit[] {
  const next = plain(module, 'next');
  switch (module.type) {
    case 'hangup':
      return [];
    case 'switch':
      return [...routeExits(module), next];
    case 'input-reader':
      return [...routeExits(module), next, plain(module, 'otherwise')];
    case 'simple-menu':
      return [...keyExits(module), next];
    case 'wait-for-variable':
    case 'http-action':
      return [next, { ...plain(module, 'otherwise'), required: true }];
    case 'identification':
      return [next, plain(module, 'otherwise')];
    case 'crm-workflow':
      return [...outcomes.map((name) => plain(module, name)), next, { ...plain(module, 'otherwise'), required: true }];
    default:
      return [next];
  }
}

function plain(module: DraftModule, key: 'next' | 'otherwise' | (typeof outcomes)[number]): Exit {
  const to = module[key];
  return { key, kind: key, to: typeof to === 'string' && to !== '' ? to : undefined, required: false };
}

const routeExits = (module: DraftModule): Exit[] =>
  routesOf(module).map(({ when, module: to }, at) => ({
    key: `routes.${at}`,
    kind: 'route',
    to: to === '' ? undefined : to,
    use: useOf(when),
    required: true,
  }));

/** Keys stand as on a telephone. */
const keyOrder = '123456789*0#';

export const telephoneKeys = Array.from(keyOrder);

const keyExits = (module: DraftModule): Exit[] =>
  Object.entries(optionsOf(module))
    .toSorted(([a], [b]) => keyOrder.indexOf(a) - keyOrder.indexOf(b))
    .map(([digit, to]) => ({
      key: `options.${digit}`,
      kind: 'key',
      to: to === '' ? undefined : to,
      digit,
      required: true,
    }));

/** The way out that makes a new one when it is drawn: another key of a menu, another route. */
export const newExitOf = ({ type }: DraftModule): 'options.+' | 'routes.+' | undefined =>
  type === 'simple-menu' ? 'options.+' : type === 'switch' || type === 'input-reader' ? 'routes.+' : undefined;

/** The same module with one way leading elsewhere, or nowhere. */
export function withExit(module: DraftModule, key: string, to: string | undefined): DraftModule {
  const [field = '', part = ''] = key.split('.');
  if (field === 'options') {
    const digit = part === '+' ? freeKey(module) : part;
    return digit === undefined ? module : withFields(module, { options: { ...optionsOf(module), [digit]: to ?? '' } });
  }
  if (field !== 'routes') return withFields(module, { [field]: to });
  const routes = routesOf(module);
  const added: DraftRoute = { when: { trigger: '' }, module: to ?? '' };
  const changed = routes.map((route, at) => (at === Number(part) ? { ...route, module: to ?? '' } : route));
  return withFields(module, { routes: part === '+' ? [...routes, added] : changed });
}

/** A key that leads nowhere yet. */
const freeKey = (module: DraftModule): string | undefined =>
  telephoneKeys.find((key) => !Object.hasOwn(optionsOf(module), key));

/** The same module without a key or a route. */
export function withoutExit(module: DraftModule, key: string): DraftModule {
  const [field = '', part = ''] = key.split('.');
  if (field === 'options') {
    const { [part]: _gone, ...options } = optionsOf(module);
    return withFields(module, { options });
  }
  if (field === 'routes')
    return withFields(module, { routes: routesOf(module).filter((_, at) => at !== Number(part)) });
  return withFields(module, { [field]: undefined });
}

export const connect = (draft: Draft, from: string, key: string, to: string | undefined): Draft => {
  const module = draft.modules.find(({ id }) => id === from);
  return module === undefined ? draft : withModule(draft, withExit(module, key, to));
};

export interface Use {
  readonly from: DraftModule;
  readonly exit: Exit;
}

/** Ways of other modules, and of itself, that lead to a module. */
export const usesOf = ({ modules }: Draft, id: string): readonly Use[] =>
  modules.flatMap((from) =>
    exitsOf(from)
      .filter(({ to }) => to === id)
      .map((exit) => ({ from, exit })),
  );
