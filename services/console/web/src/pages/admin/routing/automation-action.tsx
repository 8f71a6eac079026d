import { Fieldset, Select, Stack, TagsInput, Text, Textarea, TextInput } from '@mantine/core';
import type { AutomationAction } from '@patchcord/contracts';
import { useTranslation } from 'react-i18next';
import { useEntities } from '../../../api/config.ts';
import { every } from '../../../parts/every.ts';
import { ExpressionInput } from '../parts/expression-input.tsx';
import { PairRows } from '../parts/pair-rows.tsx';
import { HttpFields } from './automation-http.tsx';
import type { AutomationValues } from './automation-values.ts';
import type { AutomationForm } from './automations.tsx';

const types = every<AutomationAction['type']>({
  http: true,
  'set-variables': true,
  'crm-workflow': true,
  email: true,
  event: true,
});
type FieldsProps = { readonly form: AutomationForm };

/** What is done. */
export function ActionFields({ form }: FieldsProps) {
  const { t } = useTranslation();
  const { type } = form.values;
  return (
    <Fieldset legend={t('adminRouting.automation.action')}>
      <Stack>
        <Select
          label={t('adminRouting.automation.type')}
          description={t(`adminRouting.automation.typeHelp.${type}`)}
          data={types.map((value) => ({ value, label: t(`adminRouting.automation.types.${value}`) }))}
          allowDeselect={false}
          {...form.getInputProps('type')}
        />
        {type === 'http' && <HttpFields form={form} />}
        {type === 'set-variables' && <Variables form={form} />}
        {type === 'crm-workflow' && <Workflow form={form} />}
        {type === 'email' && <Mail form={form} />}
        {type === 'event' && <OwnEvent form={form} />}
      </Stack>
    </Fieldset>
  );
}

function Variables({ form }: FieldsProps) {
  const { t } = useTranslation();
  return (
    <>
      <PairRows
        label={t('adminRouting.automation.variables')}
        description={t('adminRouting.automation.valuesHelp')}
        nameLabel={t('adminRouting.automation.variable')}
        valueLabel={t('adminRouting.rule.value')}
        namePlaceholder="app.priority"
        valuePlaceholder="{call.from}"
        pairs={form.values.variables}
        onChange={(variables) => form.setFieldValue('variables', [...variables])}
      />
      {form.errors['action.variables'] !== undefined && (
        <Text size="sm" c="red">
          {form.errors['action.variables']}
        </Text>
      )}
    </>
  );
}

function Workflow({ form }: FieldsProps) {
  const { t } = useTranslation();
  const { data: workflows = [] } = useEntities('crm-workflow');
  const { workflow, phoneNumber, text } = form.values;
  return (
    <>
      <Select
        label={t('admin.kinds.crm-workflow')}
        data={workflows.map(({ id, name }) => ({ value: id, label: name }))}
        required
        searchable
        value={workflow === '' ? null : workflow}
        onChange={(chosen) => form.setFieldValue('workflow', chosen ?? '')}
        error={form.errors['action.workflow']}
      />
      <ExpressionInput
        label={t('adminRouting.automation.phoneNumber')}
        placeholder="{call.from}"
        value={phoneNumber}
        onChange={(value) => form.setFieldValue('phoneNumber', value)}
        error={form.errors['action.input.phoneNumber']}
      />
      <ExpressionInput
        label={t('adminRouting.automation.text')}
        value={text}
        onChange={(value) => form.setFieldValue('text', value)}
        error={form.errors['action.input.text']}
      />
    </>
  );
}

function Mail({ form }: FieldsProps) {
  const { t } = useTranslation();
  const { data: servers = [] } = useEntities('mail-server');
  const { mail } = form.values;
  const set = (part: Partial<AutomationValues['mail']>): void => form.setFieldValue('mail', { ...mail, ...part });
  return (
    <>
      <Select
        label={t('admin.kinds.mail-server')}
        data={servers.map(({ id, name }) => ({ value: id, label: name }))}
        required
        value={mail.server === '' ? null : mail.server}
        onChange={(server) => set({ server: server ?? '' })}
        error={form.errors['action.server']}
      />
      {(['to', 'cc', 'bcc'] as const).map((field) => (
        <TagsInput
          key={field}
          label={t(`adminRouting.automation.mail.${field}`)}
          placeholder="{ivr.email}"
          required={field === 'to'}
          value={mail[field]}
          onChange={(addresses) => set({ [field]: addresses })}
          error={form.errors[`action.${field}`] ?? form.errors[`action.${field}.0`]}
        />
      ))}
      <ExpressionInput
        label={t('adminRouting.automation.mail.replyTo')}
        value={mail.replyTo}
        onChange={(replyTo) => set({ replyTo })}
        error={form.errors['action.replyTo']}
      />
      <ExpressionInput
        label={t('adminRouting.automation.mail.subject')}
        required
        value={mail.subject}
        onChange={(subject) => set({ subject })}
        error={form.errors['action.subject']}
      />
      {(['text', 'html'] as const).map((field) => (
        <Textarea
          key={field}
          label={t(`adminRouting.automation.mail.${field}`)}
          placeholder={field === 'text' ? 'Dear {ivr.name|customer}, …' : undefined}
          required={field === 'text'}
          autosize
          minRows={4}
          maxRows={16}
          value={mail[field]}
          onChange={(event) => set({ [field]: event.currentTarget.value })}
          error={form.errors[`action.${field}`]}
        />
      ))}
    </>
  );
}

function OwnEvent({ form }: FieldsProps) {
  const { t } = useTranslation();
  return (
    <>
      <TextInput
        label={t('adminRouting.automation.eventName')}
        description={t('adminRouting.automation.eventNameHelp')}
        placeholder="order-shipped"
        required
        {...form.getInputProps('eventName')}
        error={form.errors['action.name']}
      />
      <PairRows
        label={t('adminRouting.automation.eventValues')}
        description={t('adminRouting.automation.valuesHelp')}
        nameLabel={t('admin.fields.name')}
        valueLabel={t('adminRouting.rule.value')}
        valuePlaceholder="{call.from}"
        pairs={form.values.eventValues}
        onChange={(eventValues) => form.setFieldValue('eventValues', [...eventValues])}
      />
    </>
  );
}
