import type { Crm, CrmResult } from '@patchcord/connectors';
import type { CrmHit } from '@patchcord/contracts';
import { defined } from './defined.ts';

type Done<Result> = Result extends { readonly outcome: 'done'; readonly value: infer Value } ? Value : never;
type Found = Done<Awaited<ReturnType<Crm['find']>>>[number];
type PhoneSearch = Done<Awaited<ReturnType<Crm['searchByPhone']>>>;
type PhoneHit = Extract<PhoneSearch, { readonly searched: true }>['hits'][number];

/** Longer texts are of no use to people who look for somebody (characters). */
const longestText = 2000;

export interface HitOptions {
  /** Id of the connection. */
  readonly connection: string;
  readonly crm: Pick<Crm, 'deepLink'>;
  /** Of its fields those are told. */
  readonly fields: readonly string[];
}

/** A record that was found, as people are shown it. */
export function crmHitOf(found: Found | PhoneHit, { connection, crm, fields }: HitOptions): CrmHit {
  const { module, id, name } = found;
  const asked = fields.flatMap((field) => {
    const value: unknown = found.fields[field];
    return value === undefined ? [] : [[field, shortened(value)] as const];
  });
  const url = found.url ?? crm.deepLink(found);
  const of = 'match' in found ? { match: found.match, field: found.field } : {};
  return { module, id, connection, name, fields: Object.fromEntries(asked), ...of, ...defined({ url }) };
}

function shortened(value: unknown): unknown {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length <= longestText ? value : `${text.slice(0, longestText)}…`;
}

/** A reply is one message on the bus (bytes). */
const longestReply = 800_000;

/** As many hits as fit into one reply, one at least. */
export function fittingHits(hits: readonly CrmHit[]): CrmHit[] {
  let bytes = 0;
  const end = hits.findIndex((hit, at) => {
    bytes += Buffer.byteLength(JSON.stringify(hit));
    return at > 0 && bytes > longestReply;
  });
  return hits.slice(0, end === -1 ? hits.length : end);
}

/** Of a result that was done what `use` makes of it. */
export const mapped = <From, To>(result: CrmResult<From>, use: (value: From) => To): CrmResult<To> =>
  result.outcome === 'done' ? { outcome: 'done', value: use(result.value) } : result;
