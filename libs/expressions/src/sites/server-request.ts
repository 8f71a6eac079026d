import type { ExternalSite, SiteFormat, SiteMethod, SiteParameter } from '@patchcord/contracts';
import { multipartBody, textBody, urlencodedBody } from './bodies.ts';
import { essentialObjects, essentialParameters } from './essentials.ts';
import type { Rendered, RenderFailure, SiteFacts } from './facts.ts';
import { type Filled, fillTable, type Table, textFields } from './fill.ts';
import { fillHeaders } from './header-values.ts';
import { jsonBody } from './json-body.ts';
import { fillUrl, joinUrl, keepPlaceholders, type UrlParts, withQuery } from './url-template.ts';

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
  readonly notes: string[];
}

/** Fills table and URL. `keep`: placeholders stay in the URL, and what would fill them is not looked at. */
export function prepare(
  site: ExternalSite,
  parameters: readonly SiteParameter[],
  facts: SiteFacts,
  keep = false,
): Prepared | RenderFailure {
  const used = keep ? parameters.filter((one) => !isOnlyForUrl(site, one)) : parameters;
  const table = fillTable(parameters.length === 0 ? essentialParameters : used, facts, site.compatibility);
  if ('ok' in table) return table;
  const url = keep ? keepPlaceholders(site.url) : fillUrl(site.url, table.placeholders);
  if ('ok' in url) return url;
  const notes: string[] = [];
  return { table, url: site.method === 'GET' ? withQuery(url, textFields(table.fields), notes) : url, notes };
}

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
  const { table, notes } = prepared;
  // A fragment is for browsers, and is never sent.
  const url = joinUrl({ ...prepared.url, fragment: undefined });
  const headers = fillHeaders(site.headers, table.placeholders);
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
