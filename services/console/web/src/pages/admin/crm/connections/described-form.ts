import type { CrmOperation, DescribedAnswer, DescribedCrm, DescribedRequest } from '@patchcord/contracts';
import { every } from '../../../../parts/every.ts';
import { type Pair, pairsOf, recordOf } from '../../parts/pair-rows.tsx';

/** What a CRM of one's own can be asked for, in the order in which one describes it. */
export const operations = every<CrmOperation>({
  test: true,
  searchByPhone: true,
  search: true,
  read: true,
  create: true,
  update: true,
  logCall: true,
  findCall: true,
  updateCall: true,
  attachNote: true,
  link: true,
  listRecords: true,
  listUsers: true,
  setPresence: true,
});

type BodyKind = 'none' | 'json' | 'form' | 'xml';

/** An answer that says something: where, and what; empty: it need not. */
export interface SayingValues {
  readonly path: string;
  readonly is: string[];
}

export interface AnswerValues {
  readonly format: DescribedAnswer['format'];
  readonly separator: string;
  readonly records: string;
  readonly id: string;
  readonly name: string[];
  readonly modifiedAt: string;
  readonly url: string;
  readonly fields: Pair[];
  readonly success: SayingValues;
  readonly none: SayingValues;
  readonly busy: SayingValues;
  readonly matchesItself: boolean;
  readonly next: string;
  readonly total: string;
  readonly notFoundStatus: string[];
}

export interface RequestValues {
  readonly method: DescribedRequest['method'];
  readonly path: string;
  readonly query: Pair[];
  readonly headers: Pair[];
  readonly body: BodyKind;
  /** As it is written: placeholders stand in its texts. */
  readonly json: string;
  readonly form: Pair[];
  readonly xml: string;
  readonly answer: AnswerValues;
}

export interface ModuleValues {
  readonly module: string;
  readonly label: string;
  readonly phoneFields: string[];
  /** Empty: people are not looked for by mail address. */
  readonly emailField: string;
  readonly createFields: string[];
  readonly mandatory: string[];
}

export interface DescribedValues {
  readonly modules: ModuleValues[];
  readonly calls: {
    readonly module: string;
    readonly isKeyed: boolean;
    readonly maxLengths: Pair[];
    readonly direction: Pair[];
    readonly outcome: Pair[];
    readonly linksAbout: boolean;
  };
  readonly deepLink: {
    readonly url: string;
    readonly path: string;
    readonly query: Pair[];
    readonly fragment: string;
  };
  readonly requests: Partial<Record<CrmOperation, RequestValues>>;
}

const nothing: SayingValues = { path: '', is: [] };

export const emptyRequest: RequestValues = {
  method: 'GET',
  path: '',
  query: [],
  headers: [],
  body: 'none',
  json: '{\n  \n}',
  form: [],
  xml: '',
  answer: {
    format: 'json',
    separator: '',
    records: '',
    id: '',
    name: [],
    modifiedAt: '',
    url: '',
    fields: [],
    success: nothing,
    none: nothing,
    busy: nothing,
    matchesItself: false,
    next: '',
    total: '',
    notFoundStatus: ['404'],
  },
};

export const emptyModule: ModuleValues = {
  module: '',
  label: '',
  phoneFields: [],
  emailField: '',
  createFields: [],
  mandatory: [],
};

export const emptyDescribed: DescribedValues = {
  modules: [{ ...emptyModule, module: 'contact', label: 'Contact', phoneFields: ['phone'] }],
  calls: { module: 'call', isKeyed: false, maxLengths: [], direction: [], outcome: [], linksAbout: false },
  deepLink: { url: '', path: '', query: [], fragment: '' },
  requests: { test: emptyRequest },
};

export function describedForm({ modules, calls, deepLink, requests }: DescribedCrm): DescribedValues {
  return {
    modules: modules.map(({ emailField = '', ...one }) => ({ ...one, emailField })),
    calls: {
      module: calls.module,
      isKeyed: calls.isKeyed,
      maxLengths: pairsOf(calls.maxLengths),
      direction: pairsOf(calls.words.direction),
      outcome: pairsOf(calls.words.outcome),
      linksAbout: calls.linksAbout,
    },
    deepLink: {
      url: deepLink?.url ?? '',
      path: deepLink?.path ?? '',
      query: pairsOf(deepLink?.query),
      fragment: deepLink?.fragment ?? '',
    },
    requests: Object.fromEntries(
      operations.flatMap((operation) => {
        const request = requests[operation];
        return request === undefined ? [] : [[operation, requestForm(request)]];
      }),
    ),
  };
}

function requestForm({ method, path, query, headers, json, form, xml, answer }: DescribedRequest): RequestValues {
  return {
    method,
    path,
    query: pairsOf(query),
    headers: pairsOf(headers),
    body: json !== undefined ? 'json' : form !== undefined ? 'form' : xml !== undefined ? 'xml' : 'none',
    json: json === undefined ? emptyRequest.json : JSON.stringify(json, null, 2),
    form: pairsOf(form),
    xml: xml ?? '',
    answer: answerForm(answer),
  };
}

const answerForm = (answer: DescribedAnswer): AnswerValues => ({
  format: answer.format,
  separator: answer.separator ?? '',
  records: answer.records ?? '',
  id: answer.id ?? '',
  name: answer.name === undefined ? [] : typeof answer.name === 'string' ? [answer.name] : [...answer.name],
  modifiedAt: answer.modifiedAt ?? '',
  url: answer.url ?? '',
  fields: pairsOf(answer.fields),
  success: sayingForm(answer.success),
  none: sayingForm(answer.none),
  busy: sayingForm(answer.busy),
  matchesItself: answer.matchesItself,
  next: answer.next ?? '',
  total: answer.total ?? '',
  notFoundStatus: answer.notFoundStatus.map(String),
});

const sayingForm = (saying: DescribedAnswer['success']): SayingValues =>
  saying === undefined ? nothing : { path: saying.path, is: saying.is.map(shownScalar) };

/** In quotes only where it would be read as something else than a text. */
const shownScalar = (one: string | number | boolean): string =>
  typeof one === 'string' && typeof parsed(one) === 'string' && !one.startsWith('"') ? one : JSON.stringify(one);

/** What is stored; a body that is no JSON is sent as it is, so that the API says where. */
export function describedOf({ modules, calls, deepLink, requests }: DescribedValues): object {
  const { module, isKeyed, maxLengths, direction, outcome, linksAbout } = calls;
  const lengths = Object.entries(recordOf(maxLengths)).map(([name, value]) => [name, Number(value)]);
  return {
    modules: modules
      .filter((one) => one.module !== '' || one.label !== '')
      .map(({ emailField, ...one }) => ({ ...one, ...(emailField === '' ? {} : { emailField }) })),
    calls: {
      module,
      isKeyed,
      linksAbout,
      maxLengths: Object.fromEntries(lengths),
      words: { direction: recordOf(direction), outcome: recordOf(outcome) },
    },
    ...(deepLink.url === '' ? {} : { deepLink: { ...texts(deepLink), query: recordOf(deepLink.query) } }),
    requests: Object.fromEntries(
      Object.entries(requests).map(([operation, request]) => [operation, requestOf(request)]),
    ),
  };
}

/** Those texts that are not empty. */
const texts = (values: object): object => Object.fromEntries(Object.entries(values).filter(([, text]) => text !== ''));

function requestOf({ method, path, query, headers, body, json, form, xml, answer }: RequestValues): object {
  return {
    method,
    path,
    query: recordOf(query),
    headers: recordOf(headers),
    ...(body === 'json' ? { json: parsed(json) } : {}),
    ...(body === 'form' ? { form: recordOf(form) } : {}),
    ...(body === 'xml' ? { xml } : {}),
    answer: answerOf(answer),
  };
}

function answerOf({ name, fields, success, none, busy, notFoundStatus, matchesItself, ...rest }: AnswerValues): object {
  return {
    ...texts(rest),
    matchesItself,
    ...(name.length === 0 ? {} : { name: name.length === 1 ? name[0] : name }),
    ...(fields.length === 0 ? {} : { fields: recordOf(fields) }),
    ...sayingOf('success', success),
    ...sayingOf('none', none),
    ...sayingOf('busy', busy),
    notFoundStatus: notFoundStatus.map(Number),
  };
}

const sayingOf = (key: string, { path, is }: SayingValues): object =>
  path === '' ? {} : { [key]: { path, is: is.map(scalarOf) } };

/** `true` and `200` are what they look like; everything else is a text, also in quotes. */
function scalarOf(text: string): string | number | boolean {
  const value = parsed(text);
  return typeof value === 'number' || typeof value === 'boolean' || typeof value === 'string' ? value : text;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
