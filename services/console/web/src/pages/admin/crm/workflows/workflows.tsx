import { Accordion, Badge, Group, Select, Stack, Switch, Text } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import type { CrmWorkflow } from '@patchcord/contracts';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { useEntities } from '../../../../api/config.ts';
import { EntityEditor } from '../../parts/entity-editor.tsx';
import { EntityList } from '../../parts/entity-list.tsx';
import { EntityPages } from '../../parts/entity-pages.tsx';
import { TimeoutField } from '../../parts/limit-numbers.tsx';
import { PairRows } from '../../parts/pair-rows.tsx';
import { ConnectionSelect, Unread } from '../pickers.tsx';
import { RunDialog } from './run-dialog.tsx';
import { TypeFields } from './type-fields.tsx';
import {
  emptyWorkflow,
  type WorkflowValues,
  workflowForm,
  workflowOf,
  workflowTypes,
  writes,
} from './workflow-form.ts';

export type WorkflowForm = UseFormReturnType<WorkflowValues>;

/** What is done in a CRM when a flow, an automation or an agent starts it. */
export const CrmWorkflows = () => <EntityPages list={<WorkflowList />} editor={<WorkflowEditor />} />;

function WorkflowList() {
  const { t } = useTranslation();
  const { data: connections = [] } = useEntities('crm-connection');
  const nameOf = (id: string): string => connections.find((one) => one.id === id)?.name ?? id;
  const typeOf = ({ type }: CrmWorkflow): string => t(`adminCrm.workflow.types.${type}`);
  return (
    <EntityList
      kind="crm-workflow"
      columns={[
        { heading: t('adminCrm.workflow.type'), cell: typeOf, text: typeOf },
        {
          heading: t('adminCrm.mapping.connection'),
          cell: ({ connection }) => nameOf(connection),
          text: ({ connection }) => nameOf(connection),
        },
        {
          heading: t('adminCrm.workflow.does'),
          cell: ({ type, enabled }) => (
            <Group gap={6}>
              <Badge variant="light" color={writes(type) ? 'orange' : 'teal'} tt="none" miw="max-content">
                {t(writes(type) ? 'adminCrm.workflow.writes' : 'adminCrm.workflow.reads')}
              </Badge>
              {!enabled && (
                <Badge variant="light" color="gray" tt="none" miw="max-content">
                  {t('adminCrm.health.status.disabled')}
                </Badge>
              )}
            </Group>
          ),
        },
      ]}
    />
  );
}

function WorkflowEditor() {
  const { id } = useParams();
  return (
    <EntityEditor
      kind="crm-workflow"
      empty={emptyWorkflow}
      toForm={workflowForm}
      toEntity={workflowOf}
      actions={(form) => id !== undefined && <RunDialog id={id} values={form.values} isChanged={form.isDirty()} />}
    >
      {(form) => <WorkflowFields form={form} />}
    </EntityEditor>
  );
}

function WorkflowFields({ form }: { readonly form: WorkflowForm }) {
  const { t } = useTranslation();
  const { type, connection, variables } = form.values;
  return (
    <>
      <Switch label={t('adminCrm.workflow.enabled')} {...form.getInputProps('enabled', { type: 'checkbox' })} />
      <Group grow align="start" preventGrowOverflow={false}>
        <Select
          label={t('adminCrm.workflow.type')}
          description={t(`adminCrm.workflow.typeHelp.${type}`)}
          data={workflowTypes.map((one) => ({ value: one, label: t(`adminCrm.workflow.types.${one}`) }))}
          allowDeselect={false}
          {...form.getInputProps('type')}
        />
        <ConnectionSelect
          value={connection}
          onChange={(id) => form.setFieldValue('connection', id)}
          error={form.errors.connection}
        />
      </Group>
      <Unread connection={connection} />
      <TypeFields form={form} />
      <Accordion variant="separated" order={2}>
        <Accordion.Item value="results">
          <Accordion.Control>{t('adminCrm.workflow.results')}</Accordion.Control>
          <Accordion.Panel>
            <Stack>
              <Switch label={t('adminCrm.workflow.card')} {...form.getInputProps('card', { type: 'checkbox' })} />
              <TimeoutField
                label={t('adminCrm.workflow.timeout')}
                description={t('adminCrm.workflow.timeoutHelp')}
                step={500}
                maw={320}
                {...form.getInputProps('timeoutMs')}
              />
              <PairRows
                label={t('adminCrm.workflow.variables')}
                description={t('adminCrm.workflow.variablesHelp')}
                nameLabel={t('adminCrm.workflow.variable')}
                valueLabel={t('adminCrm.workflow.place')}
                namePlaceholder="ivr.email"
                valuePlaceholder="first.fields.Email"
                pairs={variables}
                onChange={(pairs) => form.setFieldValue('variables', pairs)}
              />
              {form.errors.variables !== undefined && (
                <Text c="var(--mantine-color-error)">{form.errors.variables}</Text>
              )}
            </Stack>
          </Accordion.Panel>
        </Accordion.Item>
      </Accordion>
    </>
  );
}
