import { Anchor, Badge, Box, Group, Paper, Stack, Text } from '@mantine/core';
import type { DigitalContact } from '@patchcord/contracts';
import {
  IconBrandWhatsapp,
  IconDeviceMobileMessage,
  IconMail,
  IconMessage,
  IconMessageShare,
} from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { formatTime } from '../../../i18n/format.ts';
import { CallerText } from '../../../parts/caller-text.tsx';
import { OwnLink } from '../../../parts/own-link.tsx';
import { Problem } from '../../../parts/problem.tsx';
import classes from './card.module.css';
import { DigitalActions } from './digital-actions.tsx';
import { type OwnContact, useDigitalContacts } from './digital-api.ts';

interface DigitalCardsProps {
  /** Whose. Absent: everybody's, of those who may see them. */
  readonly agentId?: string | undefined;
  /** Default: the page of the card. */
  readonly onOpen?: (cardId: string) => void;
}

const icons = {
  chat: IconMessage,
  sms: IconDeviceMobileMessage,
  email: IconMail,
  social: IconMessageShare,
  messaging: IconBrandWhatsapp,
} as const;

/** Chats, mails and other conversations at an agent's desk, each with what he can do with it. */
export function DigitalCards({ agentId, onOpen }: DigitalCardsProps) {
  const { t } = useTranslation();
  const { data: contacts, error, refetch } = useDigitalContacts(agentId);
  return (
    <Stack gap="xs" data-section="digital">
      {error !== null && <Problem error={error} again={() => void refetch()} />}
      {contacts?.length === 0 && <Text size="sm">{t('card.digital.none')}</Text>}
      <Stack component="ul" gap="xs" className={classes.list}>
        {contacts?.map((own) => (
          <DigitalCard key={own.contact.contactId} own={own} {...(onOpen === undefined ? {} : { onOpen })} />
        ))}
      </Stack>
    </Stack>
  );
}

function DigitalCard({ own, onOpen }: { readonly own: OwnContact; readonly onOpen?: (cardId: string) => void }) {
  const { t, i18n } = useTranslation();
  const { contact, segment } = own;
  const { kind = 'chat', pointOfContact } = contact;
  const queue = segment.queue ?? contact.queue;
  const Icon = icons[kind];
  return (
    <Paper component="li" withBorder p="sm" data-contact={contact.contactId}>
      <Stack gap="xs">
        <Group wrap="nowrap" align="flex-start" gap="xs">
          <Icon size={20} role="img" aria-label={t(`card.digital.kinds.${kind}`)} className={classes.icon} />
          <Box flex={1} miw={0}>
            <Opener of={contact} {...(onOpen === undefined ? {} : { onOpen })} />
            <Text size="sm" c="dimmed" className={classes.text}>
              {[t(`card.digital.kinds.${kind}`), pointOfContact, queue].filter(Boolean).join(' · ')} ·{' '}
              <time dateTime={segment.assignedAt}>{formatTime(segment.assignedAt, i18n.language)}</time>
            </Text>
          </Box>
          {segment.unassignedAt !== undefined && (
            <Badge variant="light" color="yellow" tt="none">
              {t('card.digital.unassigned')}
            </Badge>
          )}
        </Group>
        <DigitalActions own={own} />
      </Stack>
    </Paper>
  );
}

const Customer = ({ of: { customer = {} } }: { readonly of: DigitalContact }) => (
  <CallerText name={customer.name} number={customer.phone ?? customer.email ?? customer.handle} />
);

/** To the card: on its own page, or where the desk shows it. */
function Opener({ of, onOpen }: { readonly of: DigitalContact; readonly onOpen?: (cardId: string) => void }) {
  const { callId } = of;
  const common = { fw: 600, className: classes.text ?? '', children: <Customer of={of} /> };
  return onOpen === undefined ? (
    <Anchor component={OwnLink} to={`/desk/cards/${encodeURIComponent(callId)}`} {...common} />
  ) : (
    <Anchor component="button" type="button" ta="start" onClick={() => onOpen(callId)} {...common} />
  );
}
