import '@mantine/charts/styles.css';
import { BarChart, LineChart } from '@mantine/charts';
import { Box } from '@mantine/core';
import type { DestinationReport } from '@patchcord/contracts';
import { useTranslation } from 'react-i18next';
import { formatSpan } from '../../i18n/format.ts';

interface ChartProps {
  readonly report: DestinationReport;
  /** Beginnings of all steps of the time looked at (ms since 1970). */
  readonly steps: readonly number[];
}

/** How long it took over time, and how much succeeded. The table beside it tells the same. */
export function LatencyCharts({ report, steps }: ChartProps) {
  const { t, i18n } = useTranslation();
  const hour = new Intl.DateTimeFormat(i18n.language, { hour: '2-digit', minute: '2-digit' });
  const known = new Map(report.steps.map((step) => [Date.parse(step.at), step]));
  const data = steps.map((at) => {
    const { p50Ms = null, p95Ms = null, requests = 0, failed = 0 } = known.get(at) ?? {};
    return { at: hour.format(at), p50: p50Ms, p95: p95Ms, succeeded: requests - failed, failed };
  });
  const common = {
    data,
    dataKey: 'at',
    withLegend: true,
    gridAxis: 'x',
    tickLine: 'none',
    legendProps: { verticalAlign: 'bottom', height: 28 },
    xAxisProps: { minTickGap: 40, interval: 'preserveStart' },
  } as const;
  return (
    <>
      <Box role="img" aria-label={t('ops.destinations.latencyOf', { key: report.key })}>
        <LineChart
          {...common}
          h={170}
          curveType="linear"
          connectNulls={false}
          withDots
          dotProps={{ r: 2 }}
          lineProps={{ isAnimationActive: false }}
          lineChartProps={{ accessibilityLayer: false }}
          yAxisProps={{ width: 64 }}
          valueFormatter={(value) => formatSpan(value, i18n.language)}
          series={[
            { name: 'p50', color: 'teal.6', label: t('ops.destinations.p50') },
            { name: 'p95', color: 'grape.6', label: t('ops.destinations.p95') },
          ]}
        />
      </Box>
      <Box role="img" aria-label={t('ops.destinations.requestsOf', { key: report.key })}>
        <BarChart
          {...common}
          h={130}
          type="stacked"
          barProps={{ isAnimationActive: false }}
          barChartProps={{ accessibilityLayer: false }}
          yAxisProps={{ width: 64, allowDecimals: false }}
          series={[
            { name: 'succeeded', color: 'teal.6', label: t('ops.destinations.succeeded') },
            { name: 'failed', color: 'red.6', label: t('ops.destinations.failed') },
          ]}
        />
      </Box>
    </>
  );
}
