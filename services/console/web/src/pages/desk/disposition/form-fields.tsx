import { Checkbox, MultiSelect, NumberInput, Select, Stack, Textarea, TextInput } from '@mantine/core';
import type { FormField } from '@patchcord/contracts';
import { useTranslation } from 'react-i18next';
import type { FieldValue } from './form-state.ts';

interface FieldProps<Field extends FormField = FormField> {
  readonly field: Field;
  readonly value: FieldValue | undefined;
  readonly error: string | undefined;
  readonly onChange: (value: FieldValue) => void;
}

interface FormFieldsProps {
  readonly fields: readonly FormField[];
  readonly values: Readonly<Record<string, FieldValue>>;
  /** By name of the field. */
  readonly errors: Readonly<Record<string, string>>;
  readonly onChange: (name: string, value: FieldValue) => void;
}

/** The fields of a campaign's form, with what is wrong beside each. */
export function FormFields({ fields, values, errors, onChange }: FormFieldsProps) {
  return (
    <Stack gap="sm">
      {fields.map((field) => (
        <div key={field.name} data-field={field.name}>
          <Field
            field={field}
            value={values[field.name]}
            error={errors[field.name]}
            onChange={(value) => onChange(field.name, value)}
          />
        </div>
      ))}
    </Stack>
  );
}

function Field(props: FieldProps) {
  const { t } = useTranslation();
  const { field, value, error, onChange } = props;
  const common = { label: field.label ?? field.name, withAsterisk: field.required, error };
  switch (field.type) {
    case 'text':
      return <TextField {...props} field={field} />;
    case 'number':
      return <NumberField {...props} field={field} />;
    case 'date':
      return (
        <TextInput
          {...common}
          type="date"
          value={textOf(value)}
          onChange={({ currentTarget }) => onChange(currentTarget.value)}
        />
      );
    case 'checkbox':
      return (
        <Checkbox
          label={field.required ? `${common.label} *` : common.label}
          error={error}
          checked={value === true}
          onChange={({ currentTarget }) => onChange(currentTarget.checked)}
        />
      );
    case 'select':
      return (
        <Select
          {...common}
          data={[...new Set(field.options)]}
          placeholder={t('card.disposition.choose')}
          clearable={!field.required}
          searchable={field.options.length > 8}
          value={textOf(value) || null}
          onChange={(chosen) => onChange(chosen ?? '')}
        />
      );
    case 'multi-select':
      return (
        <MultiSelect
          {...common}
          data={[...new Set(field.options)]}
          placeholder={t('card.disposition.chooseSome')}
          searchable={field.options.length > 8}
          value={Array.isArray(value) ? [...value] : []}
          onChange={onChange}
        />
      );
  }
}

const textOf = (value: FieldValue | undefined): string => (typeof value === 'string' ? value : '');

function TextField({ field, value, error, onChange }: FieldProps<Extract<FormField, { type: 'text' }>>) {
  const { label = field.name, multiline, maxLength, required } = field;
  const common = { label, maxLength, error, withAsterisk: required, value: textOf(value) };
  return multiline ? (
    <Textarea
      {...common}
      autosize
      minRows={2}
      maxRows={8}
      onChange={({ currentTarget }) => onChange(currentTarget.value)}
    />
  ) : (
    <TextInput {...common} onChange={({ currentTarget }) => onChange(currentTarget.value)} />
  );
}

function NumberField({ field, value, error, onChange }: FieldProps<Extract<FormField, { type: 'number' }>>) {
  const { t } = useTranslation();
  const { label = field.name, min, max, integer, required } = field;
  const range =
    min !== undefined && max !== undefined
      ? t('card.disposition.between', { min, max })
      : min !== undefined
        ? t('card.disposition.atLeast', { min })
        : max !== undefined
          ? t('card.disposition.atMost', { max })
          : undefined;
  return (
    <NumberInput
      label={label}
      description={range}
      allowDecimal={!integer}
      withAsterisk={required}
      error={error}
      hideControls
      value={textOf(value)}
      onChange={(number) => onChange(String(number))}
    />
  );
}
