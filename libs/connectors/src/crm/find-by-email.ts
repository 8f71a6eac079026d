import type { CrmApi, CrmConnector, CrmRecord } from './port.ts';
import { textOf } from './values.ts';

export interface EmailSearch {
  readonly address: string;
  readonly modules?: readonly string[];
  /** Read beside the address. */
  readonly fields?: readonly string[];
}

/** So many may have one address. */
const most = 20;

/** Whoever has a mail address, in the order of modules. That a search returned somebody is no match: he has to have it. */
export async function findByEmail<Settings>(
  connector: Pick<CrmConnector<Settings>, 'modules' | 'find'>,
  api: CrmApi<Settings>,
  { address, modules, fields: more = [] }: EmailSearch,
): Promise<CrmRecord[]> {
  const wanted = address.trim();
  if (!wanted.includes('@')) return [];
  // Some CRMs tell capitals from small letters, and people write either.
  const spellings = [...new Set([wanted, wanted.toLowerCase()])];
  const within = connector.modules.flatMap(({ module, emailField, emailListField }) =>
    emailField === undefined || modules?.includes(module) === false
      ? []
      : [{ module, emailField, held: [emailField, ...(emailListField === undefined ? [] : [emailListField])] }],
  );
  const asked = within.flatMap((place) => spellings.map((spelling) => ({ ...place, spelling })));
  const found = await Promise.all(
    asked.map(async ({ module, emailField, held, spelling }) => {
      const filter = {
        module,
        equals: { [emailField]: spelling },
        fields: [...new Set([emailField, ...more])],
        limit: most,
      };
      const records = await connector.find(api, filter);
      return records.filter(({ fields }) => held.some((field) => has(fields[field], wanted)));
    }),
  );
  return [...new Map(found.flat().map((one) => [JSON.stringify([one.module, one.id]), one])).values()];
}

const has = (stored: unknown, wanted: string): boolean =>
  (Array.isArray(stored) ? stored : [stored]).some((one) => textOf(one).trim().toLowerCase() === wanted.toLowerCase());
