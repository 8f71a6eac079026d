import { Anchor, Stack, Tabs, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { useEntity } from '../../../api/config.ts';
import { Problem } from '../../../parts/problem.tsx';
import { editorPath } from '../sections.ts';
import { CrmImport } from './crm-import.tsx';
import { CsvImport } from './csv-import.tsx';
import { PastImports } from './past-imports.tsx';

/** Contacts come into a database: from a file, or from a CRM. */
export function ImportPage() {
  const { t } = useTranslation();
  const { id = '' } = useParams();
  const { data: stored, error, refetch } = useEntity('contact-database', id);
  return (
    <Stack maw={1100}>
      <Title order={1} size="h2">
        {t('adminContacts.import.title')}
      </Title>
      {error !== null && <Problem error={error} again={() => void refetch()} />}
      {stored !== undefined && (
        <>
          <Anchor component={Link} to={editorPath('contact-database', id)}>
            {stored.entity.name}
          </Anchor>
          <Tabs defaultValue="file" keepMounted>
            <Tabs.List>
              <Tabs.Tab value="file">{t('adminContacts.import.file')}</Tabs.Tab>
              <Tabs.Tab value="crm">{t('adminContacts.import.crm')}</Tabs.Tab>
              <Tabs.Tab value="past">{t('adminContacts.import.past')}</Tabs.Tab>
            </Tabs.List>
            <Tabs.Panel value="file" pt="md">
              <CsvImport database={stored.entity} />
            </Tabs.Panel>
            <Tabs.Panel value="crm" pt="md">
              <CrmImport database={stored.entity} />
            </Tabs.Panel>
            <Tabs.Panel value="past" pt="md">
              <PastImports databaseId={id} />
            </Tabs.Panel>
          </Tabs>
        </>
      )}
    </Stack>
  );
}
