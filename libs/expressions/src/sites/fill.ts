import { placeholderName, type SiteCompatibility, type SiteParameter } from '@patchcord/contracts';
import type { RenderFailure, SiteFacts } from './facts.ts';
import { legacyDatetime } from './legacy-datetime.ts';
import { knownKey, parameterValue } from './parameter-value.ts';
import { asText, type Value } from './values.ts';

/** A parameter with what is to be written for it. */
export interface Filled {
  readonly name: string;
  /** Undefined: it is left out. */
  readonly value: Value | undefined;
  /** It was said that it is to be left out, also where it would be empty otherwise. */
  readonly omit: boolean;
}

export interface Table {
  /** What is sent under a name, in the table's order. */
  readonly fields: readonly Filled[];
  /** What fills placeholders; the name without its braces. */
  readonly placeholders: ReadonlyMap<string, Filled>;
}

/** The parameter table with its values. A parameter that must not be missing and has no value stops it. */
export function fillTable(
  parameters: readonly SiteParameter[],
  facts: SiteFacts,
  compatibility: SiteCompatibility,
): Table | RenderFailure {
  const fields: Filled[] = [];
  const placeholders = new Map<string, Filled>();
  for (const parameter of parameters) {
    const filled = fill(parameter, facts, compatibility);
    if ('ok' in filled) return filled;
    if (placeholderName.test(filled.name)) placeholders.set(filled.name.slice(1, -1), filled);
    else fields.push(filled);
  }
  return { fields, placeholders };
}

function fill(parameter: SiteParameter, facts: SiteFacts, compatibility: SiteCompatibility): Filled | RenderFailure {
  const { name, missing, default: instead = '' } = parameter;
  const value = knownValue(parameter, facts, compatibility);
  if (value !== undefined && value !== null) return { name, value, omit: false };
  switch (missing) {
    case 'fail':
      return { ok: false, parameter: name, message: missingMessage(parameter) };
    case 'default':
      return { name, value: instead, omit: false };
    case 'empty':
      return { name, value: '', omit: false };
    case 'omit':
      return { name, value: undefined, omit: true };
    case undefined:
      return { name, value: withoutPolicy(parameter, value, compatibility), omit: false };
  }
}

const missingMessage = ({ family, key }: SiteParameter): string =>
  `there is no value for "${key}" of the family "${family}", and its parameter must not be missing`;

function knownValue(parameter: SiteParameter, facts: SiteFacts, compatibility: SiteCompatibility): Value | undefined {
  const value = parameterValue(parameter, facts);
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

/** Where there are only texts, null is nothing. */
export const textOf = ({ value }: Filled): string | undefined =>
  value === undefined || value === null ? undefined : asText(value);

/** Fields as name and text, without those that are left out. */
export const textFields = (fields: readonly Filled[]): [string, string][] =>
  fields.flatMap((field) => {
    const text = textOf(field);
    return text === undefined ? [] : [[field.name, text] as [string, string]];
  });
