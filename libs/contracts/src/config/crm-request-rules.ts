import { type Placeholder, parseTemplate, placeholdersOf, type Template, templateMessage } from '../template.ts';
import type { DescribedCrm, DescribedRequest } from './crm-requests.ts';

const ofRecord = ['record.id', 'record.module'] as const;

const ofCall = [
  'call.key',
  'call.subject',
  'call.direction',
  'call.startedAt',
  'call.startedAtSql',
  'call.startedAtUnix',
  'call.endedAt',
  'call.endedAtSql',
  'call.endedAtUnix',
  'call.durationSeconds',
  'call.durationMinutes',
  'call.from',
  'call.to',
  'call.outcome',
  'call.disposition',
  'call.notes',
  'call.text',
  'call.recordingUrl',
  'call.userId',
  'call.record.id',
  'call.record.module',
  'call.about',
  'call.about.*',
  'call.fields',
  'call.fields.*',
] as const;

/** One page of a list: from the cursor that the page before told, or by its number or that of records before it. */
const ofList = ['list.cursor', 'list.page', 'list.offset', 'list.limit'] as const;

/** What a CRM can be asked for, and the names that placeholders of that request may have. `.*`: any name behind it. */
export const crmOperations = {
  test: [],
  searchByPhone: [
    'number.e164',
    'number.digits',
    'number.national',
    'number.local',
    'number.suffix',
    'number.variant',
    'number.variants',
    'number.field',
    'module',
    'fields',
  ],
  search: [
    'filter.equals',
    'filter.equals.*',
    'filter.field',
    'filter.value',
    'filter.expression',
    'filter.limit',
    'module',
    'fields',
  ],
  read: [...ofRecord, 'fields'],
  create: ['module', 'values', 'values.*'],
  update: [...ofRecord, 'values', 'values.*'],
  logCall: ofCall,
  findCall: ['call.key'],
  updateCall: [...ofRecord, ...ofCall],
  attachNote: [...ofRecord, 'note.text'],
  link: ['from.id', 'from.module', 'to.id', 'to.module'],
  listRecords: ['module', 'fields', ...ofList, 'list.modifiedSince'],
  listUsers: ofList,
  setPresence: ['user.id', 'presence.state', 'presence.word', 'presence.reason'],
} as const;
export type CrmOperation = keyof typeof crmOperations;

interface Problem {
  readonly path: (string | number)[];
  readonly message: string;
}

/** A text with placeholders, and where it stands. */
interface Text {
  readonly path: (string | number)[];
  readonly text: string;
}

/** What of a described CRM cannot work. */
export function requestProblems({ requests, deepLink, calls, modules }: DescribedCrm): Problem[] {
  const operations = Object.keys(crmOperations) as CrmOperation[];
  const ofRequests = operations.flatMap((operation) => {
    const request = requests[operation];
    if (request === undefined) return [];
    const problems = [...bodyProblems(request), ...placeProblems(request), ...textProblems(operation, request)];
    return problems.map(({ path, message }) => ({ path: ['requests', operation, ...path], message }));
  });
  const link =
    deepLink === undefined ? [] : [...pathProblems(deepLink.path), ...nameProblems(ofRecord, linkTexts(deepLink))];
  return [
    ...ofRequests,
    ...link.map(({ path, message }) => ({ path: ['deepLink', ...path], message })),
    ...suffixProblems(requests.searchByPhone),
    ...(calls.linksAbout && requests.link === undefined
      ? [{ path: ['calls', 'linksAbout'], message: 'expected a request "link" beside it' }]
      : []),
    ...(requests.searchByPhone !== undefined && modules.every(({ phoneFields }) => phoneFields.length === 0)
      ? [{ path: ['modules'], message: 'expected a module with "phoneFields", in which "searchByPhone" searches' }]
      : []),
    ...modules.flatMap(({ emailField }, at) =>
      mailProblems(requests.search, emailField, ['modules', at, 'emailField']),
    ),
  ];
}

/** Who has a mail address is searched for by that field, and has to have it in the answer. */
function mailProblems(
  search: DescribedRequest | undefined,
  field: string | undefined,
  path: (string | number)[],
): Problem[] {
  if (field === undefined) return [];
  if (search === undefined) return [{ path, message: 'expected a request "search" beside it' }];
  const { answer, ...request } = search;
  const names = textsIn(request).flatMap(({ text }) => {
    const parsed = parseTemplate(text);
    return parsed.ok ? placeholdersOf(parsed.template).map((placeholder) => placeholder.name) : [];
  });
  const hasPlace =
    names.includes('filter.equals') ||
    names.includes(`filter.equals.${field}`) ||
    ['filter.field', 'filter.value'].every((name) => names.includes(name));
  if (!hasPlace)
    return [{ path, message: `expected a request "search" with a place for it, as {filter.equals.${field}}` }];
  const isTold = answer.fields === undefined || Object.hasOwn(answer.fields, field);
  return isTold ? [] : [{ path, message: `expected "${field}" among the fields of the answer to "search"` }];
}

/** The last digits are no whole number: many people share them. */
function suffixProblems(search: DescribedRequest | undefined): Problem[] {
  if (search?.answer.matchesItself !== true) return [];
  const asksSuffix = textsIn({ ...search, answer: undefined }).some(({ text }) => text.includes('{number.suffix'));
  if (!asksSuffix) return [];
  const path = ['requests', 'searchByPhone', 'answer', 'matchesItself'];
  return [{ path, message: 'expected false: the request asks by the last digits only' }];
}

function bodyProblems({ method, json, form, xml }: DescribedRequest): Problem[] {
  const given = Object.entries({ json, form, xml }).flatMap(([name, body]) => (body === undefined ? [] : [name]));
  const [first, second] = given;
  if (second !== undefined) return [{ path: [second], message: `expected one body: there is "${first}" too` }];
  if (first === undefined || method !== 'GET') return [];
  return [{ path: [first], message: 'expected another method than GET, which has no body' }];
}

const placeProblems = ({ path, headers, xml }: DescribedRequest): Problem[] => [
  ...pathProblems(path),
  ...Object.entries(headers).flatMap(([name, text]) =>
    /^[\t\x20-\x7e]*$/.test(text) ? [] : [{ path: ['headers', name], message: 'expected visible ASCII and blanks' }],
  ),
  ...(xml === undefined ? [] : xmlProblems(xml)),
];

function pathProblems(path: string): Problem[] {
  const literal = marked(path);
  if (/[?#\\]/.test(literal))
    return [{ path: ['path'], message: 'expected no "?", "#" or "\\": parameters stand in "query"' }];
  const isStep = literal.split('/').some((segment) => segment === '.' || segment === '..');
  return isStep ? [{ path: ['path'], message: 'expected no "." or "..": another base URL is another connection' }] : [];
}

/** Stands for a value: no template has it. */
const mark = '\uE000';

/** The template with a mark in place of each placeholder. */
function marked(text: string): string {
  const parsed = parseTemplate(text);
  return parsed.ok ? parsed.template.parts.map((part) => (typeof part === 'string' ? part : mark)).join('') : '';
}

/** A value is text of an element or between the quotes of an attribute: anywhere else it could be more than a value. */
function xmlProblems(xml: string): Problem[] {
  const text = marked(xml);
  const problem = (message: string): Problem[] => [{ path: ['xml'], message }];
  if (/<!DOCTYPE/i.test(text)) return problem('expected no document type');
  const special = /<!--[\s\S]*?(?:-->|$)|<!\[CDATA\[[\s\S]*?(?:\]\]>|$)|<\?[\s\S]*?(?:\?>|$)/g;
  const tags = text.replace(special, '').match(/<(?:"[^"]*"|'[^']*'|[^"'>])*>?/g) ?? [];
  const bare = [...(text.match(special) ?? []), ...tags.map((tag) => tag.replace(/=\s*(?:"[^"]*"|'[^']*')/g, ''))];
  if (!bare.some((part) => part.includes(mark))) return [];
  return problem('expected placeholders only as text of an element, or between the quotes of an attribute');
}

function textProblems(operation: CrmOperation, request: DescribedRequest): Problem[] {
  const texts = [
    ...textsIn({ path: request.path, query: request.query, headers: request.headers, xml: request.xml }),
    ...textsIn({ json: request.json, form: request.form }),
  ];
  return [...nameProblems(crmOperations[operation], texts), ...spreadProblems(texts)];
}

const linkTexts = ({ path, query, fragment }: NonNullable<DescribedCrm['deepLink']>): Text[] =>
  textsIn({ path, query, fragment });

/** Every text within a value, however deep. */
function textsIn(value: unknown, path: (string | number)[] = []): Text[] {
  if (typeof value === 'string') return [{ path, text: value }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, one]: [string, unknown]) => textsIn(one, [...path, key]));
}

function nameProblems(names: readonly string[], texts: readonly Text[]): Problem[] {
  return texts.flatMap(({ path, text }) => {
    const parsed = parseTemplate(text);
    if (!parsed.ok) return [{ path, message: templateMessage(parsed.problem) }];
    const unknown = placeholdersOf(parsed.template).find((placeholder) => !isKnown(names, placeholder));
    if (unknown === undefined) return [];
    const known = names.length === 0 ? 'no placeholder here' : `one of ${names.join(', ')}`;
    return [{ path, message: `expected ${known}, not "${unknown.name}"` }];
  });
}

const isKnown = (names: readonly string[], { name }: Placeholder): boolean =>
  names.some((known) => (known.endsWith('.*') ? name.startsWith(known.slice(0, -1)) : known === name));

/** What `...` puts in is what one value holds. */
function spreadProblems(texts: readonly Text[]): Problem[] {
  return texts.flatMap(({ path, text }) => {
    if (path.at(-1) !== '...') return [];
    const parsed = parseTemplate(text);
    const isOne = parsed.ok && isSingle(parsed.template);
    return isOne ? [] : [{ path, message: 'expected a single placeholder whose value has fields, e.g. "{values}"' }];
  });
}

const isSingle = ({ parts: [first, ...others] }: Template): boolean => typeof first === 'object' && others.length === 0;
