import { Alert, Anchor, Badge, Code, Group, Stack, Text, Timeline, Title } from '@mantine/core';
import type { Delivery, DispositionEntry } from '@patchcord/contracts';
import { IconCheck, IconPhone, IconRoute, IconSend, IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { ask } from '../../api/client.ts';
import { formatTime } from '../../i18n/format.ts';
import { Problem } from '../../parts/problem.tsx';

/** As `GET /v1/calls/{callId}/timeline` tells it. */
type Entry = { readonly at: string; readonly traceId?: string } & (
  | { readonly kind: 'event'; readonly name: string; readonly data: Readonly<Record<string, unknown>> }
  | { readonly kind: 'decision'; readonly ruleId: string; readonly decision: Decision }
  | { readonly kind: 'disposition'; readonly entry: DispositionEntry }
  | { readonly kind: 'delivery'; readonly delivery: Delivery }
);

interface Decision {
  readonly destination?: { readonly type?: string; readonly target?: string };
  readonly outcome?: string;
  readonly row?: number;
  readonly value?: string;
  readonly reason?: string;
  readonly durationMs?: number;
}

interface Story {
  readonly entries: readonly Entry[];
  readonly missing: readonly ('dispositions' | 'deliveries')[];
}

/** A call's whole story on one time line. */
export function CallTimeline() {
  const { t } = useTranslation();
  const { callId = '' } = useParams();
  const { data, error, refetch } = useQuery({
    queryKey: ['timeline', callId],
    queryFn: () => ask<Story>(`/v1/calls/${encodeURIComponent(callId)}/timeline`),
    refetchInterval: 3000,
  });
  return (
    <Stack>
      <Anchor component={Link} to="/live" size="sm">
        {t('timeline.back')}
      </Anchor>
      <Title order={1} size="h2">
        {t('timeline.title')}
      </Title>
      <Code w="fit-content">{callId}</Code>
      {error !== null && <Problem error={error} again={() => void refetch()} />}
      {data?.missing.map((what) => (
        <Alert key={what} color="yellow">
          {t(`timeline.missing.${what}`)}
        </Alert>
      ))}
      <Timeline bulletSize={28} lineWidth={2}>
        {data?.entries.map((entry, index) => {
          const { icon, title, text, colour } = partsOf(entry);
          return (
            <Timeline.Item
              key={`${entry.at} ${index}`}
              bullet={icon}
              title={title}
              color={colour ?? 'teal'}
              data-kind={entry.kind}
            >
              {text}
              <Moment entry={entry} />
            </Timeline.Item>
          );
        })}
      </Timeline>
    </Stack>
  );
}

function Moment({ entry: { at, traceId } }: { readonly entry: Entry }) {
  const { t, i18n } = useTranslation();
  return (
    <Text size="xs" c="dimmed">
      <time dateTime={at}>{formatTime(at, i18n.language)}</time>
      {traceId !== undefined && ` · ${t('timeline.trace', { traceId })}`}
    </Text>
  );
}

interface Parts {
  readonly icon: ReactNode;
  readonly title: ReactNode;
  readonly text: ReactNode;
  readonly colour?: string;
}

function partsOf(entry: Entry): Parts {
  switch (entry.kind) {
    case 'event':
      return { icon: <IconPhone size={16} aria-hidden />, title: entry.name, text: <Values of={entry.data} /> };
    case 'decision':
      return {
        icon: <IconRoute size={16} aria-hidden />,
        title: <DecisionTitle {...entry} />,
        text: <Reason {...entry.decision} />,
        colour: 'grape',
      };
    case 'disposition':
      return {
        icon: <IconCheck size={16} aria-hidden />,
        title: entry.entry.disposition.name,
        text: <Text size="sm">{entry.entry.disposition.comments}</Text>,
        colour: 'blue',
      };
    case 'delivery':
      return deliveryParts(entry.delivery);
  }
}

function DecisionTitle({ ruleId, decision }: { readonly ruleId: string; readonly decision: Decision }) {
  const { t } = useTranslation();
  const { destination, outcome, row } = decision;
  const where = [destination?.type, destination?.target].filter((part) => part !== undefined).join(' ');
  return (
    <Group gap="xs">
      {t('timeline.decision', { rule: ruleId, destination: where })}
      <Badge variant="light" tt="none">
        {row === undefined ? outcome : t('timeline.row', { row: row + 1 })}
      </Badge>
    </Group>
  );
}

function Reason({ reason, durationMs }: Decision) {
  const { t } = useTranslation();
  return (
    <Text size="sm">
      {reason}
      {durationMs !== undefined && ` · ${t('timeline.took', { ms: durationMs })}`}
    </Text>
  );
}

function deliveryParts(delivery: Delivery): Parts {
  const dead = delivery.state === 'dead';
  return {
    icon: dead ? <IconX size={16} aria-hidden /> : <IconSend size={16} aria-hidden />,
    title: `${delivery.destination.kind} ${delivery.destination.id} · ${delivery.cause}`,
    text: <Attempts delivery={delivery} />,
    colour: dead ? 'red' : delivery.state === 'retrying' ? 'yellow' : 'teal',
  };
}

/** Each attempt with what was answered, how long it took, and its trace. */
function Attempts({ delivery }: { readonly delivery: Delivery }) {
  const { t } = useTranslation();
  return (
    <Stack gap={2}>
      <Text size="sm">
        {t(`work.states.${delivery.state}`)}: {delivery.method} {delivery.url}
      </Text>
      {delivery.attempts.map(({ series, attempt, status, durationMs, failure, traceId }) => (
        <Text key={`${series}.${attempt}`} size="sm" {...(failure === undefined ? {} : { c: 'red' })}>
          {t('timeline.attempt', { attempt })} · {failure?.message ?? status} ·{' '}
          {t('timeline.took', { ms: Math.round(durationMs) })}
          {traceId !== undefined && ` · ${t('timeline.trace', { traceId })}`}
        </Text>
      ))}
    </Stack>
  );
}

/** The data of an event as people read it: names and values, objects as JSON. */
function Values({ of }: { readonly of: Readonly<Record<string, unknown>> }) {
  return (
    <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
      {Object.entries(of).map(([name, value], at) => (
        <span key={name}>
          {at > 0 && ' · '}
          {name}: <bdi>{typeof value === 'string' ? value : JSON.stringify(value)}</bdi>
        </span>
      ))}
    </Text>
  );
}
