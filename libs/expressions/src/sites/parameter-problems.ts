import {
  type ContactDatabase,
  callPlaceholders,
  type ExternalSite,
  placeholderName,
  type SiteParameter,
} from '@patchcord/contracts';
import { unknownNameMessage } from '../templates/unknown-name.ts';
import { knownKeys } from './families.ts';
import { formField, knownKey } from './parameter-value.ts';
import { placeholdersIn } from './placeholders.ts';
import { queryNames } from './url-template.ts';

/** Why a site or its parameter table is not right; `path` is that of the field, e.g. `parameters[2].key`. */
export interface ParameterProblem {
  readonly path: string;
  readonly expected: string;
}

type Problem = readonly [field: keyof SiteParameter, expected: string] | undefined;

/** `database`: that of the campaign whose calls the site is told of; without it columns are not checked. */
export function parameterProblems(
  site: ExternalSite,
  parameters: readonly SiteParameter[],
  database?: ContactDatabase,
): ParameterProblem[] {
  return parameters.flatMap((parameter, at) => {
    const earlier = parameters.findIndex(({ name }) => name === parameter.name);
    const problems = [
      nameProblem(site, parameter),
      earlier === at
        ? undefined
        : (['name', `a name of its own: parameters[${earlier}] has "${parameter.name}"`] as const),
      keyProblem(parameter),
      familyProblem(site, parameter),
      columnProblem(parameter, database),
    ];
    return problems.flatMap((problem) =>
      problem === undefined ? [] : [{ path: `parameters[${at}].${problem[0]}`, expected: problem[1] }],
    );
  });
}

/** Expressions in the URL of a site that no call can ever have a value for. */
export function siteUrlProblems({ url }: ExternalSite): ParameterProblem[] {
  for (const placeholder of callPlaceholders(url)) {
    const message = unknownNameMessage(placeholder);
    if (message !== undefined) return [{ path: 'url', expected: `names that calls have: ${message}` }];
  }
  return [];
}

function nameProblem({ url, headers, method }: ExternalSite, { name }: SiteParameter): Problem {
  if (placeholderName.test(name)) {
    const there = [...new Set([url, ...Object.values(headers)].flatMap(placeholdersIn))].map((one) => `{${one}}`);
    if (there.includes(name)) return undefined;
    const which = there.length === 0 ? 'neither has any' : `there are ${there.join(', ')}`;
    return ['name', `a placeholder of the URL or of a header: ${which}`];
  }
  const isSaid = method === 'GET' && queryNames(url).includes(name);
  return isSaid
    ? ['name', `another name: "${name}" is in the query of the URL already, and is not overwritten`]
    : undefined;
}

function keyProblem(parameter: SiteParameter): Problem {
  const { family, key } = parameter;
  if (family !== 'campaign' && family !== 'call' && family !== 'disposition') return undefined;
  if (knownKey(parameter) !== undefined || (family === 'disposition' && formField.test(key))) return undefined;
  const keys = knownKeys.filter((known) => known.family === family).map((known) => known.key);
  if (family === 'disposition') keys.push('form.<field>', 'previous_form.<field>');
  return ['key', `one of ${keys.join(', ')}`];
}

function familyProblem({ trigger }: ExternalSite, { family }: SiteParameter): Problem {
  if (family !== 'disposition' || trigger === 'disposition') return undefined;
  return ['family', `no "disposition": there is one only with the trigger "disposition", not with "${trigger}"`];
}

function columnProblem({ family, key }: SiteParameter, database: ContactDatabase | undefined): Problem {
  if (family !== 'contact' || database === undefined) return undefined;
  const known = [...new Set([...database.columns, 'contact_id', 'external_id'])];
  return known.includes(key)
    ? undefined
    : ['key', `a column of the contact database "${database.id}": ${known.join(', ')}`];
}
