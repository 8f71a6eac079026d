import { ActionIcon, Anchor, Button, Group, Menu, Stack, Table, Text, TextInput, Title } from '@mantine/core';
import type { ConfigKind, ConfigKinds } from '@patchcord/contracts';
import { IconCopy, IconDots, IconPlus, IconSearch, IconTrash } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useEntities } from '../../../api/config.ts';
import { Problem } from '../../../parts/problem.tsx';
import { editorPath, newPath } from '../sections.ts';
import { DeleteQuestion } from './delete-question.tsx';

/** A column beside the name. */
interface Column<Entity> {
  readonly heading: string;
  readonly cell: (entity: Entity) => ReactNode;
  /** What the search looks through; without it the column is not searched. */
  readonly text?: (entity: Entity) => string;
}

interface EntityListProps<Kind extends ConfigKind> {
  readonly kind: Kind;
  readonly columns: readonly Column<ConfigKinds[Kind]>[];
  /** Beside the button that makes a new one. */
  readonly actions?: ReactNode;
  /** False: the kind has exactly those that it has, or is made elsewhere. */
  readonly canCreate?: boolean;
}

/** The entities of a kind by name: search, copy, delete, and a way to each one's editor. */
export function EntityList<Kind extends ConfigKind>(props: EntityListProps<Kind>) {
  const { kind, actions, canCreate = true } = props;
  const { t } = useTranslation();
  const { data: entities, error, refetch } = useEntities(kind);
  return (
    <Stack>
      <Group justify="space-between">
        <Title order={1} size="h2">
          {t(`admin.plurals.${kind as ConfigKind}`)}
        </Title>
        <Group gap="xs">
          {actions}
          {canCreate && (
            <Button component={Link} to={newPath(kind)} leftSection={<IconPlus size={16} aria-hidden />}>
              {t('admin.list.new')}
            </Button>
          )}
        </Group>
      </Group>
      <Text c="dimmed" maw={720}>
        {t(`admin.about.${kind as ConfigKind}`)}
      </Text>
      {error !== null && <Problem error={error} again={() => void refetch()} />}
      {entities?.length === 0 && <Text>{t('admin.list.none')}</Text>}
      {entities !== undefined && entities.length > 0 && <Found {...props} entities={entities} />}
    </Stack>
  );
}

type FoundProps<Kind extends ConfigKind> = EntityListProps<Kind> & { readonly entities: readonly ConfigKinds[Kind][] };

function Found<Kind extends ConfigKind>({ kind, columns, canCreate = true, entities }: FoundProps<Kind>) {
  const { t, i18n } = useTranslation();
  const [wanted, setWanted] = useState('');
  const [asked, setAsked] = useState<ConfigKinds[Kind]>();
  const textOf = (entity: ConfigKinds[Kind]): string =>
    [entity.id, entity.name, ...columns.map(({ text }) => text?.(entity) ?? '')].join(' ').toLowerCase();
  const shown = entities
    .filter((entity) => textOf(entity).includes(wanted.trim().toLowerCase()))
    .toSorted((a, b) => a.name.localeCompare(b.name, i18n.language));
  return (
    <>
      <TextInput
        type="search"
        aria-label={t('admin.list.search')}
        placeholder={t('admin.list.search')}
        leftSection={<IconSearch size={16} aria-hidden />}
        value={wanted}
        onChange={(event) => setWanted(event.currentTarget.value)}
        maw={360}
      />
      <Text size="sm" role="status">
        {t('admin.list.count', { count: shown.length })}
      </Text>
      <Table.ScrollContainer minWidth={480}>
        <Table striped highlightOnHover verticalSpacing="sm">
          <Table.Thead>
            <Table.Tr>
              {[t('admin.fields.name'), ...columns.map(({ heading }) => heading)].map((heading) => (
                <Table.Th key={heading} scope="col">
                  {heading}
                </Table.Th>
              ))}
              <Table.Td />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {shown.map((entity) => (
              <Table.Tr key={entity.id} data-entity={entity.id}>
                <Table.Th scope="row" fw={500}>
                  <Anchor component={Link} to={editorPath(kind, entity.id)} inherit>
                    {entity.name}
                  </Anchor>
                </Table.Th>
                {columns.map(({ heading, cell }) => (
                  <Table.Td key={heading}>{cell(entity)}</Table.Td>
                ))}
                <Table.Td ta="end">
                  <RowMenu kind={kind} entity={entity} canCopy={canCreate} onDelete={() => setAsked(entity)} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      <DeleteQuestion kind={kind} entity={asked} onClose={() => setAsked(undefined)} />
    </>
  );
}

interface RowMenuProps {
  readonly kind: ConfigKind;
  readonly entity: { readonly id: string; readonly name: string };
  readonly canCopy: boolean;
  readonly onDelete: () => void;
}

function RowMenu({ kind, entity, canCopy, onDelete }: RowMenuProps) {
  const { t } = useTranslation();
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="subtle" aria-label={t('admin.list.more', { name: entity.name })}>
          <IconDots size={18} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {canCopy && (
          <Menu.Item
            component={Link}
            to={`${newPath(kind)}?from=${encodeURIComponent(entity.id)}`}
            leftSection={<IconCopy size={16} aria-hidden />}
          >
            {t('admin.list.copy')}
          </Menu.Item>
        )}
        <Menu.Item color="red" leftSection={<IconTrash size={16} aria-hidden />} onClick={onDelete}>
          {t('admin.delete.do')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
