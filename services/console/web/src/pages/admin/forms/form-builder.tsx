import { Button, Fieldset, Stack } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { IconPlus } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { clearErrorsBelow } from '../parts/form-errors.ts';
import { moved, newKey, SortableRows } from '../parts/sortable-rows.tsx';
import { BuilderField } from './builder-field.tsx';
import { emptyField, type FieldRow, type FormBuilderValues } from './form-values.ts';

/** The fields of a form, in the order in which the agent sees them. */
export function FormBuilder({ form }: { readonly form: UseFormReturnType<FormBuilderValues> }) {
  const { t } = useTranslation();
  const { fields } = form.values;
  const change = (changed: FieldRow[]): void => {
    clearErrorsBelow(form, 'fields');
    form.setFieldValue('fields', changed);
  };
  return (
    <Fieldset legend={t('adminCampaigns.form.fields')}>
      <Stack gap="xs">
        <SortableRows
          label={t('adminCampaigns.form.fields')}
          rows={fields}
          nameOf={({ name, label }, at) => label || name || t('adminCampaigns.form.field', { at: at + 1 })}
          onMove={(from, to) => change(moved(fields, from, to))}
          {...(fields.length > 1 ? { onRemove: (at: number) => change(fields.filter((_, i) => i !== at)) } : {})}
        >
          {(row, at) => (
            <BuilderField
              row={row}
              at={at}
              onRow={(changed) => change(fields.map((one, i) => (i === at ? changed : one)))}
              errorOf={(field) => form.errors[`fields.${at}.${field}`]}
            />
          )}
        </SortableRows>
        <Button
          variant="light"
          leftSection={<IconPlus size={16} aria-hidden />}
          onClick={() => change([...fields, emptyField(newKey())])}
          style={{ alignSelf: 'start' }}
        >
          {t('adminCampaigns.form.add')}
        </Button>
      </Stack>
    </Fieldset>
  );
}
