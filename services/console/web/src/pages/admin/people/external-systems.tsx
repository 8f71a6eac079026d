import { Code } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { EntityEditor } from '../parts/entity-editor.tsx';
import { EntityList } from '../parts/entity-list.tsx';
import { EntityPages } from '../parts/entity-pages.tsx';

/** CRMs that call us by ids of their own. */
export const ExternalSystems = () => <EntityPages list={<SystemList />} editor={<SystemEditor />} />;

function SystemList() {
  const { t } = useTranslation();
  return (
    <EntityList
      kind="external-system"
      columns={[{ heading: t('admin.fields.id'), cell: ({ id }) => <Code>{id}</Code> }]}
    />
  );
}

const SystemEditor = () => (
  <EntityEditor
    kind="external-system"
    empty={{ id: '', name: '' }}
    toForm={({ id, name }) => ({ id, name })}
    toEntity={(system) => system}
  >
    {() => null}
  </EntityEditor>
);
