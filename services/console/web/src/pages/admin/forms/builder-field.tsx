import { Checkbox, Group, NumberInput, Select, SimpleGrid, Stack, TagsInput, TextInput } from '@mantine/core';
import type { FormField } from '@patchcord/contracts';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { FieldRow } from './form-values.ts';

const types: readonly FormField['type'][] = ['text', 'number', 'date', 'checkbox', 'select', 'multi-select'];

interface BuilderFieldProps {
  readonly row: FieldRow;
  readonly at: number;
  readonly onRow: (row: FieldRow) => void;
  readonly errorOf: (field: string) => ReactNode;
}

/** One field: what it is called, what can be put in, and whether it must be filled in. */
export function BuilderField(props: BuilderFieldProps) {
  const { row, at, onRow, errorOf } = props;
  const { t } = useTranslation();
  return (
    <Stack gap="xs" role="group" aria-label={t('adminCampaigns.form.field', { at: at + 1 })}>
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="xs">
        <TextInput
          label={t('adminCampaigns.form.label')}
          placeholder={t('adminCampaigns.form.labelPlaceholder')}
          value={row.label}
          onChange={(event) => onRow({ ...row, label: event.currentTarget.value })}
          error={errorOf('label')}
        />
        <TextInput
          label={t('adminCampaigns.form.name')}
          placeholder="reason"
          required
          value={row.name}
          onChange={(event) => onRow({ ...row, name: event.currentTarget.value })}
          error={errorOf('name')}
        />
        <Select
          label={t('adminCampaigns.form.type')}
          data={types.map((value) => ({ value, label: t(`adminCampaigns.fieldTypes.${value}`) }))}
          allowDeselect={false}
          value={row.type}
          onChange={(type) => type !== null && onRow({ ...row, type })}
        />
        <Checkbox
          label={t('adminCampaigns.form.required')}
          checked={row.required}
          onChange={(event) => onRow({ ...row, required: event.currentTarget.checked })}
          style={{ alignSelf: 'end' }}
          mb={8}
        />
      </SimpleGrid>
      <OfType {...props} />
    </Stack>
  );
}

function OfType(props: BuilderFieldProps) {
  switch (props.row.type) {
    case 'text':
      return <OfText {...props} />;
    case 'number':
      return <OfNumber {...props} />;
    case 'select':
    case 'multi-select':
      return <Choices {...props} />;
    default:
      return undefined;
  }
}

function OfText({ row, onRow, errorOf }: BuilderFieldProps) {
  const { t } = useTranslation();
  return (
    <>
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="xs">
        <NumberInput
          label={t('adminCampaigns.form.maxLength')}
          min={1}
          max={8192}
          allowDecimal={false}
          value={row.maxLength}
          onChange={(maxLength) => onRow({ ...row, maxLength })}
          error={errorOf('maxLength')}
        />
        <TextInput
          label={t('adminCampaigns.form.pattern')}
          placeholder="[A-Z]{2}[0-9]{4}"
          value={row.pattern}
          onChange={(event) => onRow({ ...row, pattern: event.currentTarget.value })}
          error={errorOf('pattern')}
        />
      </SimpleGrid>
      <Checkbox
        label={t('adminCampaigns.form.multiline')}
        checked={row.multiline}
        onChange={(event) => onRow({ ...row, multiline: event.currentTarget.checked })}
      />
    </>
  );
}

function OfNumber({ row, onRow, errorOf }: BuilderFieldProps) {
  const { t } = useTranslation();
  return (
    <Group align="end" gap="xs">
      {(['min', 'max'] as const).map((field) => (
        <NumberInput
          key={field}
          label={t(`adminCampaigns.form.${field}`)}
          value={row[field]}
          onChange={(value) => onRow({ ...row, [field]: value })}
          error={errorOf(field)}
          flex={1}
          miw={100}
        />
      ))}
      <Checkbox
        label={t('adminCampaigns.form.integer')}
        checked={row.integer}
        onChange={(event) => onRow({ ...row, integer: event.currentTarget.checked })}
        mb={8}
      />
    </Group>
  );
}

function Choices({ row, onRow, errorOf }: BuilderFieldProps) {
  const { t } = useTranslation();
  return (
    <TagsInput
      label={t('adminCampaigns.form.options')}
      description={t('adminCampaigns.form.optionsHelp')}
      required
      value={[...row.options]}
      onChange={(options) => onRow({ ...row, options })}
      error={errorOf('options')}
    />
  );
}
