import { Alert, Stack, Text, Title } from '@mantine/core';
import type { Card, CardRecord } from '@patchcord/contracts';
import { useTranslation } from 'react-i18next';
import { Problem } from '../../../parts/problem.tsx';
import classes from './card.module.css';
import { useCardChange, useChoices } from './card-api.ts';
import { RecordItem } from './record-item.tsx';

interface RecordsProps {
  /** As it is asked for: it may have become part of another. */
  readonly cardId: string;
  readonly card: Card;
}

/** The current interaction, and whatever may have to do with it. */
export function Records({ cardId, card }: RecordsProps) {
  const { t } = useTranslation();
  const change = useCardChange(cardId);
  const { data: choices } = useChoices(cardId);
  const crms = new Map(choices?.connections.map(({ id, name }) => [id, name]));
  const searching = card.activities.some(({ outcome }) => outcome === 'running');
  const list = (records: readonly CardRecord[]) => (
    <Stack component="ul" gap="xs" className={classes.list}>
      {records.map((record) => (
        <RecordItem
          key={`${record.connection} ${record.module} ${record.id}`}
          record={record}
          change={change}
          crms={crms}
        />
      ))}
    </Stack>
  );
  return (
    <Stack gap="lg">
      {change.error !== null && <Problem error={change.error} words={{ not_found: t('card.gone') }} />}
      <Stack component="section" gap="xs" aria-label={t('card.current.title')} data-section="current">
        <Title order={3} size="h4">
          {t('card.current.title')}
        </Title>
        <Text size="sm" c="dimmed">
          {t('card.current.help')}
        </Text>
        {card.current.length === 0 ? <Text>{t('card.current.none')}</Text> : list(card.current)}
        {card.current.length > 0 && !card.current.some(({ linked }) => linked) && (
          <Alert color="yellow">{t('card.current.nothingLinked')}</Alert>
        )}
      </Stack>
      <Stack component="section" gap="xs" aria-label={t('card.related.title')} data-section="related">
        <Title order={3} size="h4">
          {t('card.related.title')}
        </Title>
        <Text role="status" size="sm" c="dimmed">
          {searching ? t('card.related.searching') : t('card.related.count', { count: card.related.length })}
        </Text>
        {list(card.related)}
      </Stack>
    </Stack>
  );
}
