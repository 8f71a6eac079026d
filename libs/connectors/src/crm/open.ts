import { asFailure, Failure } from '@patchcord/contracts';
import { type PhoneMatch, phoneForms, phoneMatch } from '@patchcord/expressions';
import { type CrmAccess, createCrmApi } from './api.ts';
import { type EmailSearch, findByEmail } from './find-by-email.ts';
import { fitted } from './fit.ts';
import { type CallLedger, loggedOnce } from './log-once.ts';
import type {
  Ability,
  CallEntry,
  CrmApi,
  CrmConnector,
  CrmField,
  CrmFilter,
  CrmModule,
  CrmRecord,
  FieldValues,
  RecordRef,
  StandardModule,
  UpsertKey,
} from './port.ts';
import type { PresenceChange, RecordPage, RecordsWanted, UserPage } from './port-lists.ts';
import { configuredFor, settingsOf } from './settings-of.ts';
import { textOf } from './values.ts';

/** `unable`: this CRM cannot do it; `why` says what is done instead. */
export type CrmResult<Value> =
  | { readonly outcome: 'done'; readonly value: Value }
  | { readonly outcome: 'failed'; readonly failure: Failure }
  | { readonly outcome: 'unable'; readonly why: string };

/** Somebody who has the number. */
interface PhoneHit extends CrmRecord {
  /** How surely. */
  readonly match: PhoneMatch;
  /** The field that has it. */
  readonly field: string;
  /** Where people open it. */
  readonly url?: string;
}

type PhoneSearch =
  | { readonly searched: true; readonly hits: readonly PhoneHit[] }
  /** Not a number of the public network, or one of our own: nobody is looked for. */
  | { readonly searched: false; readonly why: string };

interface WrittenCall {
  readonly ref: RecordRef;
  /** It was there already. */
  readonly again: boolean;
  /** Fields whose text was too long for the CRM, and was cut. */
  readonly cut: readonly string[];
}

/** One CRM as the house uses it: nothing is thrown, every hit was looked at again, nothing is logged twice. */
export interface Crm {
  test(): Promise<CrmResult<{ readonly user: string }>>;
  listModules(): Promise<CrmResult<readonly CrmModule[]>>;
  listFields(module: string): Promise<CrmResult<readonly CrmField[]>>;
  searchByPhone(search: {
    readonly number: string;
    readonly modules?: readonly string[];
    /** Fields that are read beside those with numbers; a function where they differ by module. */
    readonly fields?: readonly string[] | ((module: string) => readonly string[]);
  }): Promise<CrmResult<PhoneSearch>>;
  /** Whoever has the mail address; nobody where the CRM cannot tell. */
  searchByEmail(search: EmailSearch): Promise<CrmResult<readonly CrmRecord[]>>;
  find(filter: CrmFilter): Promise<CrmResult<readonly CrmRecord[]>>;
  read(ref: RecordRef, fields: readonly string[]): Promise<CrmResult<CrmRecord | undefined>>;
  create(module: string, values: FieldValues): Promise<CrmResult<RecordRef>>;
  update(ref: RecordRef, values: FieldValues): Promise<CrmResult<void>>;
  upsert(key: UpsertKey, values: FieldValues): Promise<CrmResult<RecordRef>>;
  logCall(entry: CallEntry): Promise<CrmResult<WrittenCall>>;
  attachNote(to: RecordRef, text: string): Promise<CrmResult<void>>;
  link(from: RecordRef, to: RecordRef): Promise<CrmResult<void>>;
  /** One page of the records of a module; with `modifiedSince` without those that say that they are older. */
  listRecords(wanted: RecordsWanted): Promise<CrmResult<RecordPage>>;
  listUsers(cursor?: string): Promise<CrmResult<UserPage>>;
  setPresence(change: PresenceChange): Promise<CrmResult<void>>;
  deepLink(ref: RecordRef): string | undefined;
  /** For how long a search may miss what was just written (ms). */
  findLagMs(): number;
}

export interface OpenCrm<Settings> {
  readonly connector: CrmConnector<Settings>;
  readonly access: CrmAccess;
  readonly ledger: CallLedger;
  /** Numbers that are ours: they are nobody's. */
  readonly ownNumbers?: readonly string[];
}

/** A connection to one CRM. */
export function openCrm<Settings>(given: OpenCrm<Settings>): Crm {
  const options = { ...given, connector: configuredFor(given.connector, given.access.connection) };
  const { connector, access, ledger } = options;
  const { connection } = access;
  const perform = <Value>(act: (api: CrmApi<Settings>) => Promise<Value>): Promise<CrmResult<Value>> =>
    resultOf(() => act(createCrmApi(connector, access)));
  const able = <Value>(what: Ability, act: (api: CrmApi<Settings>) => Promise<Value>): Promise<CrmResult<Value>> => {
    const why = connector.cannot[what];
    return why === undefined ? perform(act) : Promise.resolve({ outcome: 'unable', why });
  };
  const deepLink = (ref: RecordRef) =>
    connector.deepLink({ baseUrl: connection.baseUrl, settings: settingsOf(connector, connection) }, ref);
  return {
    test: () => perform((api) => connector.test(api)),
    listModules: () => able('describe', (api) => connector.listModules(api)),
    listFields: (module) => able('describe', (api) => connector.listFields(api, module)),
    searchByPhone: (search) => able('search-by-phone', (api) => searchByPhone(options, api, search, deepLink)),
    searchByEmail: (search) => able('search-by-email', (api) => findByEmail(connector, api, search)),
    find: (filter) => able('search', (api) => connector.find(api, filter)),
    read: (ref, fields) => able('read', (api) => connector.read(api, ref, fields)),
    create: (module, values) => able('create', (api) => connector.create(api, module, values)),
    update: (ref, values) => able('update', (api) => connector.update(api, ref, values)),
    upsert: (key, values) => able('upsert', async (api) => present(connector.upsert)(api, key, values)),
    logCall: (entry) =>
      able('log-call', async (api) => {
        const { entry: fitting, cut } = fitted(entry, connector.calls.maxLengths);
        return { ...(await loggedOnce({ connector, api, ledger }, fitting)), cut };
      }),
    attachNote: (to, text) => able('attach-note', (api) => present(connector.attachNote)(api, to, text)),
    link: (from, to) => able('link', (api) => present(connector.link)(api, from, to)),
    listRecords: (wanted) =>
      able('list-records', async (api) => since(await present(connector.listRecords)(api, wanted), wanted)),
    listUsers: (cursor) => able('list-users', (api) => present(connector.listUsers)(api, cursor)),
    setPresence: (change) => able('presence', (api) => present(connector.setPresence)(api, change)),
    deepLink,
    findLagMs: () => connector.calls.findLagMs?.(settingsOf(connector, connection)) ?? 0,
  };
}

/** What a connector does not say it cannot do, it has. The conformance suite checks it. */
function present<Act>(act: Act | undefined): Act {
  if (act === undefined) throw new TypeError('the connector has no such function, and does not say so');
  return act;
}

async function resultOf<Value>(act: () => Promise<Value>): Promise<CrmResult<Value>> {
  try {
    return { outcome: 'done', value: await act() };
  } catch (thrown) {
    return { outcome: 'failed', failure: asFailure(thrown) };
  }
}

/** Not every CRM can be asked for what was changed lately: those that say when, we leave out. */
function since(page: RecordPage, { modifiedSince }: RecordsWanted): RecordPage {
  if (modifiedSince === undefined) return page;
  const from = Date.parse(modifiedSince);
  const isOlder = (modifiedAt: string | undefined): boolean => Date.parse(modifiedAt ?? '') < from;
  return { ...page, records: page.records.filter(({ modifiedAt }) => !isOlder(modifiedAt)) };
}

async function searchByPhone<Settings>(
  { connector, access, ownNumbers = [] }: OpenCrm<Settings>,
  api: CrmApi<Settings>,
  { number, modules, fields = [] }: Parameters<Crm['searchByPhone']>[0],
  deepLink: Crm['deepLink'],
): Promise<PhoneSearch> {
  const { region } = access;
  const wanted = phoneForms(number, region);
  if (wanted === undefined) return { searched: false, why: 'it is no number of the public telephone network' };
  if (ownNumbers.some((own) => phoneMatch(own, wanted, region) !== undefined))
    return { searched: false, why: 'it is one of our own numbers' };
  const within = connector.modules.filter(
    ({ module, phoneFields }) => phoneFields.length > 0 && (modules === undefined || modules.includes(module)),
  );
  if (within.length === 0) throw nowhere(connector, modules);
  const found = await Promise.all(
    within.map(async (module) => {
      const more = typeof fields === 'function' ? fields(module.module) : fields;
      const asked = [...new Set([...module.phoneFields, ...more])];
      const records = await connector.findByPhone(api, module, wanted, asked);
      return records.flatMap((record) => hitOf(record, module, (stored) => phoneMatch(stored, wanted, region)) ?? []);
    }),
  );
  const hits = ranked(found.flat()).map((hit) => {
    const url = hit.url ?? deepLink(hit);
    return url === undefined ? hit : { ...hit, url };
  });
  return { searched: true, hits };
}

function nowhere<Settings>({ title, modules: all }: CrmConnector<Settings>, asked: readonly string[] = []): Failure {
  const names = all.filter(({ phoneFields }) => phoneFields.length > 0).map(({ module }) => module);
  const message = `${title} keeps no numbers in ${asked.join(', ')}: expected one of ${names.join(', ')}`;
  return new Failure('permanent', 'module_unknown', message);
}

/** That a search returned it is no match: one of its numbers has to be the one that was looked for. */
function hitOf(
  record: CrmRecord,
  { phoneFields }: StandardModule,
  matchOf: (stored: string) => PhoneMatch | undefined,
): PhoneHit | undefined {
  const matches = phoneFields.flatMap((field) => {
    const stored: unknown = record.fields[field];
    const numbers = Array.isArray(stored) ? stored.map(textOf) : [textOf(stored)];
    return numbers.flatMap((one) => matchOf(one) ?? []).map((match) => ({ field, match }));
  });
  const [best] = matches.sort((a, b) => surety[a.match] - surety[b.match]);
  return best === undefined ? undefined : { ...record, ...best };
}

const surety = { e164: 0, national: 1, suffix: 2 } as const satisfies Record<PhoneMatch, number>;

/** The surest first; of equal ones in the order of modules, the one changed last first. One record once. */
function ranked(hits: readonly PhoneHit[]): PhoneHit[] {
  const once = new Map(hits.map((hit) => [`${hit.module} ${hit.id}`, hit]));
  return [...once.values()].sort(
    (a, b) =>
      surety[a.match] - surety[b.match] || compare(b.modifiedAt ?? '', a.modifiedAt ?? '', a.module === b.module),
  );
}

const compare = (a: string, b: string, comparable: boolean): number => (comparable && a !== b ? (a < b ? -1 : 1) : 0);
