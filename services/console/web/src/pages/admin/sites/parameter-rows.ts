import type { ParameterFamily, SiteParameter } from '@patchcord/contracts';
import { type Keyed, newKey } from '../parts/sortable-rows.tsx';

/** A row of the three-column table as the form holds it: texts may be empty while one types. */
export interface ParameterRow extends Keyed {
  readonly family: ParameterFamily;
  /** Which value of the family; of `fixed` the value itself. */
  readonly value: string;
  readonly name: string;
  /** Empty: as it is usual for the place where it stands. */
  readonly missing: NonNullable<SiteParameter['missing']> | '';
  readonly instead: string;
}

/** Keys are by place: the same rows have the same keys when they are read again. */
export const parameterRows = (parameters: readonly SiteParameter[]): ParameterRow[] =>
  parameters.map(
    ({ family, key: value, name, missing, default: instead = '' }, at): ParameterRow => ({
      key: `row-${at}`,
      family,
      value,
      name,
      missing: missing ?? '',
      instead,
    }),
  );

export const newParameter = (): ParameterRow => ({
  key: newKey(),
  family: 'call',
  value: '',
  name: '',
  missing: '',
  instead: '',
});

/** What of the rows is stored. */
export const parametersOf = (rows: readonly ParameterRow[]): object[] =>
  rows.map(({ family, value, name, missing, instead }) => ({
    family,
    key: value,
    name,
    ...(missing === '' ? {} : { missing }),
    ...(missing === 'default' ? { default: instead } : {}),
  }));
