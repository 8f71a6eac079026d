import { textOf } from '../../../src/crm/values.ts';
import { readXml } from '../../../src/proprietary/xml.ts';
import type { FakeCrm, StoredCall } from '../conformance/index.ts';
import { type CrmCall, type Reply, startFakeHttp } from '../fake-http.ts';
import { createFakeRecords, type FakeRecord, type FakeRecords } from '../fake-records.ts';

const fields = ['first', 'last', 'tel', 'note', 'mail'];

/** What every action takes beside `action`. */
const actions: Readonly<Record<string, readonly string[]>> = {
  whoami: [],
  find: ['digits'],
  select: ['where', 'equals', 'top'],
  show: ['id'],
  add: fields,
  change: ['id', ...fields],
  remark: ['id', 'text'],
  all: ['skip', 'top'],
};

const xml = (body: string, status = 200): Reply => ({
  status,
  headers: { 'content-type': 'text/xml; charset=utf-8' },
  body: `<?xml version="1.0" encoding="UTF-8"?>\n<answer>${body}</answer>`,
});
const refuse = (why: string): Reply => xml(`<state code="1">error</state><why>${escaped(why)}</why>`);
const ok = (body = ''): Reply => xml(`<state code="0">ok</state>${body}`);

const escaped = (value: unknown): string =>
  textOf(value).replace(/[<>&"\t\r\n]/g, (character) => `&#${character.charCodeAt(0)};`);

/** One script with actions in its query string, XML in its answers, and errors with status 200. A journal is posted as XML. */
export async function startFakeScriptCrm(): Promise<FakeCrm> {
  const records = createFakeRecords((_, count) => String(5000 + count));
  const http = await startFakeHttp((call) => answer(records, call));
  return {
    ...http,
    seed: (module, values) => records.add(module, values).id,
    loggedCalls: () => records.of('journal').map(storedCall),
  };
}

function answer(records: FakeRecords, call: CrmCall): Reply {
  if (call.path.join('/') !== 'crm.php') return { status: 404, body: '<html>Not here</html>' };
  const { action = '', apikey, ...given } = Object.fromEntries(call.query);
  if (apikey !== 'k-4711') return refuse('key');
  if (action === 'journal') return journal(records, call);
  const allowed = actions[action];
  const unknown = Object.keys(given).find((name) => allowed?.includes(name) !== true);
  if (call.method !== 'GET' || allowed === undefined || unknown !== undefined) return refuse(`${action} ${unknown}`);
  return act(records, action, given);
}

function act(records: FakeRecords, action: string, { id = '', ...given }: Record<string, string>): Reply {
  const all = records.of('customer');
  if (action === 'whoami') return ok('<user>cti</user>');
  if (action === 'find') return list(all.filter(({ values }) => digitsOf(values.tel).endsWith(given.digits ?? '-')));
  if (action === 'select')
    return list(
      all.filter(({ values }) => textOf(values[given.where ?? '']) === given.equals).slice(0, Number(given.top)),
    );
  if (action === 'all') return /^\d+$/.test(given.skip ?? '') ? list(page(all, given)) : refuse('skip');
  if (action === 'add') return ok(`<id>${records.add('customer', given).id}</id>`);
  const known = records.get('customer', id);
  if (known === undefined) return action === 'show' ? ok() : refuse('no such customer');
  if (action === 'show') return list([known]);
  if (action === 'remark') return given.text === undefined ? refuse('text') : ok();
  Object.assign(known.values, given);
  return ok();
}

const page = (all: readonly FakeRecord[], { skip, top }: Record<string, string>): FakeRecord[] =>
  all.slice(Number(skip), Number(skip) + Number(top));

const digitsOf = (value: unknown): string => textOf(value).replace(/\D/g, '');

/** One that is there is written anew: the script keeps one per `callid`. */
function journal(records: FakeRecords, { method, headers, body }: CrmCall): Reply {
  if (method !== 'POST' || !/^(text|application)\/xml/.test(headers['content-type'] ?? '')) return refuse('XML');
  const entry = readXml(body)?.journal as Record<string, unknown> | undefined;
  const names = ['@callid', 'begin', 'duration', 'kind', 'customer', 'subject', 'text'];
  if (entry === undefined || Object.keys(entry).some((name) => !names.includes(name))) return refuse('journal');
  if (!/^\d+$/.test(textOf(entry.duration)) || !/^(in|out)$/.test(textOf(entry.kind))) return refuse('values');
  const known = records.of('journal').find(({ values }) => values['@callid'] === entry['@callid']);
  if (known === undefined) return ok(`<id>${records.add('journal', entry).id}</id>`);
  Object.assign(known.values, entry);
  return ok(`<id>${known.id}</id>`);
}

const list = (found: readonly FakeRecord[]): Reply =>
  ok(
    `<!-- ${found.length} --><rows>${found
      .map(({ id, values }) => {
        const { first, last, tel, note, mail } = values;
        const own = `<tel>${escaped(tel)}</tel><mail>${escaped(mail)}</mail><note><![CDATA[${textOf(note)}]]></note>`;
        return `<row id="${id}"><first>${escaped(first)}</first><last>${escaped(last)}</last>${own}</row>`;
      })
      .join('\n')}</rows>`,
  );

function storedCall({ id, values }: FakeRecord): StoredCall {
  return {
    id,
    direction: values.kind === 'in' ? 'inbound' : 'outbound',
    startedAt: new Date(`${textOf(values.begin).replace(' ', 'T')}Z`).toISOString(),
    durationSeconds: Number(values.duration),
    text: [values.subject, values.text].map(textOf).join('\n'),
    about: [textOf(values.customer)].filter((one) => one !== ''),
  };
}
