import { Fieldset, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { clearErrorsBelow } from '../parts/form-errors.ts';
import { ParameterTable } from './parameter-table.tsx';
import type { SiteForm } from './site-fields.tsx';

/** The site's own parameters, used where a campaign gives it none. */
export function SiteTable({ form }: { readonly form: SiteForm }) {
  const { t } = useTranslation();
  return (
    <Fieldset legend={t('adminSites.parameters.title')}>
      <Text size="sm" c="dimmed" mb="md">
        {t('adminSites.parameters.help')}
      </Text>
      <ParameterTable
        rows={form.values.parameters}
        onChange={(parameters) => {
          clearErrorsBelow(form, 'parameters');
          form.setFieldValue('parameters', parameters);
        }}
        errorOf={(field) => form.errors[`parameters.${field}`]}
        columns={[]}
        hasDisposition={form.values.trigger === 'disposition'}
      />
    </Fieldset>
  );
}
