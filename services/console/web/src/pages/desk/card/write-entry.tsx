import { Button, Group, Modal, Select, Stack, Text, Textarea } from '@mantine/core';
import type { CardRecord } from '@patchcord/contracts';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { RunState } from './run-state.tsx';
import { type ActionDialogProps, closing } from './search-again.tsx';
import { useRun } from './use-run.ts';

interface WriteEntryProps extends ActionDialogProps {
  /** An entry in the CRM's timeline, or what the campaign keeps of a conversation. */
  readonly kind: 'timeline' | 'memorialize';
}

/** Writes into the CRM what the agent says, by the campaign's workflow for that. */
export function WriteEntry(props: WriteEntryProps) {
  const { t } = useTranslation();
  const { kind, opened, onClose } = props;
  return (
    <Modal opened={opened} onClose={onClose} title={t(`card.write.${kind}.title`)} size="lg" {...closing(t)}>
      <WriteForm {...props} />
    </Modal>
  );
}

type Run = ReturnType<typeof useRun>;

function WriteForm({ cardId, card, choices, kind, onClose }: WriteEntryProps) {
  const { t } = useTranslation();
  const run = useRun(cardId, card);
  const [text, setText] = useState('');
  const [record, setRecord] = useState('');
  const [isTried, setTried] = useState(false);
  const records = kind === 'memorialize' ? [...card.current, ...card.related] : [];
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setTried(true);
    if (text.trim() === '') return;
    const chosen = records.find((one) => keyOf(one) === record);
    const about = chosen === undefined ? {} : { record: { module: chosen.module, id: chosen.id } };
    run.start(kind === 'timeline' ? { kind, body: { text } } : { kind, body: { text, ...about } });
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <Text size="sm">{t(`card.write.${kind}.help`)}</Text>
        <Textarea
          label={t('card.write.text')}
          autosize
          minRows={4}
          maxRows={14}
          maxLength={32_768}
          data-autofocus
          withAsterisk
          value={text}
          error={isTried && text.trim() === '' && t('card.required')}
          onChange={({ currentTarget: { value } }) => setText(value)}
        />
        {records.length > 0 && <RecordChoice records={records} value={record} onChange={setRecord} />}
        <RunState run={run} />
        <Buttons
          run={run}
          submit={t(`card.write.${kind}.submit`)}
          note={card.notes.find(({ by }) => by === choices.by)?.text ?? ''}
          onTakeNote={(note) => setText((before) => [before, note].filter(Boolean).join('\n'))}
          onClose={onClose}
        />
      </Stack>
    </form>
  );
}

const keyOf = ({ module, id }: CardRecord): string => `${module} ${id}`;

interface RecordChoiceProps {
  readonly records: readonly CardRecord[];
  readonly value: string;
  readonly onChange: (key: string) => void;
}

function RecordChoice({ records, value, onChange }: RecordChoiceProps) {
  const { t } = useTranslation();
  return (
    <Select
      label={t('card.write.record')}
      description={t('card.write.recordHelp')}
      placeholder={t('card.write.asConfigured')}
      clearable
      data={records.map((one) => ({ value: keyOf(one), label: `${one.title} (${one.module})` }))}
      value={value === '' ? null : value}
      onChange={(chosen) => onChange(chosen ?? '')}
    />
  );
}

interface ButtonsProps {
  readonly run: Run;
  readonly submit: string;
  readonly note: string;
  readonly onTakeNote: (note: string) => void;
  readonly onClose: () => void;
}

function Buttons({ run, submit, note, onTakeNote, onClose }: ButtonsProps) {
  const { t } = useTranslation();
  const isDone = !run.isUnderWay && run.runs.some(({ outcome }) => outcome === 'written');
  if (isDone) return <Button onClick={onClose}>{t('common.close')}</Button>;
  return (
    <Group>
      <Button type="submit" loading={run.isUnderWay}>
        {submit}
      </Button>
      {note !== '' && (
        <Button variant="default" onClick={() => onTakeNote(note)}>
          {t('card.write.takeNote')}
        </Button>
      )}
    </Group>
  );
}
