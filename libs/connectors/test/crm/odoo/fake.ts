import { textOf } from '../../../src/crm/values.ts';
import type { FakeCrm, StoredCall } from '../conformance/index.ts';
import { type CrmCall, type Reply, startFakeHttp } from '../fake-http.ts';
import { createFakeRecords, type FakeRecord, type FakeRecords } from '../fake-records.ts';
import { meets } from './domain.ts';
import { common, models } from './models.ts';

type Args = Readonly<Record<string, unknown>>;

export const apiKey = 'odoo-key';

/** Odoo 19 by its JSON-2 API, as it was recorded. `apps`: models that are installed. */
export async function startFakeOdoo(apps: readonly string[] = Object.keys(models)): Promise<FakeCrm> {
  const records = createFakeRecords((_module, count) => String(count));
  const us = records.add('res.partner', { name: 'Mitchell Admin' });
  records.add('res.users', { login: 'admin', partner_id: [Number(us.id), 'Mitchell Admin'] }, '2');
  for (const name of Object.keys(models)) records.add('ir.model', { model: name, name });
  records.add('mail.activity.type', { name: 'Call', category: 'phonecall' });
  const http = await startFakeHttp((call) => answer(records, apps, call));
  return {
    ...http,
    seed: (module, values) => records.add(module, values).id,
    loggedCalls: () =>
      [...records.of('mail.activity').filter(isOpen), ...records.of('mail.message')].flatMap(storedCall),
  };
}

const isOpen = ({ values }: FakeRecord): boolean => values.active !== false;

const ok = (body: unknown): Reply => ({ status: 200, body });

function refuse(status: number, name: string, message: string): Reply {
  return {
    status,
    body: { name, message, arguments: [message], context: {}, debug: 'Traceback (most recent call last)' },
  };
}
const notFound = (message: string): Reply => refuse(404, 'werkzeug.exceptions.NotFound', message);
/** What the caller did wrong is 500, too (recorded). */
const mistake = (kind: 'TypeError' | 'ValueError', message: string): Reply => refuse(500, `builtins.${kind}`, message);

function answer(records: FakeRecords, apps: readonly string[], call: CrmCall): Reply {
  const [json, version, model = '', method = ''] = call.path;
  if (json !== 'json' || version !== '2' || call.method !== 'POST') return { status: 404, body: '<!doctype html>' };
  if (!call.headers['content-type']?.startsWith('application/json')) return { status: 415, body: '<!doctype html>' };
  if (call.headers.authorization !== `bearer ${apiKey}`)
    return refuse(401, 'werkzeug.exceptions.Unauthorized', 'Invalid apikey');
  if (models[model] === undefined || !apps.includes(model)) return notFound(`the model '${model}' does not exist`);
  const known = methods[method];
  const isKept = method === 'message_post' && !['res.partner', 'crm.lead'].includes(model);
  if (known === undefined || isKept) return notFound(`The method '${model}.${method}' does not exist`);
  const args = call.json as Args;
  const unknown = Object.keys(args).find((name) => !known.takes.includes(name));
  if (unknown !== undefined) return mistake('TypeError', `${method}() got an unexpected keyword argument '${unknown}'`);
  const missing = (known.needs ?? []).find((name) => args[name] === undefined);
  if (missing !== undefined)
    return mistake('TypeError', `${method}() missing 1 required positional argument: '${missing}'`);
  return known.act({ records, model, args });
}

interface Asked {
  readonly records: FakeRecords;
  readonly model: string;
  readonly args: Args;
}

interface FakeMethod {
  readonly takes: readonly string[];
  readonly needs?: readonly string[];
  readonly act: (asked: Asked) => Reply;
}

const methods: Readonly<Record<string, FakeMethod>> = {
  context_get: { takes: [], act: () => ok({ lang: 'en_US', tz: false, uid: 2 }) },
  fields_get: { takes: ['allfields', 'attributes'], act: ({ model }) => ok(described(model)) },
  search_read: { takes: ['domain', 'fields', 'limit', 'offset', 'order'], act: search },
  read: { takes: ['ids', 'fields'], needs: ['ids'], act: read },
  create: { takes: ['vals_list'], needs: ['vals_list'], act: create },
  write: { takes: ['ids', 'vals'], needs: ['ids', 'vals'], act: write },
  load: { takes: ['fields', 'data'], needs: ['fields', 'data'], act: load },
  message_post: {
    takes: ['ids', 'body', 'body_is_html', 'message_type', 'subtype_xmlid', 'subject'],
    needs: ['ids'],
    act: messagePost,
  },
  action_feedback: { takes: ['ids', 'feedback', 'attachment_ids'], needs: ['ids'], act: feedback },
};

function described(model: string): Record<string, unknown> {
  const { fields = {}, mandatory } = models[model] ?? {};
  const own = Object.entries(fields).map(([name, type]) => [
    name,
    { type, string: name, required: name === mandatory, readonly: false },
  ]);
  return Object.fromEntries([...own, ['id', { type: 'integer', string: 'ID', required: false, readonly: true }]]);
}

const shown = ({ id, module, values }: FakeRecord, fields: readonly string[]): Record<string, unknown> => {
  const all: Record<string, unknown> = {
    ...Object.fromEntries(Object.keys(models[module]?.fields ?? {}).map((name) => [name, false])),
    display_name: values.name ?? `${module},${id}`,
    write_date: '2026-11-20 23:00:11',
    ...values,
  };
  return { ...Object.fromEntries(fields.map((name) => [name, all[name]])), id: Number(id) };
};

function unknownField(model: string, names: readonly string[]): string | undefined {
  return names.find((name) => !common.includes(name) && !Object.keys(models[model]?.fields ?? {}).includes(name));
}

function search({ records, model, args }: Asked): Reply {
  const {
    domain = [],
    fields = [],
    limit = Infinity,
    order = 'id',
  } = args as {
    domain?: (string | readonly [string, string, unknown])[];
    fields?: string[];
    limit?: number;
    order?: string;
  };
  const conditions = domain.filter((one) => typeof one !== 'string').map(([name]) => name);
  const searched = conditions.filter((name) => name !== 'phone_mobile_search' || model === 'mail.message');
  const unknown = unknownField(model, searched);
  if (unknown !== undefined)
    return mistake('ValueError', `Invalid field ${model}.${unknown} in condition ('${unknown}', '=', 1)`);
  const wrong = unknownField(model, fields);
  if (wrong !== undefined) return mistake('ValueError', `Invalid field '${wrong}' on '${model}'`);
  const found = records
    .of(model)
    .filter(
      (one) => isOpen(one) && meets({ write_date: '2026-11-20 23:00:11', ...one.values, id: Number(one.id) }, domain),
    );
  if (order === 'id desc') found.reverse();
  return ok(found.slice(0, limit).map((one) => shown(one, fields)));
}

const withIds = ({ records, model, args }: Asked): FakeRecord[] =>
  (args.ids as number[]).flatMap((id) => records.get(model, String(id)) ?? []);

function read(asked: Asked): Reply {
  const fields = asked.args.fields as string[];
  const wrong = unknownField(asked.model, fields);
  if (wrong !== undefined) return mistake('ValueError', `Invalid field '${wrong}' on '${asked.model}'`);
  return ok(withIds(asked).map((one) => shown(one, fields)));
}

/** Times with a zone are none for it. */
function wrongIn(model: string, values: Args): Reply | undefined {
  const wrong = unknownField(model, Object.keys(values));
  if (wrong !== undefined) return mistake('ValueError', `Invalid field '${wrong}' in '${model}'`);
  const { fields = {}, mandatory } = models[model] ?? {};
  const time = Object.keys(values).find((name) => fields[name] === 'datetime' && /[TZ]/.test(String(values[name])));
  if (time !== undefined) return mistake('ValueError', 'time data does not match format');
  if (mandatory !== undefined && values[mandatory] === false) return noName();
  return undefined;
}

const noName = (): Reply =>
  refuse(422, 'odoo.exceptions.ValidationError', 'The operation cannot be completed: Contacts require a name');

function create({ records, model, args }: Asked): Reply {
  const [values = {}] = args.vals_list as Record<string, unknown>[];
  const wrong = wrongIn(model, values);
  if (wrong !== undefined) return wrong;
  const { mandatory } = models[model] ?? {};
  if (mandatory !== undefined && values[mandatory] === undefined) return noName();
  const of = records.of('ir.model').find(({ id }) => Number(id) === values.res_model_id)?.values.model;
  return ok([Number(records.add(model, { ...values, ...(of === undefined ? {} : { res_model: of }) }).id)]);
}

function write(asked: Asked): Reply {
  const { args, model } = asked;
  const wrong = wrongIn(model, args.vals as Args);
  if (wrong !== undefined) return wrong;
  const known = withIds(asked);
  if (known.length === 0)
    return refuse(404, 'odoo.exceptions.MissingError', 'Record does not exist or has been deleted.');
  for (const { values } of known) Object.assign(values, args.vals);
  return ok(true);
}

/** Cells are texts as in a file; what is wrong with them is told with status 200. */
function load({ records, model, args }: Asked): Reply {
  const [names, [cells]] = [args.fields as string[], args.data as [string[]]];
  const values: Record<string, unknown> = Object.fromEntries(
    names.map((name, at) => [name.replace('/.id', ''), cells[at]]),
  );
  const failed = (message: string): Reply => ok({ ids: false, messages: [{ type: 'error', message }], nextrow: 0 });
  const wrong = unknownField(model, Object.keys(values));
  if (wrong !== undefined) return failed(`Field '${wrong}' does not exist in model '${model}'`);
  const { id: xid, ...rest } = values;
  if (!/^\w+\.[^\s.]+$/.test(textOf(xid))) return failed('external ids are of the form module.name');
  const known = records.of(model).find((one) => one.values.xid === xid);
  if (known === undefined)
    return ok({ ids: [Number(records.add(model, { ...rest, xid }).id)], messages: [], nextrow: 0 });
  Object.assign(known.values, rest);
  return ok({ ids: [Number(known.id)], messages: [], nextrow: 0 });
}

const escaped = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');

/** A body that is not said to be HTML is escaped (recorded). */
function messagePost(asked: Asked): Reply {
  const { model, args, records } = asked;
  const [known] = withIds(asked);
  if (known === undefined)
    return refuse(404, 'odoo.exceptions.MissingError', 'Record does not exist or has been deleted.');
  const text = textOf(args.body);
  const body = args.body_is_html === true ? text.replaceAll('<br>', '<br/>') : `<p>${escaped(text)}</p>`;
  return ok([Number(records.add('mail.message', { model, res_id: Number(known.id), body }).id)]);
}

/** The activity is put away, and a message says what it was (recorded). */
function feedback(asked: Asked): Reply {
  const [known] = withIds(asked);
  if (known === undefined)
    return refuse(404, 'odoo.exceptions.MissingError', 'Record does not exist or has been deleted.');
  const { res_model: model, res_id, summary, note } = known.values;
  known.values.active = false;
  const body =
    `<div>\n    <p>\n <span>Call</span> done<span>: </span><span>${escaped(textOf(summary))}</span></p>\n` +
    `<div class="fw-bold">Original note:</div>\n<div>${textOf(note)}</div>\n<div>${escaped(textOf(asked.args.feedback))}</div></div>`;
  return ok(Number(asked.records.add('mail.message', { model, res_id, body }).id));
}

const plain = (html: string): string =>
  html
    .replace(/<br\/?>/g, '\n')
    .replace(/<[^>]*>/g, '')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&');

/** Messages that are calls: they say so. */
function storedCall({ id, values }: FakeRecord): StoredCall[] {
  const text = plain(textOf(values.body ?? values.note));
  const said = (what: RegExp): string => what.exec(text)?.[1] ?? '';
  if (!text.includes('Call id: ')) return [];
  return [
    {
      id,
      direction: said(/Direction: (\w+)/),
      startedAt: said(/Started: (\S+)/),
      durationSeconds: Number(said(/Duration: (\d+) s/)),
      text,
      about: [textOf(values.res_id)],
    },
  ];
}
