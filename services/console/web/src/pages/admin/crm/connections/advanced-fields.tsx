import { Alert, Select, Switch, TagsInput, Textarea } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { PairRows } from '../../parts/pair-rows.tsx';
import type { ConnectionForm } from './connection-editor.tsx';

/** Rare things: headers, certificates, addresses that are refused otherwise. */
export function AdvancedFields({ form }: { readonly form: ConnectionForm }) {
  const { t } = useTranslation();
  return (
    <>
      <PairRows
        label={t('adminCrm.advanced.headers')}
        description={t('adminCrm.advanced.headersHelp')}
        nameLabel={t('adminCrm.advanced.header')}
        valueLabel={t('adminCrm.advanced.value')}
        namePlaceholder="X-Tenant"
        pairs={form.values.headers}
        onChange={(headers) => form.setFieldValue('headers', headers)}
      />
      <Switch
        label={t('adminCrm.advanced.allowHttp')}
        description={t('adminCrm.advanced.allowHttpHelp')}
        {...form.getInputProps('egress.allowHttp', { type: 'checkbox' })}
      />
      <TagsInput
        label={t('adminCrm.advanced.allowCidrs')}
        description={t('adminCrm.advanced.allowCidrsHelp')}
        placeholder="10.20.0.0/16"
        {...form.getInputProps('egress.allowCidrs')}
      />
      <Switch label={t('adminCrm.advanced.verify')} {...form.getInputProps('tls.verify', { type: 'checkbox' })} />
      {!form.values.tls.verify && <Alert color="red">{t('adminCrm.advanced.verifyOff')}</Alert>}
      <Select
        label={t('adminCrm.advanced.minVersion')}
        data={['TLSv1.2', 'TLSv1.3']}
        allowDeselect={false}
        maw={240}
        {...form.getInputProps('tls.minVersion')}
      />
      <Textarea
        label={t('adminCrm.advanced.ca')}
        description={t('adminCrm.advanced.caHelp')}
        placeholder="-----BEGIN CERTIFICATE-----"
        autosize
        minRows={2}
        maxRows={8}
        {...form.getInputProps('tls.ca')}
      />
    </>
  );
}
