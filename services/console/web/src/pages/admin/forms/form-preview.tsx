import { Checkbox, Fieldset, MultiSelect, NumberInput, Select, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { FieldRow, FormBuilderValues } from './form-values.ts';

/** The form as the agent will see it, to be tried. Nothing of what is put in goes anywhere. */
export function FormPreview({ values }: { readonly values: FormBuilderValues }) {
  const { t } = useTranslation();
  return (
    <Fieldset legend={t('adminCampaigns.form.preview')}>
      <Stack>
        <Text size="sm" c="dimmed">
          {t('adminCampaigns.form.previewHelp')}
        </Text>
        {values.fields.map((row) => (
          <PreviewField key={`${row.key} ${row.type}`} row={row} />
        ))}
      </Stack>
    </Fieldset>
  );
}

function PreviewField({ row }: { readonly row: FieldRow }) {
  const { t } = useTranslation();
  const { type, required } = row;
  const label = row.label || row.name || t('adminCampaigns.form.unnamed');
  const options = [...new Set(row.options)];
  const bound = (limit: number | string) => (typeof limit === 'number' ? limit : undefined);
  switch (type) {
    case 'number':
      return (
        <NumberInput
          label={label}
          required={required}
          allowDecimal={!row.integer}
          {...defined({ min: bound(row.min), max: bound(row.max) })}
        />
      );
    case 'date':
      return <TextInput type="date" label={label} required={required} />;
    case 'checkbox':
      return <Checkbox label={label} required={required} />;
    case 'select':
      return <Select label={label} required={required} data={options} clearable={!required} />;
    case 'multi-select':
      return <MultiSelect label={label} required={required} data={options} />;
    case 'text': {
      const maxLength = bound(row.maxLength);
      const shared = { label, required, ...defined({ maxLength }) };
      return row.multiline ? <Textarea {...shared} autosize minRows={3} /> : <TextInput {...shared} />;
    }
  }
}

const defined = <Value,>(values: Record<string, Value | undefined>): Record<string, Value> =>
  Object.fromEntries(Object.entries(values).filter((entry): entry is [string, Value] => entry[1] !== undefined));
