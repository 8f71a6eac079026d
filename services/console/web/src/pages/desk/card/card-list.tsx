import { Badge, Group, NavLink, Stack, Text } from '@mantine/core';
import type { Card } from '@patchcord/contracts';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { formatTime } from '../../../i18n/format.ts';
import { OwnLink } from '../../../parts/own-link.tsx';
import { Problem } from '../../../parts/problem.tsx';
import { useCards } from './card-api.ts';

interface CardListProps {
  /** Whose cards. Absent: all of the tenant, of those who may see them. */
  readonly agentId?: string | undefined;
  /** The one that is shown. */
  readonly active?: string | undefined;
  /** Default: the page of the card. */
  readonly onOpen?: (cardId: string) => void;
}

/** The cards of an agent, the last changed first. */
export function CardList({ agentId, active, onOpen }: CardListProps) {
  const { t, i18n } = useTranslation();
  const { data: cards, error, refetch } = useCards(agentId);
  return (
    <Stack gap={0}>
      {error !== null && <Problem error={error} again={() => void refetch()} />}
      {cards?.length === 0 && <Text size="sm">{t('card.list.none')}</Text>}
      {cards?.map((card) => {
        const { cardId, merged } = card;
        const common = {
          active: active === cardId || (active !== undefined && merged.includes(active)),
          ...describe(card, t, i18n.language),
        };
        return onOpen === undefined ? (
          <NavLink key={cardId} component={OwnLink} to={`/desk/cards/${encodeURIComponent(cardId)}`} {...common} />
        ) : (
          <NavLink key={cardId} component="button" onClick={() => onOpen(cardId)} {...common} />
        );
      })}
    </Stack>
  );
}

function describe({ customer, current, state, channel, updatedAt }: Card, t: TFunction, language: string) {
  return {
    label: <bdi>{current[0]?.title ?? customer ?? t('card.unknown')}</bdi>,
    description: (
      <Group gap={6} component="span">
        {t(`card.channels.${channel}`)} · {formatTime(updatedAt, language)}
        <Badge component="span" size="sm" variant="light" tt="none" color={state === 'open' ? 'teal' : 'gray'}>
          {t(`card.states.${state}`)}
        </Badge>
      </Group>
    ),
  };
}
