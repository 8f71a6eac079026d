import { useTranslation } from 'react-i18next';
import { NetworkPanel } from '../../parts/network-fields.tsx';
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
      <NetworkPanel network={form.values} onChange={(network) => form.setValues(network)} errors={form.errors} />
    </>
  );
}
