import { Badge, Button, Group, List, Modal, Progress, Stack, Table, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FailureText } from '../../parts/failure-text.tsx';
import type { Letter } from './use-dead-letters.ts';
import { type Deed, type LetterOutcome, type LetterRun, useLetterRun } from './use-letter-run.ts';

interface LetterDialogProps {
  readonly deed: Deed;
  readonly letters: readonly Letter[];
  readonly close: () => void;
}

/** Asks whether it is meant, says of whom, and then shows how it goes, one by one. */
export function LetterDialog({ deed, letters, close }: LetterDialogProps) {
  const { t } = useTranslation();
  const run = useLetterRun();
  const [chosen] = useState(letters);
  const isRunning = run.state === 'running';
  return (
    <Modal
      opened
      onClose={close}
      closeOnClickOutside={run.state === 'asked'}
      closeOnEscape={!isRunning}
      withCloseButton={!isRunning}
      size="lg"
      title={t(`ops.dead.dialog.${deed}`, { count: chosen.length })}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      {run.state === 'asked' ? (
        <Question deed={deed} letters={chosen} run={run} close={close} />
      ) : (
        <Course letters={chosen} run={run} close={close} deed={deed} />
      )}
    </Modal>
  );
}

interface PartProps extends LetterDialogProps {
  readonly run: LetterRun;
}

function Question({ deed, letters, run, close }: PartProps) {
  const { t } = useTranslation();
  const [note, setNote] = useState('');
  const byConsumer = Map.groupBy(letters, ({ consumer }) => consumer);
  const isMissing = deed === 'discard' && note.trim() === '';
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (!isMissing) void run.begin(deed, letters, note.trim());
      }}
    >
      <Stack>
        <Text>{t(`ops.dead.dialog.${deed}Means`)}</Text>
        <List size="sm">
          {[...byConsumer].map(([consumer, all]) => (
            <List.Item key={consumer}>{t('ops.dead.dialog.of', { count: all.length, consumer })}</List.Item>
          ))}
        </List>
        {deed === 'discard' && (
          <TextInput
            data-autofocus
            required
            maxLength={1000}
            label={t('ops.dead.dialog.note')}
            description={t('ops.dead.dialog.noteHelp')}
            placeholder={t('ops.dead.dialog.noteExample')}
            value={note}
            onChange={({ currentTarget }) => setNote(currentTarget.value)}
          />
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" color={deed === 'discard' ? 'red' : 'teal'} disabled={isMissing}>
            {t(`ops.dead.${deed}`)}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

const colours = { done: 'teal', closed: 'gray', failed: 'red' } as const;

function Course({ deed, letters, run, close }: PartProps) {
  const { t } = useTranslation();
  const { state, outcomes } = run;
  const counts = Map.groupBy(outcomes.values(), ({ outcome }) => outcome);
  const count = (outcome: LetterOutcome['outcome']): number => counts.get(outcome)?.length ?? 0;
  const told = { done: count('done'), closed: count('closed'), failed: count('failed') };
  return (
    <Stack>
      <Progress
        value={(outcomes.size / letters.length) * 100}
        aria-label={t('ops.dead.dialog.progress')}
        color={told.failed === 0 ? 'teal' : 'orange'}
      />
      <Text role="status">
        {t(`ops.dead.dialog.${deed}${state === 'over' ? 'Over' : 'Running'}`, { ...told, of: letters.length })}
      </Text>
      <Results letters={letters} run={run} />
      <Group justify="flex-end">
        {state === 'running' ? (
          <Button variant="default" onClick={run.stop}>
            {t('ops.dead.dialog.stop')}
          </Button>
        ) : (
          <Button data-autofocus onClick={close}>
            {t('common.close')}
          </Button>
        )}
      </Group>
    </Stack>
  );
}

/** Those that failed first: they are what somebody has to look at. */
function Results({ letters, run: { outcomes } }: Pick<PartProps, 'letters' | 'run'>) {
  const { t } = useTranslation();
  const known = letters.flatMap((letter) => {
    const result = outcomes.get(letter.id);
    return result === undefined ? [] : [{ letter, result }];
  });
  const order = ({ result }: (typeof known)[number]): number => (result.outcome === 'failed' ? 0 : 1);
  return (
    <Table.ScrollContainer minWidth={420} mah={320}>
      <Table verticalSpacing={4}>
        <Table.Tbody>
          {known
            .toSorted((a, b) => order(a) - order(b))
            .slice(0, 200)
            .map(({ letter, result }) => (
              <Table.Tr key={letter.id} data-result={result.outcome}>
                <Table.Td w={130}>
                  <Badge color={colours[result.outcome]} variant="light" tt="none" miw="max-content">
                    {t(`ops.dead.outcomes.${result.outcome}`)}
                  </Badge>
                </Table.Td>
                <Table.Td>{letter.consumer}</Table.Td>
                <Table.Td>
                  {result.outcome === 'failed' ? <FailureText failure={result.failure} /> : letter.callId}
                </Table.Td>
              </Table.Tr>
            ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
