import { withQuery } from '@patchcord/connectors';
import type { ExternalSite, RequestJob } from '@patchcord/contracts';
import { mergeHeaders } from '@patchcord/egress';
import { defaultParameters, type Moment, renderParameters, type Value } from './call-values.ts';

export type PlannedRequest = Pick<RequestJob, 'method' | 'url' | 'headers' | 'body'>;

/** The request that tells a site of a moment. Written out once: these bytes are what is sent, however often. */
export function renderRequest(site: ExternalSite, moment: Moment): PlannedRequest {
  const values = site.parameters.length === 0 ? defaultParameters(moment) : renderParameters(site.parameters, moment);
  const { method, headers } = site;
  if (method === 'GET') return { method, url: withQuery(site.url, asText(values)), headers };
  if (site.format === 'urlencoded') {
    const type = 'application/x-www-form-urlencoded';
    return {
      method,
      url: site.url,
      headers: typed(headers, type),
      body: new URLSearchParams(asText(values)).toString(),
    };
  }
  const json: Record<string, unknown> = Object.fromEntries(values);
  if (site.parameters.length === 0) json.variables = moment.session.variables;
  return { method, url: site.url, headers: typed(headers, 'application/json'), body: JSON.stringify(json) };
}

const asText = (values: readonly [string, Value][]): [string, string][] =>
  values.map(([name, value]) => [name, String(value)]);

const typed = (headers: Readonly<Record<string, string>>, type: string): Record<string, string> =>
  mergeHeaders(headers, { 'content-type': type });
