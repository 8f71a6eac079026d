import { Accordion, Alert, Button, Stack, Switch } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { IconPlugConnected, IconUsers } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { useCrmKinds } from '../../../../api/crm.ts';
import { Problem } from '../../../../parts/problem.tsx';
import { EntityEditor } from '../../parts/entity-editor.tsx';
import { listPath } from '../../sections.ts';
import { Access } from './access.tsx';
import { AdvancedFields } from './advanced-fields.tsx';
import { type ConnectionValues, connectionForm, connectionOf, emptyConnection } from './connection-form.ts';
import { DescribedFields } from './described-fields.tsx';
import { Health } from './health.tsx';
import { KindFields } from './kind-fields.tsx';
import { KindSettings } from './kind-settings.tsx';
import { LimitFields } from './limit-fields.tsx';
import { LoggingFields } from './logging-fields.tsx';
import { PresenceFields } from './presence-fields.tsx';
import { TestDialog } from './test-dialog.tsx';

export type ConnectionForm = UseFormReturnType<ConnectionValues>;

/** One CRM configuration, and the test of what stands in the form, stored or not. */
export function ConnectionEditor() {
  const { id } = useParams();
  return (
    <EntityEditor
      kind="crm-connection"
      empty={emptyConnection}
      toForm={connectionForm}
      toEntity={connectionOf}
      actions={(form) => <Actions form={form} storedId={id} />}
    >
      {(form) => (
        <>
          {id !== undefined && <Health id={id} />}
          <ConnectionFields form={form} />
        </>
      )}
    </EntityEditor>
  );
}

function Actions({ form, storedId }: { readonly form: ConnectionForm; readonly storedId: string | undefined }) {
  const { t } = useTranslation();
  const [opened, setOpened] = useState(false);
  return (
    <>
      <Button
        variant="light"
        leftSection={<IconPlugConnected size={16} aria-hidden />}
        onClick={() => setOpened(true)}
        disabled={form.values.baseUrl === ''}
      >
        {t('adminCrm.test.open')}
      </Button>
      {opened && (
        <TestDialog
          draft={connectionOf(form.values)}
          {...(storedId === undefined || form.isDirty() ? {} : { id: storedId })}
          onClose={() => setOpened(false)}
        />
      )}
      {storedId !== undefined && (
        <Button
          component={Link}
          to={`${listPath('crm-connection')}/users/${encodeURIComponent(storedId)}`}
          variant="default"
          leftSection={<IconUsers size={16} aria-hidden />}
        >
          {t('adminCrm.users.title')}
        </Button>
      )}
    </>
  );
}

function ConnectionFields({ form }: { readonly form: ConnectionForm }) {
  const { t } = useTranslation();
  const { data: kinds, error, refetch } = useCrmKinds();
  const { connector, enabled } = form.values;
  const kind = kinds?.find((one) => one.kind === connector);
  const isDescribed = connector === 'proprietary' || connector === 'proprietary-i';
  if (error !== null) return <Problem error={error} again={() => void refetch()} />;
  return (
    <>
      <Switch
        label={t('adminCrm.connection.enabled')}
        description={t('adminCrm.connection.enabledHelp')}
        {...form.getInputProps('enabled', { type: 'checkbox' })}
      />
      {!enabled && <Alert color="orange">{t('adminCrm.connection.isDisabled')}</Alert>}
      <KindFields form={form} kinds={kinds ?? []} />
      <Access form={form} kind={kind} />
      <Accordion multiple variant="separated" order={2}>
        {kind !== undefined && kind.settings.length > 0 && (
          <Part name="settings">
            <KindSettings form={form} settings={kind.settings} />
          </Part>
        )}
        {isDescribed && (
          <Part name="described">
            <DescribedFields form={form} />
          </Part>
        )}
        <Part name="logging">
          <LoggingFields form={form} kind={kind} />
        </Part>
        <Part name="presence">
          <PresenceFields form={form} kind={kind} />
        </Part>
        <Part name="limits">
          <LimitFields form={form} />
        </Part>
        <Part name="advanced">
          <AdvancedFields form={form} />
        </Part>
      </Accordion>
    </>
  );
}

interface PartProps {
  readonly name: 'settings' | 'described' | 'logging' | 'presence' | 'limits' | 'advanced';
  readonly children: ReactNode;
}

function Part({ name, children }: PartProps) {
  const { t } = useTranslation();
  return (
    <Accordion.Item value={name}>
      <Accordion.Control>{t(`adminCrm.parts.${name}`)}</Accordion.Control>
      <Accordion.Panel>
        <Stack>{children}</Stack>
      </Accordion.Panel>
    </Accordion.Item>
  );
}
