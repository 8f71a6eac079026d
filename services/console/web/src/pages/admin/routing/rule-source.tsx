import { Fieldset, SegmentedControl, Select, Stack, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useEntities } from '../../../api/config.ts';
import { ExpressionInput } from '../parts/expression-input.tsx';
import { PairRows } from '../parts/pair-rows.tsx';
import type { RuleForm } from './rule-location.tsx';

/** Who is asked, and for which field. */
export function RuleSource({ form }: { readonly form: RuleForm }) {
  const { t } = useTranslation();
  const { source } = form.values;
  return (
    <Fieldset legend={t('adminRouting.rule.source')}>
      <Stack>
        <SegmentedControl
          aria-label={t('adminRouting.rule.source')}
          data={(['crm', 'url'] as const).map((value) => ({ value, label: t(`adminRouting.rule.sources.${value}`) }))}
          {...form.getInputProps('source')}
        />
        {source === 'crm' ? <Integration form={form} /> : <CustomUrl form={form} />}
        <TextInput
          label={t('adminRouting.rule.fieldName')}
          description={t('adminRouting.rule.fieldNameHelp')}
          placeholder="level"
          required
          {...form.getInputProps('fieldName')}
        />
      </Stack>
    </Fieldset>
  );
}

function Integration({ form }: { readonly form: RuleForm }) {
  const { t } = useTranslation();
  const { data: connections = [] } = useEntities('crm-connection');
  return (
    <>
      <Select
        label={t('admin.plurals.crm-connection')}
        data={connections.map(({ id, name }) => ({ value: id, label: name }))}
        required
        {...form.getInputProps('connection')}
        value={form.values.connection === '' ? null : form.values.connection}
        error={form.errors['crm.connection']}
      />
      <TextInput
        label={t('adminRouting.rule.module')}
        description={t('adminRouting.rule.moduleHelp')}
        placeholder="Contacts"
        {...form.getInputProps('module')}
        error={form.errors['crm.module']}
      />
      <TextInput
        label={t('adminRouting.rule.dtmfField')}
        description={t('adminRouting.rule.dtmfFieldHelp')}
        placeholder="customer_number"
        {...form.getInputProps('dtmfField')}
        error={form.errors['crm.dtmfField']}
      />
    </>
  );
}

function CustomUrl({ form }: { readonly form: RuleForm }) {
  const { t } = useTranslation();
  const { data: authentications = [] } = useEntities('site-authentication');
  return (
    <>
      <ExpressionInput
        label="URL"
        description={t('adminRouting.rule.urlHelp')}
        placeholder="https://crm.example.com/lookup"
        required
        value={form.values.url}
        onChange={(url) => form.setFieldValue('url', url)}
        error={form.errors.url}
      />
      <Select
        label={t('adminRouting.rule.method')}
        data={['GET', 'POST']}
        allowDeselect={false}
        {...form.getInputProps('method')}
      />
      <Select
        label={t('adminRouting.rule.send')}
        description={t(`adminRouting.rule.sendHelp.${form.values.send}`)}
        data={(['full', 'exact'] as const).map((value) => ({ value, label: t(`adminRouting.rule.sends.${value}`) }))}
        allowDeselect={false}
        {...form.getInputProps('send')}
      />
      <Select
        label={t('adminRouting.authentication')}
        data={authentications.map(({ id, name }) => ({ value: id, label: name }))}
        clearable
        {...form.getInputProps('authentication')}
        value={form.values.authentication === '' ? null : form.values.authentication}
        onChange={(authentication) => form.setFieldValue('authentication', authentication ?? '')}
      />
      <PairRows
        label={t('adminRouting.headers')}
        nameLabel={t('adminRouting.headerName')}
        valueLabel={t('adminRouting.headerValue')}
        pairs={form.values.headers}
        onChange={(headers) => form.setFieldValue('headers', headers)}
      />
      <TextInput
        label={t('adminRouting.rule.answerPath')}
        description={t('adminRouting.rule.answerPathHelp')}
        placeholder="customer.level"
        {...form.getInputProps('answerPath')}
      />
    </>
  );
}
