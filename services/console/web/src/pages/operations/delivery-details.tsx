import { Anchor, Button, Card, Code, Drawer, Group, Stack, Table, Text, Title } from '@mantine/core';
import type { Delivery, DeliveryAttempt } from '@patchcord/contracts';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { formatSpan, formatTime } from '../../i18n/format.ts';
import { FailureText } from '../../parts/failure-text.tsx';
import { TraceId } from '../../parts/trace-id.tsx';
import { DeliveryState } from './delivery-state.tsx';
import { destinationName } from './destination-name.ts';

interface DeliveryDetailsProps {
  readonly delivery: Delivery | undefined;
  readonly close: () => void;
}

/** One delivery: what was asked of whom, and each attempt with its answer. */
export function DeliveryDetails({ delivery, close }: DeliveryDetailsProps) {
  const { t } = useTranslation();
  return (
    <Drawer
      opened={delivery !== undefined}
      onClose={close}
      position="right"
      size="lg"
      title={t('work.details.title')}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      {delivery !== undefined && (
        <Stack>
          <Facts delivery={delivery} />
          <Title order={2} size="h4">
            {t('work.details.attempts')}
          </Title>
          {delivery.attempts.length === 0 && <Text size="sm">{t('work.details.noAttempt')}</Text>}
          {delivery.attempts.map((attempt) => (
            <AttemptCard key={`${attempt.series}.${attempt.attempt}.${attempt.startedAt}`} attempt={attempt} />
          ))}
        </Stack>
      )}
    </Drawer>
  );
}

function Facts({ delivery }: { readonly delivery: Delivery }) {
  const { t, i18n } = useTranslation();
  const { state, destination, cause, method, url, callId, workId, createdAt, nextAttemptAt } = delivery;
  const call = callId === undefined ? undefined : encodeURIComponent(callId);
  const time = (instant: string) => <time dateTime={instant}>{formatTime(instant, i18n.language)}</time>;
  const facts: readonly (readonly [string, ReactNode])[] = [
    [t('work.columns.state'), <DeliveryState key="state" state={state} />],
    [t('work.columns.destination'), destinationName(destination)],
    [t('work.columns.cause'), t(`work.causes.${cause}`)],
    [t('work.details.request'), <Code key="request">{`${method} ${url}`}</Code>],
    [t('work.details.created'), time(createdAt)],
    ...(nextAttemptAt === undefined ? [] : [[t('work.details.next'), time(nextAttemptAt)] as const]),
    [t('work.details.workId'), <Code key="id">{workId}</Code>],
  ];
  return (
    <>
      <Table variant="vertical" layout="fixed">
        <Table.Tbody>
          {facts.map(([name, value]) => (
            <Table.Tr key={name}>
              <Table.Th w={130} scope="row">
                {name}
              </Table.Th>
              <Table.Td style={{ overflowWrap: 'anywhere' }}>{value}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Group gap="sm">
        {call !== undefined && (
          <Anchor component={Link} to={`/live/${call}`} size="sm">
            {t('work.details.call')}
          </Anchor>
        )}
        {state === 'dead' && (
          <Button
            component={Link}
            to={`/operations/dead-letters?consumer=${encodeURIComponent(destinationName(destination))}`}
            size="compact-sm"
            variant="light"
            color="red"
          >
            {t('work.details.deadLetters')}
          </Button>
        )}
      </Group>
    </>
  );
}

function AttemptCard({ attempt }: { readonly attempt: DeliveryAttempt }) {
  const { t, i18n } = useTranslation();
  const { series, attempt: number, startedAt, durationMs, status, failure, responseBody, traceId } = attempt;
  return (
    <Card withBorder padding="sm" data-attempt={`${series}.${number}`}>
      <Group justify="space-between" gap="xs">
        <Text fw={600} size="sm">
          {t(series > 1 ? 'work.details.attemptOfSeries' : 'timeline.attempt', { attempt: number, series })}
        </Text>
        <Text size="xs" c="dimmed">
          <time dateTime={startedAt}>{formatTime(startedAt, i18n.language)}</time> ·{' '}
          {formatSpan(durationMs, i18n.language)}
        </Text>
      </Group>
      <Text size="sm" {...(failure === undefined ? {} : { c: 'red' })} style={{ overflowWrap: 'anywhere' }}>
        {status !== undefined && `HTTP ${status}`}
        {status !== undefined && failure !== undefined && ' · '}
        {failure !== undefined && <FailureText failure={failure} />}
      </Text>
      {failure !== undefined && (
        <Text size="xs" c="dimmed">
          {failure.class} · {failure.code}
        </Text>
      )}
      {responseBody !== undefined && (
        <Code block mt={6} mah={200} style={{ overflowY: 'auto', whiteSpace: 'pre-wrap' }} tabIndex={0}>
          {responseBody}
        </Code>
      )}
      {traceId !== undefined && <TraceId id={traceId} />}
    </Card>
  );
}
