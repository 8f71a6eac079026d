import { Card, Group, SegmentedControl, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatDuration, formatSpan } from '../../../i18n/format.ts';
import { useNow } from '../../../parts/use-now.ts';
import type { Entry } from './story.ts';
import classes from './waterfall.module.css';
import { type BarKind, type Row, rowsOf, type Span, spansOf } from './waterfall-bars.ts';

const colours = {
  ivr: 'grape',
  queue: 'orange',
  ringing: 'yellow',
  talking: 'teal',
  hold: 'blue',
  decision: 'violet',
  workflow: 'indigo',
  sent: 'cyan',
  failed: 'red',
} as const satisfies Record<BarKind, string>;

const colourOf = (kind: BarKind): string => `var(--mantine-color-${colours[kind]}-6)`;
const ticks = [0, 0.5, 1];

/** The call as a picture: what took how long, and what happened beside each other. The list below says the same in words. */
export function Waterfall({ entries }: { readonly entries: readonly Entry[] }) {
  const { t, i18n } = useTranslation();
  const isOver = entries.some((entry) => entry.kind === 'event' && entry.name === 'call.ended');
  const now = useNow();
  const at = isOver ? lastOf(entries) : now;
  const rows = rowsOf(entries, at);
  const spans = spansOf(entries, rows, at);
  const [wanted, setWanted] = useState<'call' | 'all'>('call');
  const span = spans[wanted];
  const isShort = span.to - span.from < 10_000;
  const timeAt = (ms: number): string => (isShort ? formatSpan(ms, i18n.language) : formatDuration(ms));
  const visible = rows.filter(({ bars }) => bars.some((bar) => isIn(bar, span)));
  if (rows.length === 0) return null;
  return (
    <Card withBorder padding="md" data-waterfall={wanted}>
      <Group justify="space-between" mb="xs">
        <Title order={2} size="h4">
          {t('timeline.picture.title')}
        </Title>
        {spans.all.to > spans.call.to && (
          <SegmentedControl
            size="xs"
            aria-label={t('timeline.picture.span')}
            value={wanted}
            onChange={(value) => setWanted(value as 'call' | 'all')}
            data={(['call', 'all'] as const).map((value) => ({ value, label: t(`timeline.picture.${value}`) }))}
          />
        )}
      </Group>
      <div role="img" aria-label={t('timeline.picture.means', { duration: formatDuration(span.to - span.from) })}>
        {visible.map((row) => (
          <RowPicture key={`${row.label} ${row.bars[0]?.kind}`} row={row} span={span} />
        ))}
        <div className={classes.row}>
          <span />
          <div className={classes.axis}>
            {ticks.map((tick) => (
              <span key={tick}>{timeAt((span.to - span.from) * tick)}</span>
            ))}
          </div>
        </div>
      </div>
      <Legend rows={visible} />
    </Card>
  );
}

const isIn = ({ from, to }: Span, span: Span): boolean => to >= span.from && from <= span.to;

const lastOf = (entries: readonly Entry[]): number => Math.max(...entries.map(({ at }) => Date.parse(at)));

function RowPicture({ row, span }: { readonly row: Row; readonly span: Span }) {
  const { t, i18n } = useTranslation();
  const length = span.to - span.from;
  const percent = (ms: number): number => Math.min(100, Math.max(0, (ms / length) * 100));
  return (
    <div className={classes.row} data-row={row.label}>
      <span className={classes.label} title={row.label}>
        <bdi>{row.label}</bdi>
      </span>
      <div className={classes.track}>
        {row.bars
          .filter((bar) => isIn(bar, span))
          .map(({ kind, from, to }) => (
            <div
              key={`${kind} ${from} ${to}`}
              data-bar={kind}
              className={`${classes.bar} ${classes[kind] ?? ''}`}
              title={`${t(`timeline.picture.bars.${kind}`)}: ${formatSpan(to - from, i18n.language)}`}
              style={{
                left: `${percent(from - span.from)}%`,
                width: `${percent(Math.min(to, span.to) - from)}%`,
                backgroundColor: colourOf(kind),
              }}
            />
          ))}
      </div>
    </div>
  );
}

function Legend({ rows }: { readonly rows: readonly Row[] }) {
  const { t } = useTranslation();
  const there = new Set(rows.flatMap(({ bars }) => bars.map(({ kind }) => kind)));
  const kinds = (Object.keys(colours) as BarKind[]).filter((kind) => there.has(kind));
  return (
    <Group gap="md" mt="xs">
      {kinds.map((kind) => (
        <Text key={kind} size="xs">
          <span
            aria-hidden
            className={`${classes.swatch} ${classes[kind] ?? ''}`}
            style={{ backgroundColor: colourOf(kind) }}
          />
          {t(`timeline.picture.bars.${kind}`)}
        </Text>
      ))}
    </Group>
  );
}
