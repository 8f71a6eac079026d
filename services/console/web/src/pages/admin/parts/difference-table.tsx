import { Code, Table, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { differences } from './differences.ts';

interface DifferenceTableProps {
  readonly before: unknown;
  readonly after: unknown;
  /** What the two columns are headed with. */
  readonly headings: readonly [string, string];
}

/** What changed between two versions, a field a row. */
export function DifferenceTable({ before, after, headings }: DifferenceTableProps) {
  const { t } = useTranslation();
  const found = differences(before, after);
  if (found.length === 0) return <Text size="sm">{t('admin.history.same')}</Text>;
  return (
    <Table.ScrollContainer minWidth={420}>
      <Table fz="sm" layout="fixed">
        <Table.Thead>
          <Table.Tr>
            {[t('admin.history.field'), ...headings].map((heading) => (
              <Table.Th key={heading} scope="col">
                {heading}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {found.map((one) => (
            <Table.Tr key={one.path}>
              <Table.Th scope="row" fw={500} style={{ overflowWrap: 'anywhere' }}>
                {one.path}
              </Table.Th>
              <Value value={one.before} />
              <Value value={one.after} />
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function Value({ value }: { readonly value: unknown }) {
  const { t } = useTranslation();
  if (value === undefined)
    return (
      <Table.Td>
        <Text size="sm" c="dimmed" fs="italic">
          {t('admin.history.absent')}
        </Text>
      </Table.Td>
    );
  const text = typeof value === 'string' ? value : JSON.stringify(value, null, 2);
  return (
    <Table.Td>
      <Code block p={4}>
        {text}
      </Code>
    </Table.Td>
  );
}
