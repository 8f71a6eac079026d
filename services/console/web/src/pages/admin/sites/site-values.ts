import type { ExternalSite, SiteMoment } from '@patchcord/contracts';
import { emptyNetwork, type NetworkValues, networkOf, networkValues } from '../parts/network.ts';
import { type Pair, pairsOf, recordOf } from '../parts/pair-rows.tsx';
import { type ParameterRow, parameterRows, parametersOf } from './parameter-rows.ts';
import type { SiteChoices } from './site-choices.ts';

export interface SiteValues extends SiteChoices, NetworkValues {
  readonly id: string;
  readonly name: string;
  readonly url: string;
  readonly hidden: boolean;
  readonly fireOn: readonly SiteMoment[];
  readonly authentication: string | null;
  readonly headers: readonly Pair[];
  readonly parameters: readonly ParameterRow[];
  readonly timeoutSeconds: number | string;
  readonly perSecond: number | string;
  readonly concurrency: number | string;
  readonly compatibility: ExternalSite['compatibility'];
}

export const emptySite: SiteValues = {
  id: '',
  name: '',
  url: '',
  hidden: false,
  trigger: 'automatic',
  fireOn: ['answered'],
  method: 'GET',
  format: null,
  target: 'embedded',
  authentication: null,
  headers: [],
  parameters: [],
  timeoutSeconds: 10,
  perSecond: '',
  concurrency: 50,
  compatibility: {
    allStrings: false,
    nullAsNone: false,
    multipartAsFiles: false,
    textAsUrlencoded: false,
    legacyDatetime: false,
    keepPlaceholders: false,
  },
  ...emptyNetwork,
};

/** Seconds that were typed; what is no number is left for the API to refuse. */
export const milliseconds = (seconds: number | string): number | string =>
  typeof seconds === 'number' ? Math.round(seconds * 1000) : seconds;

export function siteValues({ timeoutMs, rateLimit, tls, egress, ...site }: ExternalSite): SiteValues {
  return {
    ...site,
    format: site.format ?? null,
    authentication: site.authentication ?? null,
    headers: pairsOf(site.headers),
    parameters: parameterRows(site.parameters),
    timeoutSeconds: timeoutMs / 1000,
    perSecond: rateLimit?.perSecond ?? '',
    ...networkValues({ tls, egress }),
  };
}

export function siteOf(values: SiteValues): object {
  const { id, name, url, hidden, trigger, fireOn, method, format, target, authentication } = values;
  return {
    id,
    name,
    url,
    hidden,
    trigger,
    method,
    target,
    ...(trigger === 'disposition' ? {} : { fireOn }),
    ...(format === null ? {} : { format }),
    ...(authentication === null ? {} : { authentication }),
    headers: recordOf(values.headers),
    parameters: parametersOf(values.parameters),
    timeoutMs: milliseconds(values.timeoutSeconds),
    ...(values.perSecond === '' ? {} : { rateLimit: { perSecond: values.perSecond } }),
    concurrency: values.concurrency,
    compatibility: values.compatibility,
    ...networkOf(values),
  };
}
