import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { root } from './compose-file.ts';

const text = (path: string): string => readFileSync(join(root, path), 'utf8');
const observability = 'deploy/observability';

const dashboard = z
  .object({
    templating: z.object({ list: z.array(z.object({ name: z.string(), definition: z.string() })) }),
    panels: z.array(
      z.object({
        id: z.number(),
        title: z.string().min(1),
        type: z.string(),
        gridPos: z.object({ x: z.number(), y: z.number(), w: z.number(), h: z.number() }),
        targets: z.array(z.object({ expr: z.string(), datasource: z.object({ uid: z.string() }) })).default([]),
      }),
    ),
  })
  .parse(JSON.parse(text(`${observability}/grafana/dashboards/patchcord.json`)));

const alert = z.object({
  alert: z.string(),
  expr: z.string(),
  labels: z.object({ severity: z.enum(['warning', 'critical']) }),
  annotations: z.object({ summary: z.string(), runbook: z.string() }),
});
const rules = z
  .object({ groups: z.array(z.object({ rules: z.array(alert) })) })
  .parse(parse(text(`${observability}/prometheus/rules.yml`)))
  .groups.flatMap((group) => group.rules);

/** Metrics of Prometheus itself and of the exporter beside NATS. */
const foreign = ['up', 'jetstream_consumer_num_pending'];

/** Ends of the names under which Prometheus shows an instrument. */
const seriesEnds: Readonly<Record<string, readonly string[]>> = {
  counter: ['_total'],
  histogram: ['_bucket', '_count', '_sum'],
  gauge: [''],
};

const expressions = [
  ...dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)),
  ...dashboard.templating.list.map(({ definition }) => definition),
  ...rules.map(({ expr }) => expr),
];
const used = [
  ...new Set(expressions.flatMap((expr) => expr.match(/\b(?:patchcord|jetstream)_[a-z_]+\b|\bup\b/g) ?? [])),
];

describe('dashboard and alerts', () => {
  it('ask only for metrics that the source makes, by the name that Prometheus gives them', () => {
    const known = new Set([...foreign, ...readdirSync(join(root, 'services')).flatMap(seriesOf), ...seriesOfBus()]);
    expect(known.size).toBeGreaterThan(30);
    expect(used.length).toBeGreaterThan(15);
    expect(used.filter((name) => !known.has(name))).toEqual([]);
  });

  it.each([
    'patchcord_crm_dispatcher_event_to_crm_seconds_bucket',
    'patchcord_crm_dispatcher_request_duration_seconds_bucket',
    'patchcord_crm_dispatcher_queue_depth',
    'patchcord_crm_dispatcher_queue_oldest_age_seconds',
    'patchcord_crm_dispatcher_breaker_open',
    'patchcord_routing_decider_decision_duration_seconds_bucket',
    'patchcord_call_ingest_events_received_total',
    'patchcord_call_ingest_ami_gaps_total',
    'patchcord_console_dead_letters',
  ])('the dashboard shows %s', (name) => {
    const shown = dashboard.panels.flatMap(({ targets }) => targets.filter(({ expr }) => expr.includes(name)));
    expect(shown).not.toEqual([]);
  });

  it('every panel has a place of its own and a source that is provisioned', () => {
    const sources = z
      .object({ datasources: z.array(z.object({ uid: z.string() })) })
      .parse(parse(text(`${observability}/grafana/provisioning/datasources/datasources.yml`)));
    const uids = sources.datasources.map(({ uid }) => uid);
    const asked = dashboard.panels.flatMap(({ targets }) => targets.map(({ datasource }) => datasource.uid));
    expect(asked.filter((uid) => !uids.includes(uid))).toEqual([]);
    const cells = dashboard.panels.flatMap(cellsOf);
    expect(new Set(cells).size).toBe(cells.length);
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
  });

  it.each(rules)('$alert has a runbook that names it', ({ alert: name, annotations }) => {
    expect(existsSync(join(root, annotations.runbook))).toBe(true);
    expect(text(annotations.runbook)).toContain(name);
  });

  it('Prometheus looks for every service of the house', () => {
    const config = text(`${observability}/prometheus/prometheus.yml`);
    const names = /names: \[(.+)\]/.exec(config)?.[1]?.split(', ');
    expect(names?.sort()).toEqual(readdirSync(join(root, 'services')).sort());
  });
});

/** Grid cells that a panel covers; Grafana has 24 columns. */
function cellsOf({ gridPos: { x, y, w, h } }: (typeof dashboard.panels)[number]): string[] {
  return Array.from({ length: w * h }, (_, at) => `${x + (at % w)}/${y + Math.floor(at / w)}`);
}

/** Series of the instruments in a service's source. `perPbx` is call-ingest's gauge of each PBX. */
function seriesOf(service: string): string[] {
  const prefix = `patchcord_${service.replaceAll('-', '_')}_`;
  const instrument = /\b(counter|histogram|gauge|perPbx)\(\s*'([a-z_]+)'/g;
  return [...sourceOf(join('services', service, 'src')).matchAll(instrument)].flatMap(([, kind = '', thing = '']) =>
    (seriesEnds[kind === 'perPbx' ? 'gauge' : kind] ?? []).map((end) => `${prefix}${thing}${end}`),
  );
}

/** The bus names its own metrics in full. */
const seriesOfBus = (): string[] => sourceOf('libs/bus/src').match(/\bpatchcord_bus_[a-z_]+\b/g) ?? [];

function sourceOf(folder: string): string {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => text(join(folder, name)))
    .join('\n');
}
