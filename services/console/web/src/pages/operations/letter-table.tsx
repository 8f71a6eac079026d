import { Anchor, Checkbox, Table, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { formatTime } from '../../i18n/format.ts';
import { FailureText } from '../../parts/failure-text.tsx';
import type { Letter } from './use-dead-letters.ts';

type Chosen = ReadonlyMap<string, Letter>;

interface LetterTableProps {
  readonly letters: readonly Letter[];
  readonly chosen: Chosen;
  readonly choose: (chosen: Chosen) => void;
}

const columns = ['consumer', 'failure', 'call', 'attempts', 'died'] as const;

export function LetterTable({ letters, chosen, choose }: LetterTableProps) {
  const { t } = useTranslation();
  const shown = letters.filter(({ id }) => chosen.has(id)).length;
  const toggleAll = (): void => {
    const after = new Map(chosen);
    for (const letter of letters) {
      if (shown === letters.length) after.delete(letter.id);
      else after.set(letter.id, letter);
    }
    choose(after);
  };
  const toggle = (letter: Letter): void => {
    const after = new Map(chosen);
    if (!after.delete(letter.id)) after.set(letter.id, letter);
    choose(after);
  };
  return (
    <Table.ScrollContainer minWidth={720}>
      <Table striped highlightOnHover verticalSpacing="xs">
        <Table.Thead>
          <Table.Tr>
            <Table.Th w={40}>
              <Checkbox
                aria-label={t('ops.dead.chooseShown')}
                checked={shown === letters.length}
                indeterminate={shown > 0 && shown < letters.length}
                onChange={toggleAll}
              />
            </Table.Th>
            {columns.map((column) => (
              <Table.Th key={column} scope="col">
                {t(`ops.dead.columns.${column}`)}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {letters.map((letter) => (
            <LetterRow key={letter.id} letter={letter} isChosen={chosen.has(letter.id)} toggle={() => toggle(letter)} />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

interface LetterRowProps {
  readonly letter: Letter;
  readonly isChosen: boolean;
  readonly toggle: () => void;
}

function LetterRow({ letter, isChosen, toggle }: LetterRowProps) {
  const { t, i18n } = useTranslation();
  const { id, consumer, service, failure, callId, attempts, diedAt } = letter;
  return (
    <Table.Tr data-letter-id={id}>
      <Table.Td>
        <Checkbox aria-label={t('ops.dead.choose', { consumer, id })} checked={isChosen} onChange={toggle} />
      </Table.Td>
      <Table.Td>
        <Text size="sm">{consumer}</Text>
        {service !== 'crm-dispatcher' && (
          <Text size="xs" c="dimmed">
            {service}
          </Text>
        )}
      </Table.Td>
      <Table.Td maw={320}>
        <Text size="sm" lineClamp={4}>
          <FailureText failure={failure} />
        </Text>
        <Text size="xs" c="dimmed">
          {failure.code}
        </Text>
      </Table.Td>
      <Table.Td>
        {callId !== undefined && (
          <Anchor component={Link} to={`/live/${encodeURIComponent(callId)}`} size="sm">
            {callId}
          </Anchor>
        )}
      </Table.Td>
      <Table.Td>{attempts}</Table.Td>
      <Table.Td style={{ whiteSpace: 'nowrap' }}>
        <time dateTime={diedAt}>{formatTime(diedAt, i18n.language)}</time>
      </Table.Td>
    </Table.Tr>
  );
}
