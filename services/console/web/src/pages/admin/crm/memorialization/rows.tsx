import {
  ActionIcon,
  Group,
  Input,
  NumberInput,
  SegmentedControl,
  Select,
  SimpleGrid,
  Stack,
  Text,
  Title,
} from '@mantine/core';
import type { MemorializedField } from '@patchcord/contracts';
import { IconTrash } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFields } from '../../../../api/crm-fields.ts';
import { every } from '../../../../parts/every.ts';
import { ItemPicker } from '../item-picker.tsx';
import { FieldFacts, FieldPicker } from '../pickers.tsx';
import { TextWithItems } from '../text-with-items.tsx';
import { emptyRow, type RowValues } from './memorialization-form.ts';

interface RowsProps {
  readonly title: string;
  readonly connection: string;
  readonly module: string;
  readonly rows: readonly RowValues[];
  readonly onChange: (rows: RowValues[]) => void;
  readonly errorOf: (field: string) => ReactNode;
}

/** Fields of the CRM and what is written into each. One is added by picking it. */
export function Rows({ title, connection, module, rows, onChange, errorOf }: RowsProps) {
  const { t } = useTranslation();
  const [wanted, setWanted] = useState('');
  const { data } = useFields(connection, module);
  const pick = (field: string): void => {
    // The picker writes the name into its field once more after it was chosen.
    queueMicrotask(() => setWanted(''));
    onChange([...rows, { ...emptyRow, field }]);
  };
  return (
    <Stack gap="sm">
      <Title order={3} size="h6">
        {title}
      </Title>
      {rows.map((row, at) => (
        <Row
          key={at}
          row={row}
          told={<FieldFacts field={data?.fields?.find(({ name }) => name === row.field)} />}
          set={(part) => onChange(rows.map((one, i) => (i === at ? { ...one, ...part } : one)))}
          remove={() => onChange(rows.filter((_, i) => i !== at))}
          errorOf={(field) => errorOf(`${at}.${field}`)}
        />
      ))}
      <Group maw={480} grow>
        <FieldPicker
          connection={connection}
          module={module}
          writable
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
  readonly row: RowValues;
  readonly told: ReactNode;
  readonly set: (part: Partial<RowValues>) => void;
  readonly remove: () => void;
  readonly errorOf: (field: string) => ReactNode;
}

function Row({ row, told, set, remove, errorOf }: RowProps) {
  const { t } = useTranslation();
  const { field } = row;
  const error = errorOf('field');
  return (
    <Stack
      gap="xs"
      role="group"
      aria-label={field}
      data-field={field}
      pb="sm"
      style={{ borderBottom: '1px solid var(--mantine-color-default-border)' }}
    >
      <Group justify="space-between" wrap="nowrap">
        <Group gap="xs">
          <Text fw={600} size="sm">
            {field}
          </Text>
          {told}
        </Group>
        <ActionIcon variant="subtle" color="red" aria-label={t('admin.rows.remove', { name: field })} onClick={remove}>
          <IconTrash size={16} aria-hidden />
        </ActionIcon>
      </Group>
      {error !== undefined && <Input.Error>{error}</Input.Error>}
      <Written row={row} set={set} errorOf={errorOf} />
      <Rules row={row} set={set} errorOf={errorOf} />
    </Stack>
  );
}

type PartProps = Pick<RowProps, 'row' | 'set' | 'errorOf'>;

/** What is written: one item, or a text with items. */
function Written({ row, set, errorOf }: PartProps) {
  const { t } = useTranslation();
  const { field, by } = row;
  return (
    <Group align="end" gap="xs">
      <SegmentedControl
        aria-label={t('adminCrm.memorialization.byOf', { field })}
        data={(['item', 'text'] as const).map((one) => ({
          value: one,
          label: t(`adminCrm.memorialization.by.${one}`),
        }))}
        value={by}
        onChange={(next) => set({ by: next as RowValues['by'] })}
      />
      <div style={{ flex: 1, minWidth: 240 }}>
        {by === 'item' ? (
          <ItemPicker
            of="record"
            ariaLabel={t('adminCrm.memorialization.itemOf', { field })}
            value={row.item}
            onChange={(item) => set({ item })}
            error={errorOf('item')}
          />
        ) : (
          <TextWithItems
            of="record"
            ariaLabel={t('adminCrm.memorialization.textOf', { field })}
            placeholder="{disposition.name}: {disposition.comments|}"
            value={row.text}
            onChange={(text) => set({ text })}
            error={errorOf('text')}
          />
        )}
      </div>
    </Group>
  );
}

/** Of which conversations, and what is done with what is too long. */
function Rules({ row, set, errorOf }: PartProps) {
  const { t } = useTranslation();
  return (
    <SimpleGrid cols={{ base: 1, xs: 3 }}>
      <Select
        label={t('adminCrm.memorialization.ofChannel')}
        data={every<MemorializedField['channel']>({ both: true, voice: true, digital: true }).map((one) => ({
          value: one,
          label: t(`adminCrm.item.channels.${one}`),
        }))}
        allowDeselect={false}
        value={row.channel}
        onChange={(channel) => set({ channel: channel as RowValues['channel'] })}
      />
      <Select
        label={t('adminCrm.memorialization.tooLong')}
        data={every<MemorializedField['tooLong']>({ cut: true, drop: true }).map((one) => ({
          value: one,
          label: t(`adminCrm.memorialization.cuts.${one}`),
        }))}
        allowDeselect={false}
        value={row.tooLong}
        onChange={(tooLong) => set({ tooLong: tooLong as RowValues['tooLong'] })}
      />
      <NumberInput
        label={t('adminCrm.memorialization.maxLength')}
        placeholder={t('adminCrm.memorialization.asTheCrmSays')}
        min={1}
        value={row.maxLength}
        onChange={(maxLength) => set({ maxLength: typeof maxLength === 'number' ? maxLength : '' })}
        error={errorOf('maxLength')}
      />
    </SimpleGrid>
  );
}
