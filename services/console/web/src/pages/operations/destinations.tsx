import { Alert, Group, SegmentedControl, Select, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import type { DestinationReport, DestinationsReply } from '@patchcord/contracts';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { Problem } from '../../parts/problem.tsx';
import { DestinationCard } from './destination-card.tsx';
import { type Minutes, useDestinations } from './use-destinations.ts';

const choices = ['60', '360', '1440'] as const;
const everyMs = 5000;
const minuteMs = 60_000;

/** How each place does that something is sent to. */
export function Destinations() {
  const { t } = useTranslation();
  const [minutes, setMinutes] = useState<Minutes>('60');
  const [params, setParams] = useSearchParams();
  const { data, error, refetch } = useDestinations(minutes, everyMs);
  const only = params.get('destination');
  const all = data?.destinations ?? [];
  const shown = all.filter(({ key }) => only === null || key === only).toSorted(inTroubleFirst);
  return (
    <Stack>
      <Title order={1} size="h2">
        {t('ops.destinations.title')}
      </Title>
      <Group align="flex-end">
        <SegmentedControl
          aria-label={t('ops.destinations.span')}
          value={minutes}
          onChange={(value) => setMinutes(value as Minutes)}
          data={choices.map((value) => ({ value, label: t(`ops.destinations.spans.${value}`) }))}
        />
        <Select
          w={220}
          searchable
          clearable
          label={t('ops.destinations.only')}
          placeholder={t('work.filters.all')}
          data={all.map(({ key }) => key)}
          value={only}
          onChange={(key) => setParams(key === null ? {} : { destination: key }, { replace: true })}
        />
        {data !== undefined && (
          <Text size="sm" c="dimmed" role="status">
            {t('ops.destinations.replicas', { count: data.replicas.length })}
          </Text>
        )}
      </Group>
      {error !== null && <Problem error={error} again={() => void refetch()} />}
      {data !== undefined && shown.length === 0 && (
        <Alert color="gray" title={t('ops.destinations.none')}>
          {t('ops.destinations.noneHelp')}
        </Alert>
      )}
      <SimpleGrid cols={{ base: 1, lg: 2 }}>
        {data !== undefined &&
          shown.map((report) => (
            <DestinationCard key={report.key} report={report} steps={stepsOf(data)} replicas={data.replicas} />
          ))}
      </SimpleGrid>
    </Stack>
  );
}

function stepsOf({ from, until, stepMinutes }: DestinationsReply): number[] {
  const first = Date.parse(from);
  const stepMs = stepMinutes * minuteMs;
  return Array.from({ length: Math.ceil((Date.parse(until) - first) / stepMs) }, (_, at) => first + at * stepMs);
}

/** An open breaker first, then what waits or failed most. */
function inTroubleFirst(a: DestinationReport, b: DestinationReport): number {
  const trouble = ({ breakers, holds, total, work }: DestinationReport): number =>
    (breakers.some(({ state }) => state !== 'closed') ? 1e6 : 0) +
    (holds.length > 0 ? 1e5 : 0) +
    (total.requests === 0 ? 0 : (total.failed / total.requests) * 1e4) +
    (total.requests > 0 || work.waiting + work.delayed + work.dead > 0 ? 1 : 0);
  return trouble(b) - trouble(a) || a.key.localeCompare(b.key);
}
