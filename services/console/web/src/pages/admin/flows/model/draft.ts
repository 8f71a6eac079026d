import type { FlowModuleType } from '@patchcord/contracts';

/** A module as it is being written: what it says may be incomplete or wrong until it is saved. */
export interface DraftModule {
  readonly id: string;
  readonly type: FlowModuleType;
  readonly name?: string | undefined;
  readonly automations?: readonly LocalAutomation[] | undefined;
  readonly [field: string]: unknown;
}

export interface LocalAutomation {
  readonly position: 'enter' | 'exit';
  readonly automation: string;
}

export interface Place {
  readonly x: number;
  readonly y: number;
}

/** Upper left corners of modules by their ids. */
export type Layout = Readonly<Record<string, Place>>;

/** A flow as it is being written. Without a layout all modules are placed by themselves. */
export interface Draft {
  readonly id: string;
  readonly name: string;
  readonly start: string;
  readonly modules: readonly DraftModule[];
  readonly layout?: Layout | undefined;
}

export interface DraftRoute {
  readonly when: DraftUse | string;
  readonly priority?: number | undefined;
  readonly module: string;
}

export interface DraftUse {
  readonly trigger: string;
  readonly invert?: boolean | undefined;
  readonly enabled?: boolean | undefined;
}

/** The use of a trigger, also where only the trigger's id is written. */
export const useOf = (when: unknown): DraftUse =>
  typeof when === 'string' ? { trigger: when } : ((when ?? { trigger: '' }) as DraftUse);

export const routesOf = ({ routes }: DraftModule): readonly DraftRoute[] =>
  Array.isArray(routes) ? (routes as DraftRoute[]) : [];

export const optionsOf = ({ options }: DraftModule): Readonly<Record<string, string>> =>
  (options ?? {}) as Readonly<Record<string, string>>;

export const moduleOf = ({ modules }: Draft, id: string | undefined): DraftModule | undefined =>
  modules.find((module) => module.id === id);

/** What people call a module. */
export const titleOf = ({ id, name }: Pick<DraftModule, 'id' | 'name'>): string => name ?? id;

export const withModule = (draft: Draft, changed: DraftModule): Draft => ({
  ...draft,
  modules: draft.modules.map((module) => (module.id === changed.id ? changed : module)),
});

/** A module with other values; `undefined` takes a field away. */
export function withFields(module: DraftModule, fields: Readonly<Record<string, unknown>>): DraftModule {
  const all = Object.entries({ ...module, ...fields }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(all) as unknown as DraftModule;
}

/** An id that no module has yet: `menu`, `menu-2`. */
export function freeId({ modules }: Pick<Draft, 'modules'>, wanted: string): string {
  const taken = new Set(modules.map(({ id }) => id));
  if (!taken.has(wanted)) return wanted;
  const base = wanted.replace(/-\d+$/, '');
  let number = 2;
  while (taken.has(`${base}-${number}`)) number += 1;
  return `${base}-${number}`;
}
