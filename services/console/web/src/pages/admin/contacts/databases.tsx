import { Button, Group, NumberInput, Select, SimpleGrid, Stack, TagsInput, Text } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import type { ContactDatabase } from '@patchcord/contracts';
import { IconDownload, IconUpload } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { lazy } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, Route, Routes } from 'react-router';
import { ask } from '../../../api/client.ts';
import { EntityEditor } from '../parts/entity-editor.tsx';
import { EntityList } from '../parts/entity-list.tsx';
import { EntityPages } from '../parts/entity-pages.tsx';
import { listPath } from '../sections.ts';

const ImportPage = lazy(async () => ({ default: (await import('./import-page.tsx')).ImportPage }));

/** Contacts that callers are looked up in, and how they get there. */
export const ContactDatabases = () => (
  <Routes>
    <Route path="import/:id" element={<ImportPage />} />
    <Route path="*" element={<EntityPages list={<DatabaseList />} editor={<DatabaseEditor />} />} />
  </Routes>
);

const importPath = (id: string): string => `${listPath('contact-database')}/import/${encodeURIComponent(id)}`;
const exportPath = (id: string): string => `/v1/contact-databases/${encodeURIComponent(id)}/export`;

function DatabaseList() {
  const { t } = useTranslation();
  return (
    <EntityList
      kind="contact-database"
      columns={[
        {
          heading: t('adminContacts.database.columns'),
          cell: ({ columns }) => columns.join(', '),
          text: ({ columns }) => columns.join(' '),
        },
        {
          heading: t('adminContacts.import.title'),
          cell: ({ id, name }) => (
            <Button
              component={Link}
              to={importPath(id)}
              size="compact-sm"
              variant="light"
              aria-label={`${t('adminContacts.import.title')}: ${name}`}
            >
              {t('adminContacts.import.start')}
            </Button>
          ),
        },
      ]}
    />
  );
}

interface DatabaseValues {
  readonly id: string;
  readonly name: string;
  readonly columns: readonly string[];
  readonly phoneColumns: readonly string[];
  readonly externalIdColumn: string | null;
  readonly lastDigits: number | string;
}

const empty: DatabaseValues = {
  id: '',
  name: '',
  columns: ['phone', 'name'],
  phoneColumns: ['phone'],
  externalIdColumn: null,
  lastDigits: 8,
};

const DatabaseEditor = () => (
  <EntityEditor
    kind="contact-database"
    empty={empty}
    toForm={({ externalIdColumn, ...database }: ContactDatabase): DatabaseValues => ({
      ...database,
      externalIdColumn: externalIdColumn ?? null,
    })}
    toEntity={({ externalIdColumn, ...database }) => ({
      ...database,
      ...(externalIdColumn === null ? {} : { externalIdColumn }),
    })}
  >
    {(form, stored) => (
      <Stack>
        <DatabaseFields form={form} />
        <Contents id={stored?.id} />
      </Stack>
    )}
  </EntityEditor>
);

function DatabaseFields({ form }: { readonly form: UseFormReturnType<DatabaseValues> }) {
  const { t } = useTranslation();
  const { columns, phoneColumns } = form.values;
  const below = (path: string) => Object.entries(form.errors).find(([field]) => field.startsWith(path))?.[1];
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }}>
      <TagsInput
        label={t('adminContacts.database.columns')}
        description={t('adminContacts.database.columnsHelp')}
        required
        {...form.getInputProps('columns')}
        value={[...columns]}
        error={below('columns')}
      />
      <TagsInput
        label={t('adminContacts.database.phoneColumns')}
        description={t('adminContacts.database.phoneHelp')}
        data={[...new Set(columns)]}
        required
        {...form.getInputProps('phoneColumns')}
        value={[...phoneColumns]}
        error={below('phoneColumns')}
      />
      <Select
        label={t('adminContacts.database.externalId')}
        description={t('adminContacts.database.externalHelp')}
        placeholder={t('adminContacts.database.noExternal')}
        data={[...new Set(columns)]}
        clearable
        {...form.getInputProps('externalIdColumn')}
      />
      <NumberInput
        label={t('adminContacts.database.lastDigits')}
        description={t('adminContacts.database.lastHelp')}
        min={0}
        max={15}
        allowDecimal={false}
        {...form.getInputProps('lastDigits')}
      />
    </SimpleGrid>
  );
}

/** How many contacts there are, and the ways in and out. */
function Contents({ id }: { readonly id: string | undefined }) {
  const { t } = useTranslation();
  const { data } = useQuery({
    queryKey: ['contact-count', id],
    queryFn: () => ask<{ contacts: number }>(`/v1/contact-databases/${encodeURIComponent(id ?? '')}/metadata`),
    enabled: id !== undefined,
    staleTime: 0,
  });
  if (id === undefined) return <Text size="sm">{t('adminContacts.database.saveFirst')}</Text>;
  return (
    <Group>
      <Button component={Link} to={importPath(id)} variant="light" leftSection={<IconUpload size={16} aria-hidden />}>
        {t('adminContacts.import.title')}
      </Button>
      <Button
        component="a"
        href={exportPath(id)}
        download
        variant="default"
        leftSection={<IconDownload size={16} aria-hidden />}
      >
        {t('adminContacts.database.export')}
      </Button>
      {data !== undefined && <Text size="sm">{t('adminContacts.database.count', { count: data.contacts })}</Text>}
    </Group>
  );
}
