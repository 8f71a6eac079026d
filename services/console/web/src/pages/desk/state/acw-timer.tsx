import { Button, Group, Progress, Stack, Text } from '@mantine/core';
import type { OpenAcw } from '@patchcord/contracts';
import { IconCheck, IconPlus } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { formatDuration } from '../../../i18n/format.ts';
import { CallerText } from '../../../parts/caller-text.tsx';
import { Problem } from '../../../parts/problem.tsx';
import { useNow } from '../../../parts/use-now.ts';
import { useAcw } from '../use-call-commands.ts';
import { customerOf } from '../use-desk-calls.ts';

interface AcwTimerProps {
  readonly agentId: string;
  readonly acw: readonly OpenAcw[];
}

/** By how much after-call work is extended with one click (ms). */
const moreMs = 60_000;

/** After-call work with the time that is left: more of it, or its end. */
export function AcwTimer({ agentId, acw }: AcwTimerProps) {
  const { end, extend } = useAcw(agentId);
  const failed = end.error ?? extend.error;
  return (
    <Stack gap="xs" mt={acw.length > 0 || failed !== null ? 'sm' : 0}>
      {acw.map((one) => (
        <OneAcw
          key={one.interactionId}
          acw={one}
          ending={end.isPending && end.variables === one.interactionId}
          extending={extend.isPending && extend.variables.interactionId === one.interactionId}
          onEnd={() => end.mutate(one.interactionId)}
          onExtend={(until) => extend.mutate({ interactionId: one.interactionId, until, byMs: moreMs })}
        />
      ))}
      {failed !== null && <Problem error={failed} />}
    </Stack>
  );
}

interface OneAcwProps {
  readonly acw: OpenAcw;
  readonly ending: boolean;
  readonly extending: boolean;
  readonly onEnd: () => void;
  readonly onExtend: (until: string) => void;
}

function OneAcw({ acw, ending, extending, onEnd, onExtend }: OneAcwProps) {
  const { t } = useTranslation();
  const { until } = acw;
  return (
    <Group gap="sm" data-acw={acw.interactionId} wrap="wrap">
      <Text size="sm" fw={600} role="status">
        {t('desk.acw.title')}
      </Text>
      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
        <CallerText name={acw.callerName} number={customerOf(acw)} />
      </Text>
      {until !== undefined && <Left acw={acw} until={until} />}
      <Group gap="xs">
        {until !== undefined && (
          <Button
            size="compact-sm"
            variant="light"
            leftSection={<IconPlus size={14} aria-hidden />}
            loading={extending}
            onClick={() => onExtend(until)}
          >
            {t('desk.acw.more')}
          </Button>
        )}
        <Button size="compact-sm" leftSection={<IconCheck size={14} aria-hidden />} loading={ending} onClick={onEnd}>
          {t('desk.acw.end')}
        </Button>
      </Group>
    </Group>
  );
}

function Left({ acw: { startedAt }, until }: { readonly acw: OpenAcw; readonly until: string }) {
  const { t } = useTranslation();
  const leftMs = Math.max(0, Date.parse(until) - useNow());
  const allMs = Math.max(1, Date.parse(until) - Date.parse(startedAt));
  const left = formatDuration(leftMs);
  return (
    <Group gap="xs" style={{ flex: '1 1 8rem' }}>
      <Progress
        style={{ flex: 1 }}
        value={(leftMs / allMs) * 100}
        color={leftMs < 10_000 ? 'orange' : 'teal'}
        aria-label={t('desk.acw.left')}
      />
      <Text size="sm" role="timer" data-acw-left>
        {t('desk.acw.leftTime', { left })}
      </Text>
    </Group>
  );
}
