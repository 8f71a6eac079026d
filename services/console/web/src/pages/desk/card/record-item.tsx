import { Anchor, Badge, Box, Button, Group, Paper, Stack, Text } from '@mantine/core';
import type { CardRecord } from '@patchcord/contracts';
import { IconExternalLink, IconLink, IconLinkOff, IconPin, IconPinnedOff } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { formatTime } from '../../../i18n/format.ts';
import classes from './card.module.css';
import type { useCardChange } from './card-api.ts';

interface RecordItemProps {
  readonly record: CardRecord;
  readonly change: ReturnType<typeof useCardChange>;
  /** Names of the CRMs, by id of their connection. */
  readonly crms: ReadonlyMap<string, string>;
}

/** A record of a CRM: who or what it is, and whether this conversation is written there. */
export function RecordItem({ record, change, crms }: RecordItemProps) {
  const { title, module, connection, shown, linked, url } = record;
  const { t } = useTranslation();
  return (
    <Paper component="li" withBorder p="sm" data-record={record.id} data-linked={linked}>
      <Stack gap="xs">
        <Group justify="space-between" align="flex-start" gap="xs">
          <Box flex="1 1 12rem" miw={0}>
            <Text fw={600} className={classes.text}>
              <bdi>{title}</bdi>
            </Text>
            <Text size="sm" c="dimmed" className={classes.text}>
              {module} · {crms.get(connection) ?? connection}
              {record.source === 'same-account' && ` · ${t('card.record.sameAccount')}`}
            </Text>
          </Box>
          {linked && (
            <Badge variant="light" tt="none" leftSection={<IconLink size={12} aria-hidden />}>
              {t('card.record.linked')}
            </Badge>
          )}
        </Group>
        {shown.length > 0 && <Values of={shown} />}
        {record.match === 'suffix' && (
          <Text size="sm" c="dimmed">
            {t('card.record.unsure')}
          </Text>
        )}
        <Group gap="xs">
          <RecordActions record={record} change={change} />
          {url !== undefined && (
            <Anchor href={url} target="_blank" rel="noopener noreferrer" size="sm" className={classes.open}>
              {t('card.record.open')} <IconExternalLink size={14} aria-hidden />
              <span className={classes.hidden}>
                {title} ({t('card.record.newTab')})
              </span>
            </Anchor>
          )}
        </Group>
      </Stack>
    </Paper>
  );
}

function RecordActions({ record, change }: Omit<RecordItemProps, 'crms'>) {
  const { t } = useTranslation();
  const { title, pinned, linked } = record;
  const waits = change.isPending && change.variables?.record.id === record.id ? change.variables.what : undefined;
  const act = (what: 'pin' | 'unpin' | 'link' | 'unlink') => (
    <Button
      size="compact-sm"
      variant="default"
      leftSection={icons[what]}
      loading={waits === what}
      disabled={waits !== undefined && waits !== what}
      onClick={() => change.mutate({ what, record })}
      title={t(`card.record.help.${what}`)}
    >
      {t(`card.record.${what}`)}
      <span className={classes.hidden}>{title}</span>
    </Button>
  );
  return (
    <>
      {act(pinned ? 'unpin' : 'pin')}
      {act(linked ? 'unlink' : 'link')}
    </>
  );
}

const icons = {
  pin: <IconPin size={14} aria-hidden />,
  unpin: <IconPinnedOff size={14} aria-hidden />,
  link: <IconLink size={14} aria-hidden />,
  unlink: <IconLinkOff size={14} aria-hidden />,
};

type Shown = CardRecord['shown'][number];

function Values({ of }: { readonly of: readonly Shown[] }) {
  return (
    <dl className={classes.values}>
      {of.map((one) => (
        <div key={one.label}>
          <dt>{one.label}</dt>
          <dd>
            <Value {...one} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** What a CRM holds is text; only addresses of the web and of mail become links. */
function Value({ value, kind }: Shown) {
  const { t, i18n } = useTranslation();
  if (kind === 'email' && /^[^\s@<>?&]+@[^\s@<>?&]+$/.test(value))
    return (
      <Anchor href={`mailto:${encodeURIComponent(value)}`} size="sm">
        {value}
      </Anchor>
    );
  if (kind === 'url' && /^https?:\/\//i.test(value))
    return (
      <Anchor href={value} target="_blank" rel="noopener noreferrer" size="sm">
        {value}
      </Anchor>
    );
  if (kind === 'boolean' && (value === 'true' || value === 'false')) return t(`card.record.${value}`);
  const isInstant = kind === 'datetime' && !Number.isNaN(Date.parse(value));
  return <bdi>{isInstant ? formatTime(value, i18n.language) : value}</bdi>;
}
