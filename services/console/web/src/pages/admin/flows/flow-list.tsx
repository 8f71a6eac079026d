import { useTranslation } from 'react-i18next';
import { EntityList } from '../parts/entity-list.tsx';

/** All flows of the tenant. */
export function FlowList() {
  const { t } = useTranslation();
  return (
    <EntityList
      kind="flow"
      columns={[
        { heading: t('flow.list.modules'), cell: ({ modules }) => modules.length },
        {
          heading: t('flow.list.start'),
          cell: ({ modules, start }) => modules.find(({ id }) => id === start)?.name ?? start,
        },
      ]}
    />
  );
}
