import { Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { EntityEditor } from '../parts/entity-editor.tsx';
import { EntityList } from '../parts/entity-list.tsx';
import { EntityPages } from '../parts/entity-pages.tsx';
import { CallsOfCampaign } from './calls-of-campaign.tsx';
import { CampaignRare } from './campaign-rare.tsx';
import { CampaignSites } from './campaign-sites.tsx';
import { campaignOf, campaignValues, emptyCampaign } from './campaign-values.ts';
import { DeskOfCampaign } from './desk-of-campaign.tsx';
import { Dispositions } from './dispositions.tsx';

/** Which calls belong together, and what is done with them. */
export const Campaigns = () => <EntityPages list={<CampaignList />} editor={<CampaignEditor />} />;

function CampaignList() {
  const { t } = useTranslation();
  return (
    <EntityList
      kind="campaign"
      columns={[
        { heading: t('adminCampaigns.campaign.type'), cell: ({ type }) => t(`adminCampaigns.types.${type}`) },
        {
          heading: t('adminCampaigns.campaign.queues'),
          cell: ({ match }) => [...match.queues, ...match.dids, ...match.pointsOfContact].join(', '),
          text: ({ match }) => [...match.queues, ...match.dids].join(' '),
        },
        {
          heading: t('admin.plurals.external-site'),
          cell: ({ sites }) => sites.map(({ site }) => site).join(', '),
          text: ({ sites }) => sites.map(({ site }) => site).join(' '),
        },
      ]}
    />
  );
}

const CampaignEditor = () => (
  <EntityEditor kind="campaign" empty={emptyCampaign} toForm={campaignValues} toEntity={campaignOf}>
    {(form) => (
      <Stack gap="xl">
        <CallsOfCampaign form={form} />
        <DeskOfCampaign form={form} />
        <CampaignSites form={form} />
        <Dispositions form={form} />
        <CampaignRare form={form} />
      </Stack>
    )}
  </EntityEditor>
);
