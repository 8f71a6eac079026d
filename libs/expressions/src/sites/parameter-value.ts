import type { SiteParameter } from '@patchcord/contracts';
import { lookUp } from '../templates/descend.ts';
import { encodeForm } from './disposition-form.ts';
import type { SiteFacts } from './facts.ts';
import { type KnownKey, knownKeys } from './families.ts';
import { own, toValue, type Value } from './values.ts';

/** Family and any of its names to the key. */
const byName = new Map(
  knownKeys.flatMap((known) =>
    [known.key, ...known.aliases].map((name) => [`${known.family} ${name}`, known] as const),
  ),
);

/** The key that a parameter names, by its own name or by another. */
export const knownKey = ({ family, key }: Pick<SiteParameter, 'family' | 'key'>): KnownKey | undefined =>
  byName.get(`${family} ${key}`);

/** A field of the form: `form.reason`, `previous_form.reason`. */
export const formField = /^(form|previous_form)\.(.+)$/s;

/** The value of one row of the parameter table; undefined when there is none. */
export function parameterValue(parameter: SiteParameter, facts: SiteFacts): Value | undefined {
  const sample = sampleOf(parameter, facts);
  return sample === undefined ? factOf(parameter, facts) : sample;
}

function sampleOf(parameter: SiteParameter, { sample }: SiteFacts): Value | undefined {
  const values = own(sample, parameter.family);
  if (values === undefined) return undefined;
  const known = knownKey(parameter);
  const names = [parameter.key, ...(known === undefined ? [] : [known.key, ...known.aliases])];
  const name = names.find((one) => Object.hasOwn(values, one));
  if (name === undefined) return sampleField(parameter, values);
  const value = toValue(values[name]);
  const isForm = parameter.family === 'disposition' && (known?.key === 'form' || known?.key === 'previous_form');
  return isForm && isRecord(value) ? encodeForm(value) : value;
}

function sampleField({ family, key }: SiteParameter, values: Readonly<Record<string, unknown>>): Value | undefined {
  const [, form, field] = (family === 'disposition' && formField.exec(key)) || [];
  const saved = form === undefined ? undefined : own(values, form);
  return field !== undefined && isRecord(saved) ? toValue(own(saved, field)) : undefined;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function factOf(parameter: SiteParameter, facts: SiteFacts): Value | undefined {
  const { family, key } = parameter;
  switch (family) {
    case 'fixed':
      return key;
    case 'campaign':
    case 'call':
      return knownKey(parameter)?.read(facts);
    case 'disposition':
      return knownKey(parameter)?.read(facts) ?? dispositionField(key, facts);
    case 'contact':
      return contactValue(key, facts);
    case 'dialplan':
      return dialplanValue(key, facts.session?.variables ?? {});
    case 'variable':
      return own(facts.session?.variables, key) ?? writtenValue(key, facts);
  }
}

/** What a CRM or a flow wrote into the call: `ivr.premium`, `app.inputReader.reference`, `ivr.customer.name`. */
function writtenValue(key: string, { session }: SiteFacts): Value | undefined {
  const evaluation = lookUp(session?.data ?? {}, key.split('.'));
  return 'found' in evaluation && evaluation.found ? toValue(evaluation.value) : undefined;
}

function dispositionField(key: string, { disposition }: SiteFacts): Value | undefined {
  const [, form, field = ''] = formField.exec(key) ?? [];
  if (form === undefined) return undefined;
  const value = form === 'form' ? disposition?.value : disposition?.previous;
  return toValue(own(value?.form, field));
}

function contactValue(key: string, { contact, database }: SiteFacts): string | undefined {
  const value = own(contact?.values, key);
  if (value !== undefined || database?.columns.includes(key) === true) return value;
  return { contact_id: contact?.contactId, external_id: contact?.externalId }[key];
}

/** The variable that names, joined by `&`, those that the dialplan wants to pass on. */
const passedOn = 'OMLCUSTOMDIALPLANVARS';

/** OMniLeads stores the names capitalised, so case tells nothing apart. `_` and `__` make Asterisk's inherited copies. */
const folded = (name: string): string =>
  name
    .trim()
    .replace(/^_{1,2}/, '')
    .toLowerCase();

function dialplanValue(key: string, variables: Readonly<Record<string, string>>): string | undefined {
  const wanted = folded(key);
  if (!wanted.startsWith('omlcrm') || !isPassedOn(wanted, variables)) return undefined;
  return own(variables, key) ?? variableOf(wanted, variables);
}

function isPassedOn(wanted: string, variables: Readonly<Record<string, string>>): boolean {
  const names = variableOf(folded(passedOn), variables) ?? '';
  return names === '' || names.split('&').some((name) => folded(name) === wanted);
}

const variableOf = (wanted: string, variables: Readonly<Record<string, string>>): string | undefined =>
  Object.entries(variables).find(([name]) => folded(name) === wanted)?.[1];
