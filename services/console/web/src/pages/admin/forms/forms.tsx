import { SimpleGrid } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { EntityEditor } from '../parts/entity-editor.tsx';
import { EntityList } from '../parts/entity-list.tsx';
import { EntityPages } from '../parts/entity-pages.tsx';
import { FormBuilder } from './form-builder.tsx';
import { FormPreview } from './form-preview.tsx';
import { emptyForm, formOf, formValues } from './form-values.ts';

/** What agents fill in with a disposition. */
export const Forms = () => <EntityPages list={<FormList />} editor={<FormEditor />} />;

function FormList() {
  const { t } = useTranslation();
  return (
    <EntityList
      kind="form"
      columns={[
        {
          heading: t('adminCampaigns.form.fields'),
          cell: ({ fields }) => fields.map(({ name, label }) => label ?? name).join(', '),
          text: ({ fields }) => fields.map(({ name, label = '' }) => `${name} ${label}`).join(' '),
        },
      ]}
    />
  );
}

const FormEditor = () => (
  <EntityEditor kind="form" empty={emptyForm} toForm={formValues} toEntity={formOf}>
    {(form) => (
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="xl">
        <FormBuilder form={form} />
        <FormPreview values={form.values} />
      </SimpleGrid>
    )}
  </EntityEditor>
);
