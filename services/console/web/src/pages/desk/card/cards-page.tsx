import { Group, SimpleGrid, Stack, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useSignedIn } from '../../../api/session.ts';
import { StreamBadge } from '../../../parts/stream-badge.tsx';
import { CardList } from './card-list.tsx';
import { DigitalCards } from './digital-cards.tsx';
import { useCardNews } from './use-card-news.ts';

/** The cards of an agent and his conversations that are no calls; of others those of the tenant. */
export function CardsPage() {
  const { t } = useTranslation();
  const { agentId } = useSignedIn();
  const stream = useCardNews(agentId);
  return (
    <Stack>
      <Group justify="space-between">
        <Title order={1} size="h2">
          {t('card.list.title')}
        </Title>
        {agentId !== undefined && <StreamBadge state={stream} />}
      </Group>
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="xl">
        <Stack gap="xs">
          <Title order={2} size="h4">
            {t('card.list.digital')}
          </Title>
          <DigitalCards agentId={agentId} />
        </Stack>
        <Stack gap="xs">
          <Title order={2} size="h4">
            {t('card.list.recent')}
          </Title>
          <CardList agentId={agentId} />
        </Stack>
      </SimpleGrid>
    </Stack>
  );
}
