import { Alert, Badge, Divider, Group, SimpleGrid, Skeleton, Stack, Title } from '@mantine/core';
import type { Card } from '@patchcord/contracts';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../../../api/client.ts';
import { Problem } from '../../../parts/problem.tsx';
import classes from './card.module.css';
import { useCard } from './card-api.ts';
import { CardTools } from './card-tools.tsx';
import { Activities, Past } from './course.tsx';
import { MergeOffer } from './merge.tsx';
import { Notes } from './note.tsx';
import { Records } from './records.tsx';

/** What an agent has before him of a customer: `cardId` is the id of the call or the digital contact. */
export function CustomerCard({ cardId }: { readonly cardId: string }) {
  const { t } = useTranslation();
  const { data: card, error, refetch } = useCard(cardId);
  if (card !== undefined)
    return (
      <Stack>
        {/* What is shown may be old: it is said, and stays where it is. */}
        {error !== null && <Problem error={error} words={{ not_found: t('card.gone') }} />}
        <Whole cardId={cardId} card={card} />
      </Stack>
    );
  if (error === null) return <Skeleton height={240} aria-label={t('common.loading')} />;
  const isNone = error instanceof ApiError && error.status === 404;
  return isNone ? (
    <Alert color="gray" role="status" title={t('card.none.title')}>
      {t('card.none.help')}
    </Alert>
  ) : (
    <Problem error={error} again={() => void refetch()} />
  );
}

interface WholeProps {
  readonly cardId: string;
  readonly card: Card;
}

function Whole({ cardId, card }: WholeProps) {
  return (
    <Stack component="article" data-card={card.cardId} data-version={card.version}>
      <Head card={card} />
      <CardTools cardId={cardId} card={card} />
      <MergeOffer cardId={cardId} card={card} />
      <Divider />
      <SimpleGrid type="container" cols={{ base: 1, '720px': 2 }} spacing="xl" verticalSpacing="lg">
        <Records cardId={cardId} card={card} />
        <Stack gap="lg">
          <Notes cardId={cardId} card={card} />
          <Activities card={card} />
          <Past card={card} />
        </Stack>
      </SimpleGrid>
    </Stack>
  );
}

function Head({ card: { customer, channel, state, campaignId, merged } }: { readonly card: Card }) {
  const { t } = useTranslation();
  return (
    <Group gap="xs">
      <Title order={2} size="h3" className={classes.text}>
        <bdi>{customer ?? t('card.unknown')}</bdi>
      </Title>
      <Badge variant="light" tt="none">
        {t(`card.channels.${channel}`)}
      </Badge>
      <Badge variant="light" tt="none" color={state === 'open' ? 'teal' : 'gray'}>
        {t(`card.states.${state}`)}
      </Badge>
      {campaignId !== undefined && (
        <Badge variant="light" tt="none" color="gray">
          {campaignId}
        </Badge>
      )}
      {merged.length > 0 && (
        <Badge variant="light" tt="none" color="grape">
          {t('card.mergedCount', { count: merged.length })}
        </Badge>
      )}
    </Group>
  );
}
