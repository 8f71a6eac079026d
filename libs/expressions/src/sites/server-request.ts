import type { ExternalSite, SiteFormat, SiteMethod, SiteParameter } from '@patchcord/contracts';
import { multipartBody, textBody, urlencodedBody } from './bodies.ts';
import { essentialObjects, essentialParameters } from './essentials.ts';
import type { Rendered, RenderFailure, SiteFacts } from './facts.ts';
import { fillTable, type Table } from './fill.ts';
import { type Filled, textFields } from './filled.ts';
import { fillHeaders } from './header-values.ts';
import { jsonBody } from './json-body.ts';
import { type Fillers, hasExpressions } from './placeholders.ts';
import { siteScope } from './site-scope.ts';
import { fillUrl, joinUrl, type UrlParts, withQuery } from './url-template.ts';

/** A request as it leaves, but for credentials and for what the sender adds of its own. */
export interface ServerRequest {
  readonly method: SiteMethod;
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Record<string, string>;
  readonly body?: string;
}

export interface Body {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A site's table filled, with the URL that goes with it. */
export interface Prepared {
  readonly table: Table;
  /** Of GET with the parameters. */
  readonly url: UrlParts;
  /** What headers are filled from. Its notes are those of the request. */
  readonly fillers: Fillers;
}

/** Fills table and URL. `keep`: `{1}` stays in the URL, and what would fill it is not looked at. */
export function prepare(
  site: ExternalSite,
  parameters: readonly SiteParameter[],
  facts: SiteFacts,
  keep = false,
): Prepared | RenderFailure {
  const notes: string[] = [];
  const scope = siteScope(facts);
  const used = keep ? parameters.filter((one) => !isOnlyForUrl(site, one)) : parameters;
  const source = { facts, compatibility: site.compatibility, scope, notes };
  const table = fillTable(parameters.length === 0 ? ownTable(site) : used, source);
  if ('ok' in table) return table;
  const fillers = { placeholders: table.placeholders, scope, notes };
  const url = fillUrl(site.url, keep ? { ...fillers, placeholders: undefined } : fillers);
  if ('ok' in url) return url;
  return { table, url: site.method === 'GET' ? withQuery(url, textFields(table.fields), notes) : url, fillers };
}

/** Whoever writes into an address what it is to tell means no more than that. */
const ownTable = ({ method, url }: ExternalSite): readonly SiteParameter[] =>
  method === 'GET' && hasExpressions(url) ? [] : essentialParameters;

function isOnlyForUrl({ headers }: ExternalSite, { name }: SiteParameter): boolean {
  return name.startsWith('{') && !Object.values(headers).some((header) => header.includes(name));
}

/**
 * The request that we send to a site ourselves. A site without a parameter table is sent everything essential. The same
 * facts give the same bytes.
 */
export function renderServerRequest(
  site: ExternalSite,
  parameters: readonly SiteParameter[],
  facts: SiteFacts,
): Rendered<ServerRequest> {
  const prepared = prepare(site, parameters, facts, site.compatibility.keepPlaceholders);
  if ('ok' in prepared) return prepared;
  const { table, fillers } = prepared;
  const { notes } = fillers;
  // A fragment is for browsers, and is never sent.
  const url = joinUrl({ ...prepared.url, fragment: undefined });
  const headers = fillHeaders(site.headers, fillers);
  const { method, format } = site;
  if (method === 'GET') return { ok: true, value: { method, url, headers }, notes };
  const written = bodyOf(site, format ?? 'json', { fields: table.fields, objects: objectsOf(parameters, facts) });
  const value = { method, url, headers: { ...headers, ...written.headers }, body: written.body };
  return { ok: true, value, notes };
}

/** What only JSON can hold of what is essential. */
export const objectsOf = (parameters: readonly SiteParameter[], facts: SiteFacts): Filled[] =>
  parameters.length > 0 ? [] : essentialObjects(facts);

export interface Content {
  readonly fields: readonly Filled[];
  readonly objects: readonly Filled[];
}

/** The body in one of the formats, with the headers that tell of it. */
export function bodyOf({ compatibility }: ExternalSite, format: SiteFormat, content: Content): Body {
  if (format === 'json')
    return typed('application/json', jsonBody([...content.fields, ...content.objects], compatibility.allStrings));
  const fields = textFields(content.fields);
  switch (format) {
    case 'urlencoded':
      return typed(urlencoded, urlencodedBody(fields));
    case 'multipart': {
      const { contentType, body } = multipartBody(fields, compatibility.multipartAsFiles);
      return typed(contentType, body);
    }
    case 'text':
      if (!compatibility.textAsUrlencoded) return typed('text/plain; charset=utf-8', textBody(fields));
      return { headers: { content_type: 'text/plain', 'content-type': urlencoded }, body: urlencodedBody(fields) };
  }
}

const urlencoded = 'application/x-www-form-urlencoded';

const typed = (contentType: string, body: string): Body => ({ headers: { 'content-type': contentType }, body });
