import { ActionIcon, Badge, Button, Group, Menu, Stack, Table, Text, Title } from '@mantine/core';
import { IconDots, IconPlus, IconRefresh, IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ask } from '../../../api/client.ts';
import { formatTime } from '../../../i18n/format.ts';
import { Problem } from '../../../parts/problem.tsx';
import { DeleteQuestion } from '../parts/delete-question.tsx';
import { NewToken } from './new-token.tsx';
import { RotateToken } from './rotate-token.tsx';
import { type TokenView, tokensKey } from './token-view.ts';

/** Keys of programs: made and rotated with their text shown once, listed with their last use, removed. */
export function Tokens() {
  const { t } = useTranslation();
  const [dialog, setDialog] = useState<'new' | { readonly rotate: TokenView } | { readonly remove: TokenView }>();
  const { data, error, refetch } = useQuery({
    queryKey: tokensKey,
    queryFn: async () => (await ask<{ tokens: TokenView[] }>('/v1/tokens')).tokens,
  });
  const close = (): void => setDialog(undefined);
  return (
    <Stack>
      <Group justify="space-between">
        <Title order={1} size="h2">
          {t('admin.plurals.api-token')}
        </Title>
        <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setDialog('new')}>
          {t('admin.list.new')}
        </Button>
      </Group>
      <Text c="dimmed" maw={720}>
        {t('admin.about.api-token')}
      </Text>
      {error !== null && <Problem error={error} again={() => void refetch()} />}
      {data?.length === 0 && <Text>{t('admin.list.none')}</Text>}
      {data !== undefined && data.length > 0 && (
        <TokenTable
          tokens={data}
          onRotate={(rotate) => setDialog({ rotate })}
          onRemove={(remove) => setDialog({ remove })}
        />
      )}
      <NewToken opened={dialog === 'new'} onClose={close} />
      <RotateToken
        token={typeof dialog === 'object' && 'rotate' in dialog ? dialog.rotate : undefined}
        onClose={close}
      />
      <DeleteQuestion
        kind="api-token"
        entity={typeof dialog === 'object' && 'remove' in dialog ? dialog.remove : undefined}
        onClose={close}
        onDeleted={() => void refetch()}
      />
    </Stack>
  );
}

interface TokenTableProps {
  readonly tokens: readonly TokenView[];
  readonly onRotate: (token: TokenView) => void;
  readonly onRemove: (token: TokenView) => void;
}

function TokenTable({ tokens, onRotate, onRemove }: TokenTableProps) {
  const { t } = useTranslation();
  return (
    <Table.ScrollContainer minWidth={640}>
      <Table striped verticalSpacing="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{t('admin.fields.name')}</Table.Th>
            <Table.Th scope="col">{t('adminPeople.token.scopes')}</Table.Th>
            <Table.Th scope="col">{t('adminPeople.token.lastUsed')}</Table.Th>
            <Table.Th scope="col">{t('adminPeople.token.expires')}</Table.Th>
            <Table.Td />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {tokens.map((token) => (
            <TokenRow key={token.id} token={token} onRotate={onRotate} onRemove={onRemove} />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function TokenRow({ token, onRotate, onRemove }: Omit<TokenTableProps, 'tokens'> & { readonly token: TokenView }) {
  const { t, i18n } = useTranslation();
  const { id, name, scopes, agentId, lastUsedAt, expiresAt, previousValidUntil } = token;
  const time = (instant: string | undefined, otherwise: string): string =>
    instant === undefined ? otherwise : formatTime(instant, i18n.language);
  return (
    <Table.Tr data-entity={id}>
      <Table.Th scope="row" fw={500}>
        {name}
        {agentId !== undefined && (
          <Text size="xs" c="dimmed">
            {t('adminPeople.token.forAgent', { agent: agentId })}
          </Text>
        )}
      </Table.Th>
      <Table.Td>
        <Group gap={4}>
          {scopes.map((scope) => (
            <Badge key={scope} variant="light" tt="none" color={scope === 'admin' ? 'orange' : 'gray'}>
              {scope}
            </Badge>
          ))}
        </Group>
      </Table.Td>
      <Table.Td>{time(lastUsedAt, t('adminPeople.token.never'))}</Table.Td>
      <Table.Td>
        {time(expiresAt, t('adminPeople.token.neverExpires'))}
        {previousValidUntil !== undefined && (
          <Text size="xs" c="dimmed">
            {t('adminPeople.token.previousUntil', { time: time(previousValidUntil, '') })}
          </Text>
        )}
      </Table.Td>
      <Table.Td ta="end">
        <Menu position="bottom-end">
          <Menu.Target>
            <ActionIcon variant="subtle" aria-label={t('admin.list.more', { name })}>
              <IconDots size={18} aria-hidden />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item leftSection={<IconRefresh size={16} aria-hidden />} onClick={() => onRotate(token)}>
              {t('adminPeople.token.rotate')}
            </Menu.Item>
            <Menu.Item color="red" leftSection={<IconTrash size={16} aria-hidden />} onClick={() => onRemove(token)}>
              {t('admin.delete.do')}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </Table.Td>
    </Table.Tr>
  );
}
