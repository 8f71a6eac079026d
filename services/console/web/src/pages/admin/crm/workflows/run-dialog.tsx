import { Alert, Button, Group, Modal, Stack, Text, Textarea, TextInput } from '@mantine/core';
import type { RunWorkflowReply } from '@patchcord/contracts';
import { IconPlayerPlay } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { type SyntheticEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ask } from '../../../../api/client.ts';
import { Problem } from '../../../../parts/problem.tsx';
import { type Pair, PairRows, recordOf } from '../../parts/pair-rows.tsx';
import { RunResult } from './run-result.tsx';
import { type WorkflowValues, writes } from './workflow-form.ts';

interface RunDialogProps {
  readonly id: string;
  readonly values: WorkflowValues;
  readonly isChanged: boolean;
}

/** Runs a stored workflow, so that people see what comes of it. One that writes says so before. */
export function RunDialog({ id, values, isChanged }: RunDialogProps) {
  const { t } = useTranslation();
  const [opened, setOpened] = useState(false);
  return (
    <>
      <Button variant="light" leftSection={<IconPlayerPlay size={16} aria-hidden />} onClick={() => setOpened(true)}>
        {t('adminCrm.run.open')}
      </Button>
      {opened && (
        <Modal
          opened
          onClose={() => setOpened(false)}
          size="xl"
          title={t('adminCrm.run.title', { name: values.name })}
          closeButtonProps={{ 'aria-label': t('common.close') }}
        >
          <Stack>
            {isChanged && <Alert color="orange">{t('adminCrm.run.changed')}</Alert>}
            <Run id={id} values={values} />
          </Stack>
        </Modal>
      )}
    </>
  );
}

interface Input {
  readonly phoneNumber: string;
  readonly text: string;
  readonly entity: string;
  readonly filter: string;
  readonly module: string;
  readonly recordId: string;
  readonly values: Pair[];
}

const nothing: Input = { phoneNumber: '', text: '', entity: '', filter: '', module: '', recordId: '', values: [] };

/** What is left empty is not told. */
const inputOf = ({ phoneNumber, text, entity, filter, module, recordId, values }: Input): object => ({
  ...(phoneNumber.trim() === '' ? {} : { phoneNumber: phoneNumber.trim() }),
  ...(text === '' ? {} : { text }),
  ...(entity === '' ? {} : { search: { entity, filter } }),
  ...(recordId === '' ? {} : { record: { module, id: recordId } }),
  ...(values.length === 0 ? {} : { values: recordOf(values) }),
});

function Run({ id, values }: Omit<RunDialogProps, 'isChanged'>) {
  const { t } = useTranslation();
  const [input, setInput] = useState<Input>({ ...nothing, module: values.module });
  const run = useMutation({
    mutationFn: () =>
      ask<RunWorkflowReply>(`/v1/workflows/${encodeURIComponent(id)}/run`, {
        method: 'POST',
        body: { workflowInput: inputOf(input) },
      }),
  });
  const isWriting = writes(values.type);
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    // The dialog lies within the form of the workflow, as React sees it.
    event.stopPropagation();
    if (!run.isPending) run.mutate();
  };
  return (
    <>
      <form onSubmit={submit} noValidate>
        <Stack>
          <Inputs values={values} input={input} set={(part) => setInput((was) => ({ ...was, ...part }))} />
          {isWriting && (
            <Alert color="red" title={t('adminCrm.run.writesTitle')}>
              {t('adminCrm.run.writes')}
            </Alert>
          )}
          <Group>
            <Button type="submit" color={isWriting ? 'red' : 'teal'} loading={run.isPending}>
              {t(isWriting ? 'adminCrm.run.runAndWrite' : 'adminCrm.run.run')}
            </Button>
          </Group>
        </Stack>
      </form>
      <div role="status">
        {run.isPending && <Text size="sm">{t('adminCrm.test.running')}</Text>}
        {run.data !== undefined && !run.isPending && <RunResult reply={run.data} />}
      </div>
      {run.error !== null && <Problem error={run.error} />}
    </>
  );
}

interface InputsProps {
  readonly values: WorkflowValues;
  readonly input: Input;
  readonly set: (part: Partial<Input>) => void;
}

/** What this type is started with. */
function Inputs({ values: { type, module }, input, set }: InputsProps) {
  const { t } = useTranslation();
  const isOpenSearch = type === 'search' && module === '';
  const hasRecord = type === 'update' || type === 'timeline';
  const text = (field: 'phoneNumber' | 'entity' | 'filter' | 'module' | 'recordId', placeholder: string) => (
    <TextInput
      label={t(`adminCrm.run.${field}`)}
      placeholder={placeholder}
      value={input[field]}
      onChange={(event) => set({ [field]: event.currentTarget.value })}
    />
  );
  return (
    <>
      {text('phoneNumber', '+14155550123')}
      {isOpenSearch && (
        <Group grow align="start">
          {text('entity', 'Contact')}
          {text('filter', "LastName = 'Weber'")}
        </Group>
      )}
      {hasRecord && (
        <Group grow align="start">
          {text('module', 'Contact')}
          {text('recordId', '003…')}
        </Group>
      )}
      {writes(type) && (
        <Textarea
          label={t('adminCrm.run.text')}
          autosize
          minRows={2}
          value={input.text}
          onChange={(event) => set({ text: event.currentTarget.value })}
        />
      )}
      {writes(type) && type !== 'timeline' && (
        <PairRows
          label={t('adminCrm.run.values')}
          description={t('adminCrm.run.valuesHelp')}
          nameLabel={t('adminCrm.field.field')}
          valueLabel={t('adminCrm.advanced.value')}
          pairs={input.values}
          onChange={(values) => set({ values })}
        />
      )}
    </>
  );
}
