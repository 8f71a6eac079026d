import { Accordion, Checkbox, MultiSelect, Select, SimpleGrid, Stack, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useEntities } from '../../../api/config.ts';
import type { CampaignForm } from './calls-of-campaign.tsx';
import { workflowUses } from './campaign-values.ts';
import { named } from './named.ts';

/** What is written into CRMs, and by which names a CRM knows the campaign. */
export function CampaignRare({ form }: { readonly form: CampaignForm }) {
  const { t } = useTranslation();
  return (
    <Accordion variant="separated" multiple>
      <Accordion.Item value="crm">
        <Accordion.Control>{t('adminCampaigns.campaign.crm')}</Accordion.Control>
        <Accordion.Panel>
          <Written form={form} />
        </Accordion.Panel>
      </Accordion.Item>
      <Accordion.Item value="advanced">
        <Accordion.Control>{t('adminCampaigns.campaign.advanced')}</Accordion.Control>
        <Accordion.Panel>
          <Stack>
            <Workflows form={form} />
            <External form={form} />
          </Stack>
        </Accordion.Panel>
      </Accordion.Item>
    </Accordion>
  );
}

function Written({ form }: { readonly form: CampaignForm }) {
  const { t } = useTranslation();
  const { data: connections } = useEntities('crm-connection');
  const { data: memorializations } = useEntities('memorialization');
  const { records, memorialize } = form.values;
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }}>
      <MultiSelect
        label={t('adminCampaigns.campaign.records')}
        description={t('adminCampaigns.help.records')}
        data={named(connections)}
        searchable
        {...form.getInputProps('records')}
        value={[...records]}
      />
      <MultiSelect
        label={t('admin.plurals.memorialization')}
        description={t('adminCampaigns.help.memorialize')}
        data={named(memorializations)}
        searchable
        {...form.getInputProps('memorialize')}
        value={[...memorialize]}
      />
    </SimpleGrid>
  );
}

function Workflows({ form }: { readonly form: CampaignForm }) {
  const { t } = useTranslation();
  const { data: workflows } = useEntities('crm-workflow');
  return (
    <>
      <SimpleGrid cols={{ base: 1, sm: 3 }}>
        {workflowUses.map((use) => (
          <Select
            key={use}
            label={t(`adminCampaigns.workflows.${use}`)}
            placeholder={t('adminCampaigns.workflows.none')}
            data={named(workflows)}
            searchable
            clearable
            {...form.getInputProps(`workflows.${use}`)}
          />
        ))}
      </SimpleGrid>
      <Checkbox
        label={t('adminCampaigns.campaign.pinSingleMatch')}
        description={t('adminCampaigns.help.pinSingleMatch')}
        {...form.getInputProps('pinSingleMatch', { type: 'checkbox' })}
      />
    </>
  );
}

function External({ form }: { readonly form: CampaignForm }) {
  const { t } = useTranslation();
  const { data: systems } = useEntities('external-system');
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }}>
      <Select
        label={t('adminCampaigns.campaign.externalSystem')}
        description={t('adminCampaigns.help.externalSystem')}
        placeholder={t('adminCampaigns.campaign.noSystem')}
        data={named(systems)}
        clearable
        {...form.getInputProps('externalSystem')}
        error={form.errors['external.system']}
      />
      <TextInput
        label={t('adminCampaigns.campaign.externalId')}
        placeholder="CAMP-42"
        disabled={form.values.externalSystem === null}
        {...form.getInputProps('externalId')}
        error={form.errors['external.id']}
      />
    </SimpleGrid>
  );
}
