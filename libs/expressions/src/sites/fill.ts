import { placeholderName, type SiteCompatibility, type SiteParameter } from '@patchcord/contracts';
import type { RenderFailure, SiteFacts } from './facts.ts';
import type { Filled } from './filled.ts';
import { fixedValue } from './fixed-value.ts';
import { legacyDatetime } from './legacy-datetime.ts';
import { knownKey, parameterValue } from './parameter-value.ts';
import type { Fillers } from './placeholders.ts';
import type { Value } from './values.ts';

export interface Table {
  /** What is sent under a name, in the table's order. */
  readonly fields: readonly Filled[];
  /** What fills placeholders; the name without its braces. */
  readonly placeholders: ReadonlyMap<string, Filled>;
}

/** What a table gets its values from. `notes` get what is missing, by names. */
export interface TableSource extends Pick<Fillers, 'scope' | 'notes'> {
  readonly facts: SiteFacts;
  readonly compatibility: SiteCompatibility;
}

/** The parameter table with its values. A parameter that must not be missing and has no value stops it. */
export function fillTable(parameters: readonly SiteParameter[], source: TableSource): Table | RenderFailure {
  const fields: Filled[] = [];
  const placeholders = new Map<string, Filled>();
  for (const parameter of parameters) {
    const filled = fill(parameter, source);
    if ('ok' in filled) return filled;
    if (placeholderName.test(filled.name)) placeholders.set(filled.name.slice(1, -1), filled);
    else fields.push(filled);
  }
  return { fields, placeholders };
}

function fill(parameter: SiteParameter, source: TableSource): Filled | RenderFailure {
  const { name, missing, default: instead = '' } = parameter;
  const value = knownValue(parameter, source);
  if (value !== undefined && value !== null) return { name, value, omit: false };
  switch (missing) {
    case 'fail':
      return { ok: false, parameter: name, message: missingMessage(parameter) };
    case 'default':
      return { name, value: fixedValue(instead, source, false) ?? '', omit: false };
    case 'empty':
      return { name, value: '', omit: false };
    case 'omit':
      return { name, value: undefined, omit: true };
    case undefined:
      return { name, value: withoutPolicy(parameter, value, source.compatibility), omit: false };
  }
}

const missingMessage = ({ family, key }: SiteParameter): string =>
  `there is no value for "${key}" of the family "${family}", and its parameter must not be missing`;

function knownValue(parameter: SiteParameter, source: TableSource): Value | undefined {
  const { facts, compatibility } = source;
  const given = parameterValue(parameter, facts);
  // Without a policy, or with `empty`, what is missing within a text is empty there.
  const { missing } = parameter;
  const complete = missing !== undefined && missing !== 'empty';
  const isFixed = parameter.family === 'fixed' && given === parameter.key;
  const value = isFixed ? fixedValue(parameter.key, source, complete) : given;
  const isDatetime = knownKey(parameter)?.key === 'datetime';
  if (!compatibility.legacyDatetime || !isDatetime || typeof value !== 'string') return value;
  return Number.isNaN(Date.parse(value)) ? value : legacyDatetime(value, facts.tenant.timeZone);
}

/** What is unknown of a call is null in OMniLeads, whereas contacts and variables that are missing are not. */
function withoutPolicy(
  { family }: SiteParameter,
  value: null | undefined,
  { nullAsNone }: SiteCompatibility,
): Value | undefined {
  return nullAsNone && (value === null || family === 'call') ? 'None' : value;
}
