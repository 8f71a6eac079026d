import { Badge } from '@mantine/core';
import type { CrmHealth } from '@patchcord/contracts';
import { lazy } from 'react';
import { useTranslation } from 'react-i18next';
import { Route, Routes } from 'react-router';
import { useCrmHealth, useCrmKinds } from '../../../../api/crm.ts';
import { EntityList } from '../../parts/entity-list.tsx';
import { EntityPages } from '../../parts/entity-pages.tsx';
import { ConnectionEditor } from './connection-editor.tsx';
import { StatusBadge } from './status-badge.tsx';

const CrmUsers = lazy(async () => ({ default: (await import('./crm-users.tsx')).CrmUsers }));

/** CRM configurations: the list with their health, the editor with the test, and whose users agents are. */
export const CrmConnections = () => (
  <Routes>
    <Route path="users/:id" element={<CrmUsers />} />
    <Route path="*" element={<EntityPages list={<ConnectionList />} editor={<ConnectionEditor />} />} />
  </Routes>
);

function ConnectionList() {
  const { t } = useTranslation();
  const { data: kinds = [] } = useCrmKinds();
  const { data: health = [] } = useCrmHealth();
  const titleOf = (kind: string): string => kinds.find((one) => one.kind === kind)?.title ?? kind;
  const healthOf = (id: string): CrmHealth | undefined => health.find(({ connectionId }) => connectionId === id);
  return (
    <EntityList
      kind="crm-connection"
      columns={[
        {
          heading: t('adminCrm.connection.kind'),
          cell: ({ connector }) => titleOf(connector),
          text: ({ connector }) => titleOf(connector),
        },
        {
          heading: t('adminCrm.connection.baseUrl'),
          cell: ({ baseUrl }) => hostOf(baseUrl),
          text: ({ baseUrl }) => baseUrl,
        },
        {
          heading: t('adminCrm.health.title'),
          cell: ({ id, enabled }) => {
            const of = healthOf(id);
            if (of !== undefined) return <StatusBadge health={of} />;
            return enabled ? (
              ''
            ) : (
              <Badge color="gray" variant="light" tt="none">
                {t('adminCrm.health.status.disabled')}
              </Badge>
            );
          },
        },
      ]}
    />
  );
}

const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : url);
