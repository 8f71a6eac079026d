import { Button, Group, Stack, Table, Text, Title } from '@mantine/core';
import type { BadLine } from '@patchcord/contracts';
import { IconDownload } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useImportReport } from '../../../api/imports.ts';
import { Problem } from '../../../parts/problem.tsx';

const shown = 20;

/** Which lines were refused, and why; all that are known can be downloaded. */
export function BadLines({ importId, refused }: { readonly importId: string; readonly refused: number }) {
  const { t } = useTranslation();
  const { data, error } = useImportReport(importId, refused > 0);
  if (refused === 0) return undefined;
  if (error !== null) return <Problem error={error} />;
  if (data === undefined) return undefined;
  const { badLines } = data;
  const headings = [t('adminContacts.bad.line'), t('adminContacts.bad.column'), t('adminContacts.bad.reason')];
  return (
    <Stack gap="xs">
      <Group justify="space-between">
        <Title order={2} size="h4">
          {t('adminContacts.bad.title')}
        </Title>
        <Button
          variant="default"
          leftSection={<IconDownload size={16} aria-hidden />}
          onClick={() => download(`${importId}-refused.csv`, csvOf(headings, badLines))}
        >
          {t('adminContacts.bad.download')}
        </Button>
      </Group>
      {badLines.length > shown && <Text size="sm">{t('adminContacts.bad.first', { count: shown })}</Text>}
      <Table.ScrollContainer minWidth={480}>
        <Table fz="sm" striped>
          <Table.Thead>
            <Table.Tr>
              {headings.map((heading) => (
                <Table.Th key={heading} scope="col">
                  {heading}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {badLines.slice(0, shown).map(({ line, column, reason, record }) => (
              <Table.Tr key={line}>
                <Table.Td>{record === undefined ? line : `${line} (${record})`}</Table.Td>
                <Table.Td>{column}</Table.Td>
                <Table.Td>{reason}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Stack>
  );
}

/** Our own sentences and names of columns: quoted, so that no spreadsheet reads one as a formula. */
const csvOf = (headings: readonly string[], badLines: readonly BadLine[]): string =>
  [headings, ...badLines.map(({ line, column = '', reason }) => [String(line), column, reason])]
    .map((row) => row.map((text) => `"${text.replace(/^[=+\-@]/, "'$&").replaceAll('"', '""')}"`).join(','))
    .join('\r\n');

function download(name: string, csv: string): void {
  const url = URL.createObjectURL(new Blob(['\uFEFF', csv], { type: 'text/csv' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
