import { Anchor, Group, Paper, Stack, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { useSignedIn } from '../../../api/session.ts';
import { StreamBadge } from '../../../parts/stream-badge.tsx';
import { Disposition } from '../disposition/disposition.tsx';
import { CustomerCard } from './customer-card.tsx';
import { DigitalActions } from './digital-actions.tsx';
import { useDigitalContacts } from './digital-api.ts';
import { useCardNews } from './use-card-news.ts';

/** One card on a page of its own: where a link to it leads. */
export function CardPage() {
  const { t } = useTranslation();
  const { cardId = '' } = useParams();
  const { agentId } = useSignedIn();
  const stream = useCardNews(agentId);
  return (
    <Stack>
      <Anchor component={Link} to="/desk/cards" size="sm">
        {t('card.page.back')}
      </Anchor>
      <Group justify="space-between">
        <Title order={1} size="h2">
          {t('card.page.title')}
        </Title>
        {agentId !== undefined && <StreamBadge state={stream} />}
      </Group>
      {cardId.startsWith('digital-') && <OwnActions cardId={cardId} agentId={agentId} />}
      <CustomerCard key={cardId} cardId={cardId} />
      <Paper withBorder p="md">
        <Disposition key={cardId} callId={cardId} />
      </Paper>
    </Stack>
  );
}

function OwnActions({ cardId, agentId }: { readonly cardId: string; readonly agentId: string | undefined }) {
  const { data: contacts } = useDigitalContacts(agentId);
  const own = contacts?.find(({ contact }) => contact.callId === cardId);
  return own === undefined ? null : <DigitalActions own={own} />;
}
