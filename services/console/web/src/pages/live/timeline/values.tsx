import { Code, Table, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

type Record_ = Readonly<Record<string, unknown>>;

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** An agent or a party is called by its name; all else is what it is. */
function shortOf(value: unknown): string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return textOf(value);
  const { name, agentId, number } = value as Record_;
  const told = [name, agentId, number].filter((part) => typeof part === 'string');
  return told.length === 0 ? textOf(value) : told.join(' · ');
}

/** The data of an event as people read it: names and values. */
export function Values({ of }: { readonly of: Record_ }) {
  return (
    <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
      {Object.entries(of).map(([name, value], at) => (
        <span key={name}>
          {at > 0 && ' · '}
          {name}: <bdi>{shortOf(value)}</bdi>
        </span>
      ))}
    </Text>
  );
}

interface ChangesProps {
  readonly changes: Record_;
  readonly before: Record_;
}

/** Values of the session: what they were, and what they are from now on. */
export function Changes({ changes, before }: ChangesProps) {
  const { t } = useTranslation();
  return (
    <Table.ScrollContainer minWidth={320} maw={720}>
      <Table verticalSpacing={2} fz="sm">
        <Table.Thead>
          <Table.Tr>
            {(['name', 'before', 'after'] as const).map((column) => (
              <Table.Th key={column} scope="col">
                {t(`timeline.changes.${column}`)}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {Object.entries(changes).map(([name, value]) => (
            <Table.Tr key={name} data-variable={name}>
              <Table.Td>
                <Code>{name}</Code>
              </Table.Td>
              <Table.Td style={{ overflowWrap: 'anywhere' }}>
                {name in before ? <bdi>{textOf(before[name])}</bdi> : t('timeline.changes.new')}
              </Table.Td>
              <Table.Td style={{ overflowWrap: 'anywhere' }}>
                {value === null ? t('timeline.changes.deleted') : <bdi>{textOf(value)}</bdi>}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
