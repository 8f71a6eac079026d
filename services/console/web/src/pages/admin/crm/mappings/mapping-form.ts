import type { DataMapping, ShownField } from '@patchcord/contracts';
import { every } from '../../../../parts/every.ts';

export interface ModuleValues {
  readonly module: string;
  readonly label: string;
  readonly title: string;
  readonly fields: ShownField[];
  readonly match: { readonly field: string; readonly item: string }[];
  readonly account: string;
}

export interface MappingValues {
  readonly id: string;
  readonly name: string;
  readonly connection: string;
  readonly modules: ModuleValues[];
}

export const emptyModule: ModuleValues = { module: '', label: '', title: '', fields: [], match: [], account: '' };
export const emptyMapping: MappingValues = { id: '', name: '', connection: '', modules: [emptyModule] };

export const mappingForm = ({ id, name, connection, modules }: DataMapping): MappingValues => ({
  id,
  name,
  connection,
  modules: modules.map((one) => ({
    module: one.module,
    label: one.label ?? '',
    title: one.title ?? '',
    fields: [...one.fields],
    match: [...one.match],
    account: one.account ?? '',
  })),
});

/** Texts that are empty are not there. */
export const mappingOf = ({ modules, ...mapping }: MappingValues): object => ({
  ...mapping,
  modules: modules.map(({ label, title, account, ...one }) => ({
    ...one,
    ...(label === '' ? {} : { label }),
    ...(title === '' ? {} : { title }),
    ...(account === '' ? {} : { account }),
  })),
});

export const shownKinds = every<ShownField['kind']>({
  text: true,
  phone: true,
  email: true,
  url: true,
  date: true,
  datetime: true,
  number: true,
  boolean: true,
});

const kindWords: readonly (readonly [RegExp, ShownField['kind']])[] = [
  [/phone|mobile/i, 'phone'],
  [/e-?mail/i, 'email'],
  [/url|website|link$/i, 'url'],
  [/date_?time|timestamp/i, 'datetime'],
  [/date/i, 'date'],
  [/bool|checkbox/i, 'boolean'],
  [/int|double|number|currency|percent|decimal|float/i, 'number'],
];

/** How a value is probably shown, by what the CRM calls its type. */
export const kindOfType = (type: string): ShownField['kind'] =>
  kindWords.find(([pattern]) => pattern.test(type))?.[1] ?? 'text';

/** The same list with one of its entries a place up or down. */
export function moved<Entry>(list: readonly Entry[], at: number, by: -1 | 1): Entry[] {
  const entry = list[at];
  const rest = list.filter((_, i) => i !== at);
  return entry === undefined ? [...list] : rest.toSpliced(at + by, 0, entry);
}
