import { Fieldset, MultiSelect, Select, SimpleGrid, TagsInput, Text } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import type { Campaign } from '@patchcord/contracts';
import { useTranslation } from 'react-i18next';
import type { CampaignValues } from './campaign-values.ts';

export type CampaignForm = UseFormReturnType<CampaignValues>;

const types: readonly Campaign['type'][] = ['inbound', 'preview', 'predictive', 'manual'];
const channels: readonly Campaign['match']['channels'][number][] = [
  'voice',
  'chat',
  'sms',
  'email',
  'social',
  'messaging',
];

/** By what a call, or a digital contact, is known to be of this campaign. */
export function CallsOfCampaign({ form }: { readonly form: CampaignForm }) {
  const { t } = useTranslation();
  const { match } = form.values;
  const isForRest = match.queues.length + match.dids.length + match.pointsOfContact.length === 0;
  const list = (field: 'queues' | 'dids' | 'pointsOfContact', placeholder: string) => (
    <TagsInput
      label={t(`adminCampaigns.campaign.${field}`)}
      description={t(`adminCampaigns.help.${field}`)}
      placeholder={placeholder}
      {...form.getInputProps(`match.${field}`)}
      value={[...match[field]]}
    />
  );
  return (
    <Fieldset legend={t('adminCampaigns.campaign.calls')}>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        {list('queues', 'support')}
        {list('dids', '+12025550100')}
        {list('pointsOfContact', 'help@example.com')}
        <MultiSelect
          label={t('adminCampaigns.campaign.channels')}
          description={t('adminCampaigns.help.channels')}
          placeholder={match.channels.length === 0 ? t('adminCampaigns.campaign.allChannels') : ''}
          data={channels.map((value) => ({ value, label: t(`adminCampaigns.channels.${value}`) }))}
          {...form.getInputProps('match.channels')}
          value={[...match.channels]}
        />
        <Select
          label={t('adminCampaigns.campaign.type')}
          description={t(`adminCampaigns.typeHelp.${form.values.type}`)}
          data={types.map((value) => ({ value, label: t(`adminCampaigns.types.${value}`) }))}
          allowDeselect={false}
          {...form.getInputProps('type')}
        />
      </SimpleGrid>
      {isForRest && (
        <Text size="sm" mt="sm" role="status">
          {t('adminCampaigns.campaign.rest')}
        </Text>
      )}
    </Fieldset>
  );
}
