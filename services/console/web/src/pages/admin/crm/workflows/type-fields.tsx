import { Checkbox, Group, NumberInput, Select, TagsInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useEntities } from '../../../../api/config.ts';
import { useFields, useModules } from '../../../../api/crm-fields.ts';
import { FieldPicker, ModulePicker, Unread } from '../pickers.tsx';
import { TextWithItems } from '../text-with-items.tsx';
import { ValueRows } from './value-rows.tsx';
import { fieldsOfType, recordSources, type WorkflowValues } from './workflow-form.ts';
import type { WorkflowForm } from './workflows.tsx';

/** What the chosen type is told beside what all are told. */
export function TypeFields({ form }: { readonly form: WorkflowForm }) {
  return fieldsOfType[form.values.type].map((field) => <TypeField key={field} form={form} field={field} />);
}

type TypeFieldName = (typeof fieldsOfType)[WorkflowValues['type']][number];

interface TypeFieldProps {
  readonly form: WorkflowForm;
  readonly field: TypeFieldName;
}

function TypeField({ form, field }: TypeFieldProps): ReactNode {
  switch (field) {
    case 'module':
      return <ModuleField form={form} />;
    case 'modules':
      return <ModulesField form={form} />;
    case 'fields':
    case 'inputFields':
      return <FieldNames form={form} field={field} />;
    case 'equals':
    case 'values':
      return <ValueRows form={form} field={field} />;
    case 'number':
    case 'expression':
    case 'subject':
    case 'notes':
      return <TextField form={form} field={field} />;
    case 'limit':
      return <LimitField form={form} />;
    case 'mapping':
      return <MappingField form={form} />;
    case 'unique':
      return <UniqueField form={form} />;
    case 'recordFrom':
      return <RecordFrom form={form} />;
  }
}

interface FormProps {
  readonly form: WorkflowForm;
}

function ModuleField({ form }: FormProps) {
  const { t } = useTranslation();
  const { connection, module, type } = form.values;
  return (
    <>
      <ModulePicker
        connection={connection}
        label={t('adminCrm.mapping.module')}
        description={t(type === 'search' ? 'adminCrm.workflow.noModule' : 'adminCrm.mapping.moduleHelp')}
        required={type !== 'search'}
        value={module}
        onChange={(next) => form.setFieldValue('module', next)}
        error={form.errors.module}
      />
      {module !== '' && <Unread connection={connection} module={module} />}
    </>
  );
}

function ModulesField({ form }: FormProps) {
  const { t } = useTranslation();
  const { data } = useModules(form.values.connection);
  return (
    <TagsInput
      label={t('adminCrm.workflow.modules')}
      description={t('adminCrm.workflow.modulesHelp')}
      data={[...new Set((data?.modules ?? []).map(({ name }) => name))]}
      limit={100}
      {...form.getInputProps('modules')}
    />
  );
}

function FieldNames({ form, field }: FormProps & { readonly field: 'fields' | 'inputFields' }) {
  const { t } = useTranslation();
  const { connection, module } = form.values;
  const { data } = useFields(connection, module);
  return (
    <TagsInput
      label={t(`adminCrm.workflow.${field}`)}
      description={t(`adminCrm.workflow.${field}Help`)}
      data={[...new Set((data?.fields ?? []).map(({ name }) => name))]}
      limit={100}
      {...form.getInputProps(field)}
    />
  );
}

const examples = {
  number: '{ivr.callback}',
  expression: "LastName = '{ivr.name}'",
  subject: 'Note of {agent.name}',
  notes: '{input.text}',
} as const;

function TextField({ form, field }: FormProps & { readonly field: keyof typeof examples }) {
  const { t } = useTranslation();
  return (
    <TextWithItems
      of="call"
      label={t(`adminCrm.workflow.${field}`)}
      description={t(`adminCrm.workflow.${field}Help`)}
      placeholder={examples[field]}
      lines={field === 'notes' ? 3 : 1}
      value={form.values[field]}
      onChange={(text) => form.setFieldValue(field, text)}
      error={form.errors[field]}
    />
  );
}

function LimitField({ form }: FormProps) {
  const { t } = useTranslation();
  return (
    <NumberInput label={t('adminCrm.workflow.limit')} min={1} max={100} maw={320} {...form.getInputProps('limit')} />
  );
}

function MappingField({ form }: FormProps) {
  const { t } = useTranslation();
  const { data: mappings = [] } = useEntities('data-mapping');
  const fitting = mappings.filter(({ connection }) => connection === form.values.connection);
  return (
    <Select
      label={t('adminCrm.workflow.mapping')}
      description={t('adminCrm.workflow.mappingHelp')}
      data={fitting.map(({ id, name }) => ({ value: id, label: name }))}
      searchable
      required
      {...form.getInputProps('mapping')}
    />
  );
}

function UniqueField({ form }: FormProps) {
  const { t } = useTranslation();
  const { connection, module, unique } = form.values;
  return (
    <FieldPicker
      connection={connection}
      module={module}
      label={t('adminCrm.workflow.unique')}
      description={t('adminCrm.workflow.uniqueHelp')}
      value={unique}
      onChange={(next) => form.setFieldValue('unique', next)}
      error={form.errors.unique}
    />
  );
}

function RecordFrom({ form }: FormProps) {
  const { t } = useTranslation();
  return (
    <Checkbox.Group
      label={t('adminCrm.workflow.recordFrom')}
      description={t('adminCrm.workflow.recordFromHelp')}
      {...form.getInputProps('recordFrom')}
    >
      <Group mt={6}>
        {recordSources.map((one) => (
          <Checkbox key={one} value={one} label={t(`adminCrm.workflow.sources.${one}`)} />
        ))}
      </Group>
    </Checkbox.Group>
  );
}
