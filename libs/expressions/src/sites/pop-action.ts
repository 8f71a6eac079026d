import type { ExternalSite, PopAction, SiteParameter } from '@patchcord/contracts';
import { escapeLine } from './bodies.ts';
import type { Rendered, SiteFacts } from './facts.ts';
import { textFields } from './filled.ts';
import { bodyOf, objectsOf, type Prepared, prepare } from './server-request.ts';
import { siteScope } from './site-scope.ts';
import { fillUrl, joinUrl } from './url-template.ts';

/**
 * What an agent's browser does with a site: goes to it, submits a form, or sends a request in the background. Holds
 * neither headers nor credentials. Of the compatibility switches those count that are about values; the others are
 * about OMniLeads' server.
 */
export function renderPopAction(
  site: ExternalSite,
  parameters: readonly SiteParameter[],
  facts: SiteFacts,
): Rendered<PopAction> {
  if (site.method === 'GET' && parameters.length === 0) return plainAddress(site, facts);
  const prepared = prepare(site, parameters, facts);
  if ('ok' in prepared) return prepared;
  const content = { fields: prepared.table.fields, objects: objectsOf(parameters, facts) };
  return { ok: true, value: actionOf(site, prepared, content), notes: prepared.fillers.notes };
}

/** A page without a table is opened as it is: its address would carry the caller's data into logs that nobody asked for. */
function plainAddress({ url }: ExternalSite, facts: SiteFacts): Rendered<PopAction> {
  const notes: string[] = [];
  const parts = fillUrl(url, { placeholders: new Map(), scope: siteScope(facts), notes });
  return 'ok' in parts ? parts : { ok: true, value: { kind: 'navigate', url: joinUrl(parts) }, notes };
}

function actionOf(
  site: ExternalSite,
  { table, url: parts }: Prepared,
  content: Parameters<typeof bodyOf>[2],
): PopAction {
  const { method, format = 'json', compatibility } = site;
  const url = joinUrl(parts);
  if (method === 'GET') return { kind: 'navigate', url };
  if (format !== 'json' && method === 'POST')
    return {
      kind: 'form',
      method,
      url,
      enctype: enctypes[format],
      fields: formFields(format, textFields(table.fields)),
    };
  // Only scripts can send JSON, PUT and PATCH.
  const plain = { ...compatibility, multipartAsFiles: false, textAsUrlencoded: false };
  const { headers, body } = bodyOf({ ...site, compatibility: plain }, format, content);
  return { kind: 'request', method, url, contentType: headers['content-type'] ?? '', body };
}

const enctypes = {
  multipart: 'multipart/form-data',
  urlencoded: 'application/x-www-form-urlencoded',
  text: 'text/plain',
} as const;

/** The browser encodes what it sends, except in text/plain, where a value could begin a line of its own. */
function formFields(format: keyof typeof enctypes, fields: [string, string][]): [string, string][] {
  return format === 'text' ? fields.map(([name, text]) => [name, escapeLine(text)]) : fields;
}
