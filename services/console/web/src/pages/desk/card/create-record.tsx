import { Button, Modal, Select, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { RunState } from './run-state.tsx';
import { type ActionDialogProps, closing } from './search-again.tsx';
import { useRun } from './use-run.ts';

/** Makes a record by one of the workflows that are configured for that. It is pinned and linked when it is there. */
export function CreateRecord(props: ActionDialogProps) {
  const { t } = useTranslation();
  return (
    <Modal opened={props.opened} onClose={props.onClose} title={t('card.create.title')} size="lg" {...closing(t)}>
      <CreateForm {...props} />
    </Modal>
  );
}

function CreateForm({ cardId, card, choices, onClose }: ActionDialogProps) {
  const { t } = useTranslation();
  const run = useRun(cardId, card);
  const [workflowId, setWorkflowId] = useState(choices.creations[0]?.id ?? '');
  const [values, setValues] = useState<Readonly<Record<string, string>>>({});
  const workflow = choices.creations.find(({ id }) => id === workflowId);
  const filled = Object.entries(values).filter(
    ([field, value]) => value.trim() !== '' && workflow?.fields.some(({ name }) => name === field),
  );
  const isDone = !run.isUnderWay && run.runs.some(({ outcome }) => outcome === 'written');
  const submit = (): void =>
    run.start({ kind: 'create', body: { workflow: workflowId, values: Object.fromEntries(filled) } });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <Stack>
        <Text size="sm">{t('card.create.help')}</Text>
        <Select
          label={t('card.create.what')}
          data={choices.creations.map(({ id, name }) => ({ value: id, label: name }))}
          value={workflowId}
          allowDeselect={false}
          onChange={(value) => setWorkflowId(value ?? '')}
        />
        {workflow?.fields.map(({ name, isPreset }) => (
          <TextInput
            key={name}
            label={name}
            description={isPreset ? t('card.create.preset') : undefined}
            maxLength={32_768}
            value={values[name] ?? ''}
            onChange={({ currentTarget: { value } }) => setValues((before) => ({ ...before, [name]: value }))}
          />
        ))}
        <RunState run={run} />
        {isDone ? (
          <Button onClick={onClose}>{t('common.close')}</Button>
        ) : (
          <Button type="submit" loading={run.isUnderWay}>
            {t('card.create.submit')}
          </Button>
        )}
      </Stack>
    </form>
  );
}
