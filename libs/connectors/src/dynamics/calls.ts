import { Failure } from '@patchcord/contracts';
import { z } from 'zod';
import { placesOf } from '../crm/about.ts';
import { callText } from '../crm/call-text.ts';
import { clientId } from '../crm/client-id.ts';
import { cutText } from '../crm/fit.ts';
import type { CallEntry, CrmAnswer, CrmApi, RecordRef } from '../crm/port.ts';
import { isUndeclared, refused } from './failures.ts';
import { read, update } from './records.ts';
import { path, type Settings } from './settings.ts';
import { bindOf, definitionOf } from './tables.ts';

const [mostDescription, mostNumber] = [2000, 200];

/**
 * The id is ours, so a call is there once. It can only be completed by a request of its own: a call that is there already
 * may be one whose second request was never sent, so what follows is done again.
 */
export async function logCall(api: CrmApi<Settings>, entry: CallEntry): Promise<RecordRef> {
  const ref = { module: 'phonecall', id: clientId(entry.key) };
  const parties = await partiesOf(api, entry);
  const made = await withRegarding(api, entry, (regarding) =>
    api.ask({
      method: 'PATCH',
      path: path(api.settings, `phonecalls(${ref.id})`),
      json: { ...valuesOf(entry), ...parties, ...regarding, ...entry.fields },
      headers: { 'if-none-match': '*' },
      expect: [400, 412],
      writes: true,
    }),
  );
  if (made.status === 412) await updateCall(api, ref, entry);
  else await setState(api, ref, completed(api.settings, entry));
  return ref;
}

export async function findCall(api: CrmApi<Settings>, key: string): Promise<RecordRef | undefined> {
  const ref = { module: 'phonecall', id: clientId(key) };
  return (await read(api, ref, [])) === undefined ? undefined : ref;
}

/** Who took part stays as it was: parties cannot be changed one by one. */
export async function updateCall(api: CrmApi<Settings>, ref: RecordRef, entry: CallEntry): Promise<void> {
  if (api.settings.reopenCalls) await setState(api, ref, open);
  await withRegarding(api, entry, (regarding) =>
    api.ask({
      method: 'PATCH',
      path: path(api.settings, `phonecalls(${ref.id})`),
      json: { ...valuesOf(entry), ...regarding, ...entry.fields },
      headers: { 'if-match': '*' },
      expect: [400],
      writes: true,
    }),
  );
  await setState(api, ref, completed(api.settings, entry));
}

interface State {
  readonly statecode: number;
  readonly statuscode: number;
}
const open: State = { statecode: 0, statuscode: 1 };
const completed = ({ statusMade, statusReceived }: Settings, { direction }: CallEntry): State => ({
  statecode: 1,
  statuscode: direction === 'outbound' ? statusMade : statusReceived,
});
const setState = (api: CrmApi<Settings>, ref: RecordRef, state: State): Promise<void> => update(api, ref, { ...state });

/** It has whole minutes, and a direction that knows two; the rest stands in the text. */
function valuesOf(entry: CallEntry): Record<string, unknown> {
  const { direction, from, to, startedAt, endedAt } = entry;
  const isOutbound = direction === 'outbound';
  const number = isOutbound ? to : from;
  const text = callText(entry, ['notes', 'disposition', 'recording', 'numbers', 'duration', 'outcome']);
  return {
    subject: entry.subject,
    description: cutText(text, mostDescription),
    directioncode: isOutbound,
    actualdurationminutes: Math.ceil(entry.durationSeconds / 60),
    actualstart: startedAt,
    actualend: endedAt,
    ...(number === undefined ? {} : { phonenumber: number.slice(0, mostNumber) }),
  };
}

const places = { people: ['contact', 'lead'], company: 'account' };

/** Who called, and who was called. */
async function partiesOf(api: CrmApi<Settings>, entry: CallEntry): Promise<Record<string, unknown>> {
  const { direction, userId, about } = entry;
  const customer = placesOf(entry, places).person ?? about.find(({ module }) => module === places.company);
  const user = userId === undefined ? undefined : { module: 'systemuser', id: userId };
  const [from, to] = direction === 'outbound' ? [user, customer] : [customer, user];
  const parties = await Promise.all([partyOf(api, from, 1), partyOf(api, to, 2)]);
  const owner = user === undefined ? {} : { 'ownerid@odata.bind': await bindOf(api, user) };
  return parties.flat().length === 0 ? owner : { ...owner, phonecall_activity_parties: parties.flat() };
}

async function partyOf(api: CrmApi<Settings>, ref: RecordRef | undefined, mask: 1 | 2): Promise<object[]> {
  if (ref === undefined) return [];
  return [{ [`partyid_${ref.module}@odata.bind`]: await bindOf(api, ref), participationtypemask: mask }];
}

/** Sends with what the call is about, by the property that it is said by in this organisation. A 400 is thrown. */
async function withRegarding(
  api: CrmApi<Settings>,
  entry: Pick<CallEntry, 'about'>,
  send: (regarding: Record<string, string>) => Promise<CrmAnswer>,
): Promise<CrmAnswer> {
  const { person, matter } = placesOf(entry, places);
  const regarding = matter ?? person;
  const property = api.settings.regardingProperty.replace('{module}', regarding?.module ?? '');
  const bind = regarding === undefined ? '' : await bindOf(api, regarding);
  const first = await send(regarding === undefined ? {} : { [`${property}@odata.bind`]: bind });
  if (first.status !== 400) return first;
  if (regarding === undefined || !isUndeclared(first, property)) throw refused(first);
  const again = await send({ [`${await regardingProperty(api, regarding.module)}@odata.bind`]: bind });
  if (again.status === 400) throw refused(again);
  return again;
}

const relationships = z.object({
  value: z.array(z.looseObject({ ReferencingEntityNavigationPropertyName: z.string() })),
});

/** Asked of the description of tables: the names differ between versions. */
async function regardingProperty(api: CrmApi<Settings>, module: string): Promise<string> {
  const { json } = await api.ask({
    method: 'GET',
    path: path(api.settings, definitionOf('phonecall'), 'ManyToOneRelationships'),
    query: {
      $select: 'ReferencingEntityNavigationPropertyName',
      $filter: `ReferencingAttribute eq 'regardingobjectid' and ReferencedEntity eq '${module}'`,
    },
  });
  const [found] = relationships.parse(json).value;
  if (found !== undefined) return found.ReferencingEntityNavigationPropertyName;
  throw new Failure('permanent', 'crm_no_relation', `a phone call of Dynamics cannot be about a record of ${module}`);
}

/** Any two records are linked by a connection, which has an id of ours; a phone call is said to be about the other. */
export async function link(api: CrmApi<Settings>, from: RecordRef, to: RecordRef): Promise<void> {
  if (from.module === 'phonecall') return linkCall(api, from, to);
  const id = clientId(`connection ${from.module} ${from.id} ${to.module} ${to.id}`);
  const json = {
    [`record1id_${from.module}@odata.bind`]: await bindOf(api, from),
    [`record2id_${to.module}@odata.bind`]: await bindOf(api, to),
  };
  await api.ask({
    method: 'PATCH',
    path: path(api.settings, `connections(${id})`),
    json,
    headers: { 'if-none-match': '*' },
    expect: [412],
    writes: true,
  });
}

async function linkCall(api: CrmApi<Settings>, { id }: RecordRef, to: RecordRef): Promise<void> {
  const place = { about: [to] } as const;
  await withRegarding(api, place, (json) =>
    api.ask({
      method: 'PATCH',
      path: path(api.settings, `phonecalls(${id})`),
      json,
      headers: { 'if-match': '*' },
      expect: [400],
      writes: true,
    }),
  );
}
