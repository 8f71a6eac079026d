import { Fieldset, MultiSelect, NumberInput, Select, SimpleGrid } from '@mantine/core';
import type { Campaign } from '@patchcord/contracts';
import { useTranslation } from 'react-i18next';
import { useEntities } from '../../../api/config.ts';
import type { CampaignForm } from './calls-of-campaign.tsx';
import { named } from './named.ts';

const interactions: readonly NonNullable<Campaign['interaction']>[] = ['form', 'site', 'form-and-site'];

/** Who works on it, and what they have before them. */
export function DeskOfCampaign({ form }: { readonly form: CampaignForm }) {
  const { t } = useTranslation();
  const { data: agents } = useEntities('agent');
  const { data: databases } = useEntities('contact-database');
  return (
    <Fieldset legend={t('adminCampaigns.campaign.desk')}>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <MultiSelect
          label={t('adminCampaigns.campaign.agents')}
          description={t('adminCampaigns.help.agents')}
          placeholder={form.values.agents.length === 0 ? t('adminCampaigns.campaign.allAgents') : ''}
          data={named(agents)}
          searchable
          {...form.getInputProps('agents')}
          value={[...form.values.agents]}
        />
        <Select
          label={t('adminCampaigns.campaign.interaction')}
          description={t('adminCampaigns.help.interaction')}
          placeholder={t('adminCampaigns.campaign.whatever')}
          data={interactions.map((value) => ({ value, label: t(`adminCampaigns.interactions.${value}`) }))}
          clearable
          {...form.getInputProps('interaction')}
        />
        <Select
          label={t('adminCampaigns.campaign.database')}
          description={t('adminCampaigns.help.database')}
          placeholder={t('adminCampaigns.campaign.noDatabase')}
          data={named(databases)}
          searchable
          clearable
          {...form.getInputProps('database')}
        />
        <SimpleGrid cols={2}>
          <NumberInput
            label={t('adminCampaigns.campaign.acw')}
            description={t('adminCampaigns.help.acw')}
            min={0}
            {...form.getInputProps('acwSeconds')}
            error={form.errors['acw.timeoutMs']}
          />
          <NumberInput
            label={t('adminCampaigns.campaign.digitalAcw')}
            description={t('adminCampaigns.help.digitalAcw')}
            min={0}
            {...form.getInputProps('digitalAcwSeconds')}
            error={form.errors['acw.digitalTimeoutMs']}
          />
        </SimpleGrid>
      </SimpleGrid>
    </Fieldset>
  );
}
