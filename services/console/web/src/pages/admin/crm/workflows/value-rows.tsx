import { ActionIcon, Group, NumberInput, Select, Stack, Text, Title } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFields, useModules } from '../../../../api/crm-fields.ts';
import { FieldFacts, FieldPicker } from '../pickers.tsx';
import { TextWithItems } from '../text-with-items.tsx';
import type { ValueRow } from './workflow-form.ts';
import type { WorkflowForm } from './workflows.tsx';

interface ValueRowsProps {
  readonly form: WorkflowForm;
  readonly field: 'equals' | 'values';
}

/** Fields and their values: what is searched for, or written. One is added by picking it. */
export function ValueRows({ form, field: of }: ValueRowsProps) {
  const { t } = useTranslation();
  const [wanted, setWanted] = useState('');
  const { connection, type } = form.values;
  const { data: about } = useModules(connection);
  // A timeline entry is a record of the module in which the CRM keeps calls.
  const module = type === 'timeline' ? (about?.about.calls.module ?? '') : form.values.module;
  const { data } = useFields(connection, module);
  const rows = form.values[of];
  const set = (next: ValueRow[]): void => form.setFieldValue(of, next);
  const pick = (field: string): void => {
    // The picker writes the name into its field once more after it was chosen.
    queueMicrotask(() => setWanted(''));
    if (!rows.some((row) => row.field === field)) set([...rows, { field, type: 'text', text: '' }]);
  };
  return (
    <Stack gap="sm" role="group" aria-label={t(`adminCrm.workflow.${of}`)}>
      <div>
        <Title order={2} size="h6">
          {t(`adminCrm.workflow.${of}`)}
        </Title>
        <Text size="sm" c="dimmed">
          {t(`adminCrm.workflow.${of}Help`)}
        </Text>
      </div>
      {form.errors[of] !== undefined && <Text c="var(--mantine-color-error)">{form.errors[of]}</Text>}
      {rows.map((row, at) => (
        <Row
          key={row.field}
          row={row}
          told={<FieldFacts field={data?.fields?.find(({ name }) => name === row.field)} />}
          set={(part) => set(rows.map((one, i) => (i === at ? { ...one, ...part } : one)))}
          remove={() => set(rows.filter((_, i) => i !== at))}
          error={form.errors[`${of}.${row.field}`]}
        />
      ))}
      <Group maw={480} grow>
        <FieldPicker
          connection={connection}
          module={module}
          writable={of === 'values'}
          label={t('adminCrm.mapping.addField')}
          value={wanted}
          onChange={setWanted}
          onPick={pick}
        />
      </Group>
    </Stack>
  );
}

interface RowProps {
  readonly row: ValueRow;
  readonly told: ReactNode;
  readonly set: (part: Partial<ValueRow>) => void;
  readonly remove: () => void;
  readonly error: ReactNode;
}

const types = ['text', 'number', 'yes', 'no', 'nothing'] as const;

function Row({ row: { field, type, text }, told, set, remove, error }: RowProps) {
  const { t } = useTranslation();
  const label = t('adminCrm.workflow.valueOf', { field });
  return (
    <Stack gap={4} role="group" aria-label={field} data-field={field}>
      <Group gap="xs">
        <Text fw={600} size="sm">
          {field}
        </Text>
        {told}
      </Group>
      <Group gap="xs" align="start" wrap="nowrap">
        <Select
          aria-label={t('adminCrm.workflow.typeOf', { field })}
          data={types.map((one) => ({ value: one, label: t(`adminCrm.workflow.valueTypes.${one}`) }))}
          allowDeselect={false}
          w={150}
          value={type}
          onChange={(next) => set({ type: next as ValueRow['type'] })}
        />
        <div style={{ flex: 1 }}>
          {type === 'text' && (
            <TextWithItems
              of="call"
              ariaLabel={label}
              placeholder="{ivr.name|Unknown}"
              value={text}
              onChange={(next) => set({ text: next })}
              error={error}
            />
          )}
          {type === 'number' && (
            <NumberInput
              aria-label={label}
              value={text}
              onChange={(next) => set({ text: String(next) })}
              error={error}
            />
          )}
        </div>
        <ActionIcon variant="subtle" color="red" aria-label={t('admin.rows.remove', { name: field })} onClick={remove}>
          <IconTrash size={16} aria-hidden />
        </ActionIcon>
      </Group>
    </Stack>
  );
}
