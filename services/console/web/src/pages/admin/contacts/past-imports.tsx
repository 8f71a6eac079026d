import { Table, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useImports } from '../../../api/imports.ts';
import { formatTime } from '../../../i18n/format.ts';
import { Problem } from '../../../parts/problem.tsx';

/** What was imported into a database before. */
export function PastImports({ databaseId }: { readonly databaseId: string }) {
  const { t, i18n } = useTranslation();
  const { data, error, refetch } = useImports();
  if (error !== null) return <Problem error={error} again={() => void refetch()} />;
  const own = data?.filter((one) => one.databaseId === databaseId) ?? [];
  if (data !== undefined && own.length === 0) return <Text>{t('adminContacts.past.none')}</Text>;
  const counts = ['added', 'updated', 'unchanged', 'refused'] as const;
  return (
    <Table.ScrollContainer minWidth={640}>
      <Table fz="sm" striped>
        <Table.Thead>
          <Table.Tr>
            {(['at', 'from', 'state'] as const).map((heading) => (
              <Table.Th key={heading} scope="col">
                {t(`adminContacts.past.${heading}`)}
              </Table.Th>
            ))}
            {counts.map((count) => (
              <Table.Th key={count} scope="col">
                {t(`adminContacts.counts.${count}`)}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {own.map((one) => (
            <Table.Tr key={one.importId}>
              <Table.Td>
                <time dateTime={one.startedAt}>{formatTime(one.startedAt, i18n.language)}</time>
              </Table.Td>
              <Table.Td>
                {one.crm === undefined ? t('adminContacts.past.file') : `${one.crm.connectionId}: ${one.crm.module}`}
              </Table.Td>
              <Table.Td>{t(`adminContacts.states.${one.state}`)}</Table.Td>
              {counts.map((count) => (
                <Table.Td key={count}>{one[count].toLocaleString(i18n.language)}</Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
