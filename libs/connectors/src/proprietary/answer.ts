import { type DescribedAnswer, Failure } from '@patchcord/contracts';
import { descend } from '@patchcord/expressions';
import type { CrmAnswer, CrmRecord } from '../crm/port.ts';
import { textOf } from '../crm/values.ts';
import { parseJson } from '../custom-crm/answer.ts';
import { readXml } from './xml.ts';

type Saying = NonNullable<DescribedAnswer['success']>;

/** A CRM that says to wait does not say how long (ms). */
const busyMs = 5000;

/** The records in an answer, as they stand there. Throws `Failure` for one that refuses, or cannot be read. */
export function rowsOf(described: DescribedAnswer, answer: CrmAnswer): readonly unknown[] {
  if (described.notFoundStatus.includes(answer.status)) return [];
  if (answer.text.trim() === '') return [];
  const { status } = answer;
  const content = contentOf(described, answer);
  const { success, none, busy, records } = described;
  if (says(content, none)) return [];
  if (says(content, busy))
    throw new Failure('throttled', 'crm_busy', 'the CRM asks to come again later', {
      status,
      retryAt: new Date(Date.now() + busyMs),
    });
  if (success !== undefined && !says(content, success))
    throw new Failure('permanent', 'crm_refused', `the CRM refused it: "${success.path}" says so`, { status });
  const found = records === undefined ? content : at(content, records);
  if (found === undefined || found === null || found === '') return [];
  return Array.isArray(found) ? found : [found];
}

/** Where the page after a page begins, and how many records there are, as far as that is described. */
export function pagingOf(
  described: DescribedAnswer,
  answer: CrmAnswer,
): { readonly next: string | undefined; readonly total: number | undefined } {
  const { next, total } = described;
  if (next === undefined && total === undefined) return { next: undefined, total: undefined };
  if (described.notFoundStatus.includes(answer.status) || answer.text.trim() === '')
    return { next: undefined, total: undefined };
  const content = contentOf(described, answer);
  const told = (path: string | undefined): string => (path === undefined ? '' : textOf(at(content, path)));
  const count = Number(told(total) || Number.NaN);
  return { next: told(next) || undefined, total: Number.isSafeInteger(count) && count >= 0 ? count : undefined };
}

/** An answer that is none of what was described; whether the CRM did what it was asked is not known. */
export const unreadableCode = 'answer_unreadable';

function contentOf(described: DescribedAnswer, { text, status }: CrmAnswer): unknown {
  const { format } = described;
  const content = format === 'json' ? readJson(text) : format === 'xml' ? readXml(text) : textRows(described, text);
  if (content !== undefined) return content;
  const expected = { json: 'JSON', xml: 'XML', lines: 'lines of text', pairs: 'lines of keys and values' }[format];
  throw new Failure('permanent', unreadableCode, `the CRM answered something that is not ${expected}`, { status });
}

function readJson(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

/** Undefined for a web page: a proxy or a log-in that stands in between. */
function textRows({ format, separator }: DescribedAnswer, text: string): unknown[] | undefined {
  if (/^\s*<(?:!doctype|html|\?xml)/i.test(text)) return undefined;
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/);
  if (format === 'lines')
    return lines
      .filter((line) => line.trim() !== '')
      .map((line) => (separator === undefined ? [line.trim()] : line.split(separator).map((column) => column.trim())));
  return pairs(lines, separator ?? '=');
}

function pairs(lines: readonly string[], separator: string): unknown[] {
  const records: Map<string, string>[] = [new Map()];
  for (const line of lines) {
    const cut = line.indexOf(separator);
    if (line.trim() === '') records.push(new Map());
    else if (cut > 0) records.at(-1)?.set(line.slice(0, cut).trim(), line.slice(cut + separator.length).trim());
  }
  return records.filter(({ size }) => size > 0).map((record) => Object.fromEntries(record));
}

function says(content: unknown, saying: Saying | undefined): boolean {
  if (saying === undefined) return false;
  const single: unknown = Array.isArray(content) && !/^\d/.test(saying.path) ? content[0] : content;
  const value = at(single, saying.path);
  return saying.is.some((one) => String(one) === textOf(value));
}

function at(value: unknown, path: string): unknown {
  const found = descend(value, path.split('.'));
  return 'found' in found && found.found ? found.value : undefined;
}

/** The id of a record in an answer; undefined: it has none. */
export function idOf({ id = 'id' }: DescribedAnswer, row: unknown): string | undefined {
  const said = textOf(typeof row === 'object' ? at(row, id) : undefined);
  return said === '' ? undefined : said;
}

/** Undefined for what has no id. */
export function recordOf(described: DescribedAnswer, module: string, row: unknown): CrmRecord | undefined {
  const id = idOf(described, row);
  if (id === undefined) return undefined;
  const { modifiedAt, url } = described;
  const changed = modifiedAt === undefined ? '' : textOf(at(row, modifiedAt));
  const address = url === undefined ? undefined : webAddress(textOf(at(row, url)));
  return {
    module,
    id,
    name: nameOf(described, row),
    fields: fieldsOf(described, row),
    ...(/^\d{4}-\d\d-\d\dT/.test(changed) ? { modifiedAt: changed } : {}),
    ...(address === undefined ? {} : { url: address }),
  };
}

export const nameOf = ({ name = 'name' }: DescribedAnswer, row: unknown): string =>
  [name]
    .flat()
    .map((path) => textOf(at(row, path)))
    .filter((part) => part !== '')
    .join(' ');

function fieldsOf({ fields }: DescribedAnswer, row: unknown): Record<string, unknown> {
  if (fields === undefined) return { ...(row as object) };
  return Object.fromEntries(Object.entries(fields).map(([field, path]) => [field, at(row, path)]));
}

/** What opens in a browser: no `javascript:` of somebody who can write into the CRM. */
function webAddress(text: string): string | undefined {
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) ? url.href : undefined;
}
