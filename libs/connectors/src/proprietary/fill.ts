import { type DescribedRequest, Failure, parseTemplate, placeholdersOf, type Template } from '@patchcord/contracts';
import {
  escapeHtml,
  evaluate,
  isGiven,
  renderEncoded,
  renderTemplate,
  type Scope,
  valuesScope,
} from '@patchcord/expressions';
import type { CrmRequest } from '../crm/request.ts';

/** A request with its values, each written as the place where it stands demands: no value changes its form. */
export function filledRequest(described: DescribedRequest, values: Readonly<Record<string, unknown>>): CrmRequest {
  const scope = valuesScope(values);
  const { method, path, query, headers, json, form, xml } = described;
  return {
    method,
    path: filledPath(path, scope),
    query: filledParameters(query, scope),
    headers: filledHeaders(headers, scope),
    ...(json === undefined ? {} : { json: filledJson(json, scope) ?? null }),
    ...(form === undefined ? {} : { form: filledParameters(form, scope) }),
    ...(xml === undefined ? {} : { xml: renderEncoded(templateOf(xml), scope, xmlText).text }),
  };
}

/** Texts were checked when they were saved. */
function templateOf(text: string): Template {
  const parsed = parseTemplate(text);
  if (!parsed.ok) throw new Failure('permanent', 'template_wrong', `expected ${parsed.problem.expected}`);
  return parsed.template;
}

/** Segments of a path. A value that is missing, or is a step to another folder, would make another request of it. */
export function filledPath(path: string, scope: Scope): string[] {
  if (path === '' || path === '/') return [];
  return segmentsOf(templateOf(path.replace(/^\//, ''))).map((segment) => {
    const empty = placeholdersOf(segment).find((one) => !isGiven(evaluate(one, scope)) && (one.fallback ?? '') === '');
    if (empty !== undefined) throw noPath(`there is no value for "${empty.name}"`);
    const { text } = renderTemplate(segment, scope, 'none');
    if (text === '.' || text === '..') throw noPath('a value of it is "." or ".."');
    return text.toWellFormed();
  });
}

/** What stands behind `#`, in a route of a browser's application. */
export const filledFragment = (fragment: string, scope: Scope): string =>
  renderTemplate(templateOf(fragment), scope, 'url-path').text;

const noPath = (why: string): Failure =>
  new Failure('permanent', 'path_value_missing', `the path of the request cannot be written: ${why}`);

function segmentsOf({ parts }: Template): Template[] {
  const segments: Template['parts'][number][][] = [[]];
  for (const part of parts) {
    const [first = '', ...others] = typeof part === 'string' ? part.split('/') : [part];
    segments.at(-1)?.push(first);
    for (const other of others) segments.push([other]);
  }
  return segments.map((segment) => ({ parts: segment.filter((part) => part !== '') }));
}

/** Names and values, which whoever sends them encodes. */
export function filledParameters(parameters: Readonly<Record<string, string>>, scope: Scope): Record<string, string> {
  return Object.fromEntries(
    Object.entries(parameters).flatMap(([name, text]) => {
      const value = filledText(text, scope);
      if (name === '...') return entriesOf(value).map(([field, one]) => [field, asText(one)] as const);
      return value === undefined || value === null ? [] : [[name, asText(value)] as const];
    }),
  );
}

const filledHeaders = (headers: Readonly<Record<string, string>>, scope: Scope): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, text]) => {
      if ((filledText(text, scope) ?? null) === null) return [];
      return [[name, renderTemplate(templateOf(text), scope, 'header').text] as const];
    }),
  );

function filledJson(template: unknown, scope: Scope): unknown {
  if (typeof template === 'string') return filledText(template, scope);
  if (typeof template !== 'object' || template === null) return template;
  if (Array.isArray(template)) return template.map((one) => filledJson(one, scope)).filter((one) => one !== undefined);
  return Object.fromEntries(
    Object.entries(template).flatMap(([name, one]: [string, unknown]) => {
      const value = filledJson(one, scope);
      if (name === '...') return entriesOf(value);
      return value === undefined ? [] : [[name, value] as [string, unknown]];
    }),
  );
}

const entriesOf = (value: unknown): [string, unknown][] =>
  typeof value === 'object' && value !== null ? Object.entries(value) : [];

/** A single placeholder keeps the type of its value, and is undefined without one: nothing is written for it then. */
function filledText(text: string, scope: Scope): unknown {
  const template = templateOf(text);
  const [only, ...others] = template.parts;
  if (typeof only !== 'object' || others.length > 0) return renderTemplate(template, scope, 'none').text.toWellFormed();
  const found = evaluate(only, scope);
  if (only.fallback !== undefined && !isGiven(found)) return only.fallback;
  return 'found' in found && found.found ? found.value : undefined;
}

const one: Template = { parts: [{ name: 'value', path: ['value'] }] };
const asText = (value: unknown): string => renderTemplate(one, valuesScope({ value }), 'none').text.toWellFormed();

/** What XML 1.0 cannot hold is left out; blanks that a parser would change are written by their numbers. */
const xmlText = (value: string): string =>
  escapeHtml(value.replace(/[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '')).replace(
    /[\t\n\r]/g,
    (blank) => `&#${blank.charCodeAt(0)};`,
  );

/** Whether a request has a place for a value of this name. */
export function mentions(described: DescribedRequest, name: string): boolean {
  const { path, query, headers, json, form, xml } = described;
  const texts = textsIn([path, query, headers, json, form, xml]);
  return texts.some((text) => placeholdersOf(templateOf(text)).some((placeholder) => placeholder.name === name));
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return entriesOf(value).flatMap(([, within]) => textsIn(within));
}
