import { Anchor, Badge, Box, Group, Loader, Stack, Text, Title } from '@mantine/core';
import type { Card, CardActivity, PastInteraction } from '@patchcord/contracts';
import { IconMessage, IconPhone } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { may, useSignedIn } from '../../../api/session.ts';
import { formatTime } from '../../../i18n/format.ts';
import { OwnLink } from '../../../parts/own-link.tsx';
import classes from './card.module.css';

const colours = {
  running: 'blue',
  found: 'teal',
  written: 'teal',
  unable: 'yellow',
  failed: 'red',
  timeout: 'orange',
} as const;

/** Searches and writings, the newest first: what was started, and what became of it. */
export function Activities({ card: { activities } }: { readonly card: Card }) {
  const { t } = useTranslation();
  return (
    <Stack component="section" gap="xs" aria-label={t('card.activity.title')} data-section="activities">
      <Title order={3} size="h4">
        {t('card.activity.title')}
      </Title>
      {activities.length === 0 && <Text size="sm">{t('card.activity.none')}</Text>}
      <Stack component="ul" gap="sm" className={classes.list}>
        {activities.map((activity) => (
          <Activity key={activity.runId} activity={activity} />
        ))}
      </Stack>
    </Stack>
  );
}

function Activity({ activity: { name, at, by, outcome, text } }: { readonly activity: CardActivity }) {
  const { t, i18n } = useTranslation();
  const remedy = outcome === 'failed' || outcome === 'timeout' || outcome === 'unable' ? outcome : undefined;
  return (
    <Box component="li" data-outcome={outcome}>
      <Group justify="space-between" gap="xs">
        <Text size="sm" fw={500} className={classes.text}>
          {knownName(name) ? t(`card.activity.names.${name}`) : name}
        </Text>
        <Badge
          variant="light"
          tt="none"
          color={colours[outcome]}
          leftSection={outcome === 'running' ? <Loader size={10} aria-hidden /> : undefined}
        >
          {t(`card.activity.outcomes.${outcome}`)}
        </Badge>
      </Group>
      {text !== '' && (
        <Text size="sm" className={classes.text}>
          <ActivityText outcome={outcome} text={text} />
        </Text>
      )}
      {remedy !== undefined && <Text size="sm">{t(`card.activity.remedies.${remedy}`)}</Text>}
      <Text size="xs" c="dimmed">
        {t(`card.activity.by.${by}`)} · <time dateTime={at}>{formatTime(at, i18n.language)}</time>
      </Text>
    </Box>
  );
}

/** How many were found is told in English only; messages of CRMs are as they are. */
function ActivityText({ outcome, text }: Pick<CardActivity, 'outcome' | 'text'>) {
  const { t } = useTranslation();
  const [, count] = /^(\d+) records?$/.exec(outcome === 'found' ? text : '') ?? [];
  return count === undefined ? <bdi>{text}</bdi> : t('card.activity.found', { count: Number(count) });
}

/** What the card starts by itself has names of ours; workflows have those that they were given. */
const knownNames = ['Search by number', 'Search by mail address'] as const;
const knownName = (name: string): name is (typeof knownNames)[number] => knownNames.some((known) => known === name);

/** Conversations with the same customer before. */
export function Past({ card: { past } }: { readonly card: Card }) {
  const { t } = useTranslation();
  return (
    <Stack component="section" gap="xs" aria-label={t('card.past.title')} data-section="past">
      <Title order={3} size="h4">
        {t('card.past.title')}
      </Title>
      {past.length === 0 && <Text size="sm">{t('card.past.none')}</Text>}
      <Stack component="ul" gap="xs" className={classes.list}>
        {past.map((one) => (
          <PastItem key={one.interactionId ?? one.callId} past={one} />
        ))}
      </Stack>
    </Stack>
  );
}

function PastItem({ past }: { readonly past: PastInteraction }) {
  const { t, i18n } = useTranslation();
  const session = useSignedIn();
  const { callId, channel, at, agentId, disposition } = past;
  const time = <time dateTime={at}>{formatTime(at, i18n.language)}</time>;
  const Icon = channel === 'voice' ? IconPhone : IconMessage;
  return (
    <Group component="li" gap="xs" wrap="nowrap" align="flex-start">
      <Icon size={18} role="img" aria-label={t(`card.channels.${channel}`)} className={classes.icon} />
      <Box miw={0}>
        <Text size="sm">
          {channel === 'voice' && may(session, 'sessions:read') ? (
            <Anchor component={OwnLink} to={`/live/${encodeURIComponent(callId)}`} size="sm">
              {time}
            </Anchor>
          ) : (
            time
          )}
          {agentId !== undefined && ` · ${t('card.agent', { agent: agentId })}`}
        </Text>
        <Text size="sm" c="dimmed" className={classes.text}>
          {disposition?.name ?? t('card.past.noDisposition')}
        </Text>
      </Box>
    </Group>
  );
}
