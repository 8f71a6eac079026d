import type { SiteParameter } from '@patchcord/contracts';
import type { SiteFacts } from './facts.ts';
import { knownKeys } from './families.ts';
import type { Filled } from './filled.ts';
import { own, toValue, type Value } from './values.ts';

/** The table of a site that has none: everything essential, under our own names. */
export const essentialParameters: readonly SiteParameter[] = [
  ...knownKeys.filter(({ family }) => family === 'call'),
  ...knownKeys.filter(({ family }) => family !== 'call'),
].flatMap(({ family, key, essential: name }) => (name === undefined ? [] : [{ family, key, name, missing: 'omit' }]));

/** What JSON has beside it: the session's variables, and the saved fields of a disposition's form. */
export function essentialObjects({ session, disposition, sample }: SiteFacts): Filled[] {
  const variables = { ...session?.variables, ...own(sample, 'variable') };
  const form = own(own(sample, 'disposition'), 'form') ?? disposition?.value.form;
  const hasVariables = session !== undefined || own(sample, 'variable') !== undefined;
  return [object('variables', hasVariables ? variables : undefined), object('dispositionForm', toValue(form))];
}

const object = (name: string, value: Value | undefined): Filled => ({ name, value, omit: false });
