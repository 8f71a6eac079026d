import { Anchor, Badge, Card, Group, Stack, Text, Title } from '@mantine/core';
import type { DestinationReport, DestinationsReply } from '@patchcord/contracts';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { formatSpan, formatTime } from '../../i18n/format.ts';
import { DestinationFigures } from './destination-figures.tsx';
import { LatencyCharts } from './latency-chart.tsx';

interface DestinationCardProps {
  readonly report: DestinationReport;
  readonly steps: readonly number[];
  readonly replicas: DestinationsReply['replicas'];
}

/** One destination: how fast it answers, what keeps it back, what waits for it. */
export function DestinationCard({ report, steps, replicas }: DestinationCardProps) {
  const { t } = useTranslation();
  const { key, name, kind, state } = report;
  return (
    <Card withBorder padding="md" data-destination={key}>
      <Stack gap="sm">
        <Group justify="space-between" gap="xs">
          <Stack gap={0}>
            <Title order={2} size="h4" style={{ overflowWrap: 'anywhere' }}>
              {name ?? key}
            </Title>
            <Text size="xs" c="dimmed">
              {t(`work.kinds.${kind}`)} · {key}
            </Text>
          </Stack>
          <Group gap={6}>
            {state !== 'enabled' && (
              <Badge color="gray" variant="light" tt="none">
                {t(`ops.destinations.states.${state}`)}
              </Badge>
            )}
            <BreakerBadge report={report} />
          </Group>
        </Group>
        <Totals report={report} />
        {report.total.requests === 0 ? (
          <Text size="sm" c="dimmed">
            {t('ops.destinations.nothingAsked')}
          </Text>
        ) : (
          <LatencyCharts report={report} steps={steps} />
        )}
        <Holds report={report} />
        <DestinationFigures report={report} replicas={replicas} />
      </Stack>
    </Card>
  );
}

const breakerColours = { open: 'red', 'half-open': 'yellow', closed: 'teal' } as const;

/** The worst of all replicas. */
function BreakerBadge({ report: { breakers } }: { readonly report: DestinationReport }) {
  const { t } = useTranslation();
  if (breakers.length === 0) return null;
  const worst = (['open', 'half-open', 'closed'] as const).find((state) =>
    breakers.some((breaker) => breaker.state === state),
  );
  if (worst === undefined) return null;
  return (
    <Badge color={breakerColours[worst]} variant="light" tt="none" data-breaker={worst} miw="max-content">
      {t(`ops.destinations.breakers.${worst}`)}
    </Badge>
  );
}

function Totals({ report }: { readonly report: DestinationReport }) {
  const { t, i18n } = useTranslation();
  const { total, work, key } = report;
  const { requests, failed, p50Ms, p95Ms } = total;
  const span = (ms: number | undefined): string => (ms === undefined ? '–' : `≤ ${formatSpan(ms, i18n.language)}`);
  const share = new Intl.NumberFormat(i18n.language, { style: 'percent', maximumFractionDigits: 1 });
  const figures = [
    [t('ops.destinations.requests'), new Intl.NumberFormat(i18n.language).format(requests)],
    [t('ops.destinations.failed'), requests === 0 ? '–' : `${failed} (${share.format(failed / requests)})`],
    [t('ops.destinations.p50'), span(p50Ms)],
    [t('ops.destinations.p95'), span(p95Ms)],
    [t('ops.queues.columns.waiting'), String(work.waiting + work.active + work.delayed)],
  ] as const;
  return (
    <Group gap="lg">
      {figures.map(([name, value]) => (
        <Stack key={name} gap={0}>
          <Text size="xs" c="dimmed">
            {name}
          </Text>
          <Text size="sm" fw={600}>
            {value}
          </Text>
        </Stack>
      ))}
      {work.dead > 0 && (
        <Anchor component={Link} size="sm" to={`/operations/dead-letters?consumer=${encodeURIComponent(key)}`}>
          {t('ops.destinations.dead', { count: work.dead })}
        </Anchor>
      )}
      {requests > 0 && (
        <Anchor component={Link} size="sm" to={`/operations?destination=${encodeURIComponent(key)}`}>
          {t('ops.destinations.log')}
        </Anchor>
      )}
    </Group>
  );
}

function Holds({ report: { holds } }: { readonly report: DestinationReport }) {
  const { t, i18n } = useTranslation();
  return holds.map(({ until, code, replica }) => (
    <Text key={`${replica} ${until}`} size="sm" c="orange" data-hold={code}>
      {t('ops.destinations.hold', { until: formatTime(until, i18n.language), code })}
      {replica !== undefined && ` · ${replica}`}
    </Text>
  ));
}
