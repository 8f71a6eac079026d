import { Alert, Select, Stack, Table, Text, Title } from '@mantine/core';
import type { ContactDatabase } from '@patchcord/contracts';
import { useTranslation } from 'react-i18next';
import type { CsvBeginning } from './read-csv.ts';

/** Column of the file to column of the database. */
export type Assignment = Readonly<Record<string, string>>;

const plain = (name: string): string => name.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '');

/** What is called the same, in whatever spelling. */
export function firstAssignment(header: readonly string[], columns: readonly string[]): Assignment {
  const found: Record<string, string> = {};
  for (const name of header) {
    const column = columns.find((one) => plain(one) === plain(name) && !Object.values(found).includes(one));
    if (column !== undefined) found[name] ??= column;
  }
  return found;
}

/** A column without which there can be no import. */
export function missingColumn(
  assignment: Assignment,
  { columns, phoneColumns }: ContactDatabase,
  update: boolean,
): string | undefined {
  const given = new Set(Object.values(assignment));
  return [...phoneColumns.slice(0, 1), ...(update ? columns : [])].find((column) => !given.has(column));
}

interface AssignColumnsProps {
  readonly beginning: CsvBeginning;
  readonly database: ContactDatabase;
  readonly assignment: Assignment;
  readonly missing: string | undefined;
  readonly onChange: (assignment: Assignment) => void;
}

/** The first rows of the file, and above each column where it goes. */
export function AssignColumns({ beginning, database, assignment, missing, onChange }: AssignColumnsProps) {
  const { t } = useTranslation();
  const { header, rows } = beginning;
  const isMainPhone = missing === database.phoneColumns[0];
  const assign = (name: string, column: string | null): void => {
    const others = Object.entries(assignment).filter(([one, taken]) => one !== name && taken !== column);
    onChange(Object.fromEntries(column === null ? others : [...others, [name, column]]));
  };
  return (
    <Stack gap="xs">
      <Title order={2} size="h4">
        {t('adminContacts.import.assign')}
      </Title>
      <Table.ScrollContainer minWidth={header.length * 160}>
        <Table fz="sm" withTableBorder withColumnBorders>
          <Table.Thead>
            <Table.Tr>
              {header.map((name, at) => (
                <Table.Th key={at} scope="col" style={{ verticalAlign: 'top' }}>
                  <Text size="sm" fw={600} mb={4}>
                    {name}
                  </Text>
                  <Select
                    aria-label={t('adminContacts.import.targetOf', { name })}
                    placeholder={t('adminContacts.import.leftOut')}
                    data={[...database.columns]}
                    clearable
                    size="xs"
                    disabled={header.indexOf(name) < at}
                    value={header.indexOf(name) < at ? null : (assignment[name] ?? null)}
                    onChange={(column) => assign(name, column)}
                  />
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map((row, line) => (
              <Table.Tr key={line}>
                {header.map((_, at) => (
                  <Table.Td key={at} maw={240} style={{ overflowWrap: 'anywhere' }}>
                    {row[at]}
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {missing !== undefined && (
        <Alert color="orange" role="status">
          {t(isMainPhone ? 'adminContacts.import.needPhone' : 'adminContacts.import.needAll', { column: missing })}
        </Alert>
      )}
    </Stack>
  );
}
