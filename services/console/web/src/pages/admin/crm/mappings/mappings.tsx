import type { UseFormReturnType } from '@mantine/form';
import type { DataMapping } from '@patchcord/contracts';
import { useTranslation } from 'react-i18next';
import { useEntities } from '../../../../api/config.ts';
import { EntityEditor } from '../../parts/entity-editor.tsx';
import { EntityList } from '../../parts/entity-list.tsx';
import { EntityPages } from '../../parts/entity-pages.tsx';
import { ConnectionSelect, Unread } from '../pickers.tsx';
import { MappedModules } from './mapped-modules.tsx';
import { emptyMapping, type MappingValues, mappingForm, mappingOf } from './mapping-form.ts';

/** Which fields of a CRM stand on the customer card. */
export const DataMappings = () => <EntityPages list={<MappingList />} editor={<MappingEditor />} />;

function MappingList() {
  const { t } = useTranslation();
  const { data: connections = [] } = useEntities('crm-connection');
  const nameOf = (id: string): string => connections.find((one) => one.id === id)?.name ?? id;
  const modulesOf = ({ modules }: DataMapping): string => modules.map(({ module }) => module).join(', ');
  return (
    <EntityList
      kind="data-mapping"
      columns={[
        {
          heading: t('adminCrm.mapping.connection'),
          cell: ({ connection }) => nameOf(connection),
          text: ({ connection }) => nameOf(connection),
        },
        { heading: t('adminCrm.mapping.modules'), cell: modulesOf, text: modulesOf },
      ]}
    />
  );
}

const MappingEditor = () => (
  <EntityEditor kind="data-mapping" empty={emptyMapping} toForm={mappingForm} toEntity={mappingOf}>
    {(form) => <MappingFields form={form} />}
  </EntityEditor>
);

function MappingFields({ form }: { readonly form: UseFormReturnType<MappingValues> }) {
  const { connection } = form.values;
  return (
    <>
      <ConnectionSelect
        value={connection}
        onChange={(id) => form.setFieldValue('connection', id)}
        error={form.errors.connection}
      />
      <Unread connection={connection} />
      <MappedModules form={form} />
    </>
  );
}
