import { Alert, Badge, Group, List, Stack, Table, Text, Title } from '@mantine/core';
import type { WorkQueue } from '@patchcord/contracts';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { ask } from '../../api/client.ts';
import { formatSpan } from '../../i18n/format.ts';
import { Problem } from '../../parts/problem.tsx';
import { type Streams, warningsOf } from './queue-warnings.ts';

interface Report {
  readonly queues: readonly WorkQueue[];
  readonly streams: Streams;
}

/** What waits for its turn, and how long already. */
export function Queues() {
  const { t } = useTranslation();
  const { data, error, refetch } = useQuery({
    queryKey: ['queues'],
    queryFn: ({ signal }) => ask<Report>('/v1/queues', { signal }),
    refetchInterval: 5000,
  });
  return (
    <Stack>
      <Title order={1} size="h2">
        {t('ops.queues.title')}
      </Title>
      <Text maw={720}>{t('ops.queues.meaning')}</Text>
      {error !== null && <Problem error={error} again={() => void refetch()} />}
      {data !== undefined && (
        <>
          <Warnings report={data} />
          <QueueTable queues={data.queues} />
          <StreamTables streams={data.streams} />
        </>
      )}
    </Stack>
  );
}

function Warnings({ report }: { readonly report: Report }) {
  const { t, i18n } = useTranslation();
  const warnings = warningsOf(report.queues, report.streams);
  if (warnings.length === 0)
    return (
      <Alert color="teal" role="status" title={t('ops.queues.well')}>
        {t('ops.queues.wellMeans')}
      </Alert>
    );
  return (
    <Alert
      color="orange"
      role="status"
      icon={<IconAlertTriangle aria-hidden />}
      title={t('ops.queues.warnings', { count: warnings.length })}
    >
      <List size="sm">
        {warnings.map(({ name, why, ageMs = 0, count = 0 }) => (
          <List.Item key={`${name} ${why}`}>
            {t(`ops.queues.why.${why}`, { name, age: formatSpan(ageMs, i18n.language), count })}
          </List.Item>
        ))}
      </List>
    </Alert>
  );
}

const queueColumns = ['queue', 'waiting', 'active', 'delayed', 'dead', 'oldest'] as const;

function QueueTable({ queues }: { readonly queues: readonly WorkQueue[] }) {
  const { t } = useTranslation();
  const number = { ta: 'right' } as const;
  return (
    <>
      <Title order={2} size="h3">
        {t('ops.queues.queues')}
      </Title>
      {queues.length === 0 && <Text>{t('ops.queues.none')}</Text>}
      <Table.ScrollContainer minWidth={640}>
        <Table striped verticalSpacing="xs">
          <Table.Thead>
            <Table.Tr>
              {queueColumns.map((column) => (
                <Table.Th key={column} scope="col" {...(column === 'queue' ? {} : number)}>
                  {t(`ops.queues.columns.${column}`)}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {queues.map(({ name, of, destination, waiting, active, delayed, dead, oldestAgeMs }) => (
              <Table.Tr key={name} data-queue={name}>
                <Table.Th scope="row" fw={400}>
                  <Group gap="xs" wrap="nowrap">
                    {destination ?? name}
                    {of === 'shared' && (
                      <Badge size="sm" color="gray" variant="light" tt="none" miw="max-content">
                        {t('ops.queues.shared')}
                      </Badge>
                    )}
                  </Group>
                </Table.Th>
                <Table.Td {...number}>{waiting}</Table.Td>
                <Table.Td {...number}>{active}</Table.Td>
                <Table.Td {...number}>{delayed}</Table.Td>
                <Table.Td {...number} {...(dead > 0 ? { c: 'red', fw: 600 } : {})}>
                  {dead}
                </Table.Td>
                <Table.Td {...number}>
                  <Age ms={oldestAgeMs} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </>
  );
}

const consumerColumns = ['consumer', 'pending', 'ackPending', 'redelivered', 'oldest'] as const;

function StreamTables({ streams }: { readonly streams: Streams }) {
  const { t } = useTranslation();
  return (
    <>
      <Title order={2} size="h3">
        {t('ops.queues.streams')}
      </Title>
      <Text size="sm" c="dimmed" maw={720}>
        {t('ops.queues.streamsMean')}
      </Text>
      {streams.map((stream) => (
        <StreamTable key={stream.name} stream={stream} />
      ))}
    </>
  );
}

function StreamTable({ stream }: { readonly stream: Streams[number] }) {
  const { t, i18n } = useTranslation();
  const { name, messages, bytes, consumers, firstAgeMs } = stream;
  const size = new Intl.NumberFormat(i18n.language, { style: 'unit', unit: 'kilobyte', maximumFractionDigits: 0 });
  const number = { ta: 'right' } as const;
  return (
    <Stack gap={4} data-stream-name={name}>
      <Title order={3} size="h5">
        {name}
      </Title>
      <Text size="sm" c="dimmed">
        {t('ops.queues.stream', { count: messages, size: size.format(bytes / 1000) })}
        {firstAgeMs !== undefined && ` · ${t('ops.queues.first', { age: formatSpan(firstAgeMs, i18n.language) })}`}
      </Text>
      {consumers.length > 0 && (
        <Table.ScrollContainer minWidth={640}>
          <Table striped verticalSpacing="xs">
            <Table.Thead>
              <Table.Tr>
                {consumerColumns.map((column) => (
                  <Table.Th key={column} scope="col" {...(column === 'consumer' ? {} : { ...number, w: 120 })}>
                    {t(`ops.queues.columns.${column}`)}
                  </Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {consumers.map((consumer) => (
                <Table.Tr key={consumer.name} data-consumer={consumer.name}>
                  <Table.Th scope="row" fw={400}>
                    {consumer.name}
                  </Table.Th>
                  <Table.Td {...number}>{consumer.pending}</Table.Td>
                  <Table.Td {...number}>{consumer.ackPending}</Table.Td>
                  <Table.Td {...number}>{consumer.redelivered}</Table.Td>
                  <Table.Td {...number}>
                    <Age ms={consumer.oldestAgeMs} />
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </Stack>
  );
}

function Age({ ms }: { readonly ms: number | undefined }) {
  const { i18n } = useTranslation();
  return ms === undefined ? '–' : formatSpan(ms, i18n.language);
}
