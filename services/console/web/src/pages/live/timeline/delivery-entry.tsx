import { Badge, Group, Stack, Text } from '@mantine/core';
import type { Delivery } from '@patchcord/contracts';
import { useTranslation } from 'react-i18next';
import { formatSpan } from '../../../i18n/format.ts';
import { FailureText } from '../../../parts/failure-text.tsx';
import { TraceId } from '../../../parts/trace-id.tsx';

const colours = { queued: 'gray', retrying: 'yellow', succeeded: 'cyan', dead: 'red', discarded: 'gray' } as const;

export const deliveryColour = ({ state }: Delivery): string => colours[state];

/** Each attempt with what was answered, how long it took, and its trace. */
export function DeliveryEntry({ delivery }: { readonly delivery: Delivery }) {
  const { t, i18n } = useTranslation();
  const { state, cause, method, url, attempts } = delivery;
  return (
    <Stack gap={2}>
      <Group gap="xs">
        <Badge color={colours[state]} variant="light" tt="none">
          {t(`work.states.${state}`)}
        </Badge>
        <Text size="sm">{t(`work.causes.${cause}`)}</Text>
      </Group>
      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
        {method} {url}
      </Text>
      {attempts.map(({ series, attempt, status, durationMs, failure, traceId, startedAt }) => (
        <Group key={`${series}.${attempt}.${startedAt}`} gap="xs" data-attempt={`${series}.${attempt}`}>
          <Text size="sm" {...(failure === undefined ? {} : { c: 'red' })} style={{ overflowWrap: 'anywhere' }}>
            {t('timeline.attempt', { attempt })} ·{' '}
            {failure === undefined ? `HTTP ${status ?? ''}` : <FailureText failure={failure} />} ·{' '}
            {formatSpan(durationMs, i18n.language)}
          </Text>
          {traceId !== undefined && <TraceId id={traceId} />}
        </Group>
      ))}
    </Stack>
  );
}
