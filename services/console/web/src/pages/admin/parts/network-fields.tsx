import { Accordion, Checkbox, Select, SimpleGrid, Stack, TagsInput, Textarea } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { type Network, type NetworkValues, networkOf, networkValues } from './network.ts';

interface NetworkFieldsProps {
  readonly values: NetworkValues;
  readonly onChange: (part: Partial<NetworkValues>) => void;
  /** What the API said of `egress.allowCidrs.0`, `tls.ca`, … */
  readonly errors: Readonly<Record<string, ReactNode>>;
}

/** Where a request may go, and how the other side is checked. */
export function NetworkFields({ values, onChange, errors }: NetworkFieldsProps) {
  const { t } = useTranslation();
  const cidrError = Object.entries(errors).find(([path]) => path.startsWith('egress.allowCidrs'))?.[1];
  return (
    <Stack>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <Checkbox
          label={t('admin.network.allowHttp')}
          description={t('admin.network.allowHttpHelp')}
          checked={values.allowHttp}
          onChange={(event) => onChange({ allowHttp: event.currentTarget.checked })}
        />
        <Checkbox
          label={t('admin.network.verify')}
          description={t('admin.network.verifyHelp')}
          checked={values.verify}
          onChange={(event) => onChange({ verify: event.currentTarget.checked })}
        />
        <TagsInput
          label={t('admin.network.allowCidrs')}
          description={t('admin.network.allowCidrsHelp')}
          placeholder="10.20.0.0/16"
          value={[...values.allowCidrs]}
          onChange={(allowCidrs) => onChange({ allowCidrs })}
          error={cidrError}
        />
        <Select
          label={t('admin.network.minVersion')}
          description={t('admin.network.minVersionHelp')}
          data={[
            { value: 'TLSv1.2', label: 'TLS 1.2' },
            { value: 'TLSv1.3', label: 'TLS 1.3' },
          ]}
          allowDeselect={false}
          value={values.minVersion}
          onChange={(minVersion) => minVersion !== null && onChange({ minVersion })}
        />
      </SimpleGrid>
      <Textarea
        label={t('admin.network.ca')}
        description={t('admin.network.caHelp')}
        placeholder="-----BEGIN CERTIFICATE-----"
        autosize
        minRows={2}
        maxRows={8}
        styles={{ input: { fontFamily: 'monospace' } }}
        value={values.ca}
        onChange={(event) => onChange({ ca: event.currentTarget.value })}
        error={errors['tls.ca']}
      />
    </Stack>
  );
}

interface NetworkPanelProps {
  readonly network: Network;
  readonly onChange: (network: Network) => void;
  readonly errors: Readonly<Record<string, ReactNode>>;
}

/** The same for a form that holds what the entity holds, behind a heading that few open. */
export function NetworkPanel({ network, onChange, errors }: NetworkPanelProps) {
  const { t } = useTranslation();
  const values = networkValues(network);
  return (
    <Accordion variant="contained">
      <Accordion.Item value="network">
        <Accordion.Control>{t('admin.network.title')}</Accordion.Control>
        <Accordion.Panel>
          <NetworkFields
            values={values}
            onChange={(part) => onChange(networkOf({ ...values, ...part }))}
            errors={errors}
          />
        </Accordion.Panel>
      </Accordion.Item>
    </Accordion>
  );
}
