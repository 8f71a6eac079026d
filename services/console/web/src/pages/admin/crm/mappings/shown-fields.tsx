import { ActionIcon, Code, Group, Select, Stack, Table, Text, TextInput, Title } from '@mantine/core';
import type { ShownField } from '@patchcord/contracts';
import { IconArrowDown, IconArrowUp, IconTrash } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFields } from '../../../../api/crm-fields.ts';
import { FieldPicker } from '../pickers.tsx';
import { kindOfType, type ModuleValues, moved, shownKinds } from './mapping-form.ts';

interface ShownFieldsProps {
  readonly connection: string;
  readonly module: string;
  readonly values: ModuleValues;
  readonly onChange: (part: Partial<ModuleValues>) => void;
  readonly errorOf: (field: string) => ReactNode;
}

/** Fields on the card, in their order. One is added by picking it from those of the CRM. */
export function ShownFields({ connection, module, values, onChange, errorOf }: ShownFieldsProps) {
  const { t } = useTranslation();
  const [wanted, setWanted] = useState('');
  const { data } = useFields(connection, module);
  const { fields } = values;
  const pick = (field: string): void => {
    const told = data?.fields?.find(({ name }) => name === field);
    // The picker writes the name into its field once more after it was chosen.
    queueMicrotask(() => setWanted(''));
    if (fields.some((one) => one.field === field)) return;
    onChange({ fields: [...fields, { field, label: told?.label ?? field, kind: kindOfType(told?.type ?? '') }] });
  };
  const set = (at: number, part: Partial<ShownField>): void =>
    onChange({ fields: fields.map((one, i) => (i === at ? { ...one, ...part } : one)) });
  return (
    <Stack gap="xs">
      <Title order={3} size="h6">
        {t('adminCrm.mapping.shown')}
      </Title>
      {fields.length === 0 && <Text size="sm">{t('adminCrm.mapping.noFields')}</Text>}
      {fields.length > 0 && (
        <Table.ScrollContainer minWidth={560}>
          <Table>
            <Table.Thead>
              <Table.Tr>
                <Table.Th scope="col">{t('adminCrm.field.field')}</Table.Th>
                <Table.Th scope="col">{t('adminCrm.mapping.before')}</Table.Th>
                <Table.Th scope="col">{t('adminCrm.mapping.kind')}</Table.Th>
                <Table.Td />
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {fields.map((field, at) => (
                <ShownRow
                  key={field.field}
                  field={field}
                  at={at}
                  last={fields.length - 1}
                  set={(part) => set(at, part)}
                  move={(by) => onChange({ fields: moved(fields, at, by) })}
                  remove={() => onChange({ fields: fields.filter((_, i) => i !== at) })}
                  error={errorOf(`fields.${at}.label`) ?? errorOf(`fields.${at}.field`)}
                />
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      <Group maw={480} grow>
        <FieldPicker
          connection={connection}
          module={module}
          label={t('adminCrm.mapping.addField')}
          value={wanted}
          onChange={setWanted}
          onPick={pick}
        />
      </Group>
    </Stack>
  );
}

interface ShownRowProps {
  readonly field: ShownField;
  readonly at: number;
  readonly last: number;
  readonly set: (part: Partial<ShownField>) => void;
  readonly move: (by: -1 | 1) => void;
  readonly remove: () => void;
  readonly error: ReactNode;
}

function ShownRow({ field: { field, label, kind }, at, last, set, move, remove, error }: ShownRowProps) {
  const { t } = useTranslation();
  return (
    <Table.Tr data-field={field}>
      <Table.Th scope="row" fw={400}>
        <Code>{field}</Code>
      </Table.Th>
      <Table.Td>
        <TextInput
          aria-label={t('adminCrm.mapping.labelOf', { field })}
          value={label}
          onChange={(event) => set({ label: event.currentTarget.value })}
          error={error}
        />
      </Table.Td>
      <Table.Td>
        <Select
          aria-label={t('adminCrm.mapping.kindOf', { field })}
          data={shownKinds.map((one) => ({ value: one, label: t(`adminCrm.mapping.kinds.${one}`) }))}
          allowDeselect={false}
          value={kind}
          onChange={(next) => set({ kind: next as ShownField['kind'] })}
        />
      </Table.Td>
      <Table.Td ta="end">
        <Group gap={2} wrap="nowrap" justify="end">
          <ActionIcon
            variant="subtle"
            disabled={at === 0}
            aria-label={t('adminCrm.rows.up', { name: field })}
            onClick={() => move(-1)}
          >
            <IconArrowUp size={16} aria-hidden />
          </ActionIcon>
          <ActionIcon
            variant="subtle"
            disabled={at === last}
            aria-label={t('adminCrm.rows.down', { name: field })}
            onClick={() => move(1)}
          >
            <IconArrowDown size={16} aria-hidden />
          </ActionIcon>
          <ActionIcon
            variant="subtle"
            color="red"
            aria-label={t('admin.rows.remove', { name: field })}
            onClick={remove}
          >
            <IconTrash size={16} aria-hidden />
          </ActionIcon>
        </Group>
      </Table.Td>
    </Table.Tr>
  );
}
