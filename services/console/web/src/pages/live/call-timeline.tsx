import { Alert, Anchor, Chip, Code, Group, Loader, Stack, Text, Timeline, Title } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { formatTime } from '../../i18n/format.ts';
import { CallerText } from '../../parts/caller-text.tsx';
import { Problem } from '../../parts/problem.tsx';
import { StreamBadge } from '../../parts/stream-badge.tsx';
import { TraceId } from '../../parts/trace-id.tsx';
import { partsOf } from './timeline/entry-parts.tsx';
import { type Entry, type Group as EntryGroup, groupOf, groups, type Story } from './timeline/story.ts';
import { useStory } from './timeline/use-story.ts';
import { Waterfall } from './timeline/waterfall.tsx';

/** A call's whole story on one time line. */
export function CallTimeline() {
  const { t } = useTranslation();
  const { callId = '' } = useParams();
  const { data, error, refetch, stream, isPending } = useStory(callId);
  return (
    <Stack>
      <Anchor component={Link} to="/live" size="sm" w="fit-content">
        {t('timeline.back')}
      </Anchor>
      <Group justify="space-between">
        <Title order={1} size="h2">
          {t('timeline.title')}
        </Title>
        {data !== undefined && <StreamBadge state={stream} />}
      </Group>
      <Code w="fit-content" style={{ overflowWrap: 'anywhere' }}>
        {callId}
      </Code>
      {isPending && <Loader role="img" aria-label={t('common.loading')} />}
      {error !== null && (
        <Problem error={error} again={() => void refetch()} words={{ not_found: t('timeline.unknown') }} />
      )}
      {data !== undefined && <Told story={data} />}
    </Stack>
  );
}

function Told({ story: { entries, missing } }: { readonly story: Story }) {
  const { t } = useTranslation();
  const [hidden, setHidden] = useState<ReadonlySet<EntryGroup>>(new Set());
  const shown = entries.filter((entry) => !hidden.has(groupOf(entry)));
  return (
    <>
      <Caller entries={entries} />
      {missing.map((what) => (
        <Alert key={what} color="yellow">
          {t(`timeline.missing.${what}`)}
        </Alert>
      ))}
      <Waterfall entries={entries} />
      <Filters entries={entries} hidden={hidden} change={setHidden} />
      <Timeline bulletSize={28} lineWidth={2} active={shown.length}>
        {shown.map((entry, index) => {
          const { icon, title, text, colour } = partsOf(entry);
          return (
            <Timeline.Item
              key={`${entry.at} ${entry.kind} ${index}`}
              bullet={icon}
              title={title}
              color={colour}
              data-kind={entry.kind}
            >
              {text}
              <Moment entry={entry} />
            </Timeline.Item>
          );
        })}
      </Timeline>
    </>
  );
}

/** Who called, and whom. */
function Caller({ entries }: { readonly entries: readonly Entry[] }) {
  const { t } = useTranslation();
  const offered = entries.find((entry) => entry.kind === 'event' && entry.name === 'call.offered');
  if (offered?.kind !== 'event') return null;
  const { ani, callerName, dnis } = offered.data as { ani?: string; callerName?: string; dnis?: string };
  return (
    <Text>
      <CallerText name={callerName} number={ani} />
      {dnis !== undefined && ` → ${dnis}`}{' '}
      <Text span c="dimmed" size="sm">
        {t('timeline.entries', { count: entries.length })}
      </Text>
    </Text>
  );
}

interface FiltersProps {
  readonly entries: readonly Entry[];
  readonly hidden: ReadonlySet<EntryGroup>;
  readonly change: (hidden: ReadonlySet<EntryGroup>) => void;
}

/** Kinds of what happened, each with how much of it there is. */
function Filters({ entries, hidden, change }: FiltersProps) {
  const { t } = useTranslation();
  const counts = Map.groupBy(entries, groupOf);
  return (
    <Group gap="xs" role="group" aria-label={t('timeline.show')}>
      {groups
        .filter((group) => counts.has(group))
        .map((group) => (
          <Chip
            key={group}
            size="xs"
            variant="light"
            checked={!hidden.has(group)}
            onChange={(isShown) => {
              const after = new Set(hidden);
              if (isShown) after.delete(group);
              else after.add(group);
              change(after);
            }}
          >
            {t(`timeline.groups.${group}`)} ({counts.get(group)?.length})
          </Chip>
        ))}
    </Group>
  );
}

function Moment({ entry: { at, traceId } }: { readonly entry: Entry }) {
  const { i18n } = useTranslation();
  return (
    <Group gap="xs">
      <Text size="xs" c="dimmed">
        <time dateTime={at}>{formatTime(at, i18n.language)}</time>
      </Text>
      {traceId !== undefined && <TraceId id={traceId} />}
    </Group>
  );
}
