import { Fieldset, NumberInput, Select, SimpleGrid, Text } from '@mantine/core';
import type { quotaPeriods } from '@patchcord/contracts';
import { useTranslation } from 'react-i18next';
import { every } from '../../../../parts/every.ts';
import { ConcurrencyField, TimeoutField } from '../../parts/limit-numbers.tsx';
import type { ConnectionForm } from './connection-editor.tsx';

const periods = every<(typeof quotaPeriods)[number]>({ second: true, minute: true, hour: true, day: true });

/** What the CRM may be asked, over all replicas, and how long it may take. */
export function LimitFields({ form }: { readonly form: ConnectionForm }) {
  const { t } = useTranslation();
  return (
    <>
      <SimpleGrid cols={{ base: 1, sm: 3 }}>
        <TimeoutField
          label={t('adminCrm.limits.timeout')}
          description={t('adminCrm.limits.timeoutHelp')}
          step={500}
          {...form.getInputProps('timeoutMs')}
        />
        <NumberInput
          label={t('adminCrm.limits.perSecond')}
          description={t('adminCrm.limits.perSecondHelp')}
          min={0}
          decimalScale={3}
          {...form.getInputProps('perSecond')}
          error={form.errors['rateLimit.perSecond']}
        />
        <ConcurrencyField
          label={t('adminCrm.limits.concurrency')}
          description={t('adminCrm.limits.concurrencyHelp')}
          {...form.getInputProps('concurrency')}
        />
      </SimpleGrid>
      <Fieldset legend={t('adminCrm.limits.quota')}>
        <Text size="sm" c="dimmed" mb="sm">
          {t('adminCrm.limits.quotaHelp')}
        </Text>
        <SimpleGrid cols={{ base: 1, sm: 3 }}>
          <NumberInput
            label={t('adminCrm.limits.requests')}
            placeholder="100000"
            min={1}
            {...form.getInputProps('quota.requests')}
          />
          <Select
            label={t('adminCrm.limits.per')}
            data={periods.map((one) => ({ value: one, label: t(`adminCrm.limits.periods.${one}`) }))}
            allowDeselect={false}
            {...form.getInputProps('quota.per')}
          />
          <NumberInput
            label={t('adminCrm.limits.reserve')}
            min={0}
            max={100}
            suffix=" %"
            {...form.getInputProps('quota.reserveForCallersPercent')}
          />
        </SimpleGrid>
      </Fieldset>
    </>
  );
}
