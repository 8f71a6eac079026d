import { Button, Group, Menu } from '@mantine/core';
import type { Card } from '@patchcord/contracts';
import {
  IconArrowsJoin2,
  IconDots,
  IconExternalLink,
  IconPencilPlus,
  IconSearch,
  IconUserPlus,
} from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'react-router';
import { OwnLink } from '../../../parts/own-link.tsx';
import { useChoices } from './card-api.ts';
import { CreateRecord } from './create-record.tsx';
import { MergeDialog } from './merge.tsx';
import { SearchAgain } from './search-again.tsx';
import { WriteEntry } from './write-entry.tsx';

interface CardToolsProps {
  readonly cardId: string;
  readonly card: Card;
}

type Dialog = 'search' | 'create' | 'timeline' | 'memorialize' | 'merge';

/** What an agent can start from a card, as far as it is configured. */
export function CardTools({ cardId, card }: CardToolsProps) {
  const { data: choices } = useChoices(cardId);
  const [open, setOpen] = useState<Dialog>();
  const common = { cardId, card, onClose: () => setOpen(undefined) };
  return (
    <>
      <Buttons cardId={cardId} choices={choices} onOpen={setOpen} />
      <MergeDialog {...common} opened={open === 'merge'} />
      {choices !== undefined && (
        <>
          <SearchAgain {...common} choices={choices} opened={open === 'search'} />
          <CreateRecord {...common} choices={choices} opened={open === 'create'} />
          <WriteEntry {...common} choices={choices} kind="timeline" opened={open === 'timeline'} />
          <WriteEntry {...common} choices={choices} kind="memorialize" opened={open === 'memorialize'} />
        </>
      )}
    </>
  );
}

interface ButtonsProps {
  readonly cardId: string;
  readonly choices: ReturnType<typeof useChoices>['data'];
  readonly onOpen: (dialog: Dialog) => void;
}

function Buttons({ cardId, choices, onOpen }: ButtonsProps) {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  const place = `/desk/cards/${encodeURIComponent(cardId)}`;
  const button = (dialog: Dialog, icon: ReactNode) => (
    <Button size="compact-md" variant="light" leftSection={icon} onClick={() => onOpen(dialog)}>
      {t(`card.tools.${dialog}`)}
    </Button>
  );
  return (
    <Group gap="xs">
      {choices !== undefined && button('search', <IconSearch size={16} aria-hidden />)}
      {choices?.timeline !== undefined && button('timeline', <IconPencilPlus size={16} aria-hidden />)}
      {choices?.memorialize !== undefined && button('memorialize', <IconPencilPlus size={16} aria-hidden />)}
      {(choices?.creations.length ?? 0) > 0 && button('create', <IconUserPlus size={16} aria-hidden />)}
      <Menu position="bottom-end">
        <Menu.Target>
          <Button size="compact-md" variant="default" aria-label={t('card.tools.more')}>
            <IconDots size={16} aria-hidden />
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconArrowsJoin2 size={16} aria-hidden />} onClick={() => onOpen('merge')}>
            {t('card.tools.merge')}
          </Menu.Item>
          {pathname !== place && (
            <Menu.Item component={OwnLink} to={place} leftSection={<IconExternalLink size={16} aria-hidden />}>
              {t('card.tools.page')}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
    </Group>
  );
}
