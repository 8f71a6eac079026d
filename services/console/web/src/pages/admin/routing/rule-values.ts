import type { RouteDestination, RouteRow, RoutingRule } from '@patchcord/contracts';
import { type Pair, pairsOf, recordOf } from '../parts/pair-rows.tsx';
import { newKey, withoutKey } from '../parts/sortable-rows.tsx';
import { withoutBlanks } from '../parts/values.ts';

export type RowValues = RouteRow & { readonly key: string };

/** A routing rule as its form holds it. */
export interface RuleValues {
  readonly id: string;
  readonly name: string;
  readonly place: 'anywhere' | 'did' | 'ivr';
  readonly dids: string[];
  readonly greets: boolean;
  readonly greeting: NonNullable<RoutingRule['greeting']>;
  readonly source: 'url' | 'crm';
  readonly url: string;
  readonly connection: string;
  readonly module: string;
  readonly dtmfField: string;
  readonly fieldName: string;
  readonly method: RoutingRule['method'];
  readonly headers: readonly Pair[];
  readonly authentication: string;
  readonly send: RoutingRule['send'];
  readonly answerPath: string;
  readonly budgetMs: number;
  readonly cacheSeconds: number;
  readonly prefetch: RoutingRule['prefetch'];
  readonly rows: readonly RowValues[];
  readonly default: RoutingRule['default'];
  readonly on: RoutingRule['on'];
  readonly egress: RoutingRule['egress'];
  readonly tls: RoutingRule['tls'];
}

const nowhere: RouteDestination = { type: 'queue', target: '' };
export const newRow = (): RowValues => ({ key: newKey(), operator: '=', value: '', destination: nowhere });

export const emptyRule: RuleValues = {
  id: '',
  name: '',
  place: 'did',
  dids: [],
  greets: false,
  greeting: { prompt: '', maxDigits: 16, inputTimeoutMs: 5000, promptTimeoutMs: 30_000 },
  source: 'crm',
  url: '',
  connection: '',
  module: '',
  dtmfField: '',
  fieldName: '',
  method: 'GET',
  headers: [],
  authentication: '',
  send: 'full',
  answerPath: '',
  budgetMs: 3000,
  cacheSeconds: 0,
  prefetch: { enabled: false, keepMs: 60_000 },
  rows: [],
  default: { ...nowhere, voicemail: 'not-set' },
  on: {},
  egress: { allowHttp: false, allowCidrs: [] },
  tls: { verify: true, minVersion: 'TLSv1.2' },
};

export function ruleToForm(rule: RoutingRule): RuleValues {
  const { location, greeting, crm, url = '', headers, authentication = '', answerPath = '', rows, ...same } = rule;
  return {
    ...same,
    place: location?.type ?? 'anywhere',
    dids: location?.type === 'did' ? [...location.dids] : [],
    greets: greeting !== undefined,
    greeting: greeting ?? emptyRule.greeting,
    source: crm === undefined ? 'url' : 'crm',
    url,
    connection: crm?.connection ?? '',
    module: crm?.module ?? '',
    dtmfField: crm?.dtmfField ?? '',
    headers: pairsOf(headers),
    authentication,
    answerPath,
    rows: rows.map((row) => ({ ...row, key: newKey() })),
  };
}

export function ruleToEntity(values: RuleValues): object {
  const { place, dids, greets, greeting, source, url, connection, module, dtmfField, headers, rows, ...rest } = values;
  const { authentication, answerPath, ...same } = rest;
  return {
    ...same,
    ...(place === 'anywhere' ? {} : { location: place === 'did' ? { type: place, dids } : { type: place } }),
    ...(greets && place === 'ivr' ? { greeting } : {}),
    ...(source === 'url'
      ? { ...withoutBlanks({ url, authentication }), headers: recordOf(headers) }
      : { crm: { connection, ...withoutBlanks({ module, dtmfField }) } }),
    ...withoutBlanks({ answerPath }),
    rows: rows.map(withoutKey),
  };
}
