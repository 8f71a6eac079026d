import { Button, Fieldset, Group, Select, Stack, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import type { SiteTestReply } from '@patchcord/contracts';
import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ask } from '../../../api/client.ts';
import { useEntities } from '../../../api/config.ts';
import { Problem } from '../../../parts/problem.tsx';
import type { ParameterRow } from './parameter-rows.ts';
import { Rendered } from './request-view.tsx';
import { SampleFields, type Samples, sampleOf } from './sample-fields.tsx';
import { TestAnswer } from './test-answer.tsx';

interface RequestPreviewProps {
  /** As it would be stored. */
  readonly site: object;
  /** The rows whose values can be made up. */
  readonly parameters: readonly ParameterRow[];
  /** A campaign as it would be stored, whose table is used instead of the site's. */
  readonly campaign?: object;
  /** The id of a stored site: the preview can be seen with one of its campaigns. */
  readonly usedBy?: string | undefined;
}

const askFor = (body: object): Promise<SiteTestReply> =>
  ask<SiteTestReply>('/v1/external-sites/test', { method: 'POST', body });

/** How long nothing is asked while somebody types (ms). */
const pauseMs = 400;

/** The request as it would be sent now, with a call that never was; and, if asked, its answer. */
export function RequestPreview({ site, parameters, campaign, usedBy }: RequestPreviewProps) {
  const { t } = useTranslation();
  const [samples, setSamples] = useState<Samples>({});
  const [campaignId, setCampaignId] = useState<string | null>(null);
  const body = {
    site: named(site),
    sample: sampleOf(samples),
    ...(campaign === undefined ? {} : { campaign: named(campaign) }),
    ...(campaign === undefined && campaignId !== null ? { campaignId } : {}),
  };
  const [settled] = useDebouncedValue(JSON.stringify(body), pauseMs);
  const preview = useQuery({
    queryKey: ['site-preview', settled],
    queryFn: () => askFor(JSON.parse(settled) as object),
    enabled: 'url' in site && site.url !== '',
    placeholderData: keepPreviousData,
    retry: false,
    gcTime: 0,
  });
  const send = useMutation({ mutationFn: () => askFor({ ...body, send: true }) });
  return (
    <Fieldset legend={t('adminSites.preview.title')}>
      <Stack>
        <Text size="sm" c="dimmed">
          {t('adminSites.preview.help')}
        </Text>
        {usedBy !== undefined && <CampaignChoice site={usedBy} value={campaignId} onChange={setCampaignId} />}
        <SampleFields rows={parameters} samples={samples} onChange={setSamples} />
        {preview.error !== null && <Problem error={preview.error} />}
        {preview.data !== undefined && preview.error === null && <Rendered reply={preview.data} />}
        <Group>
          <Button variant="light" loading={send.isPending} onClick={() => send.mutate()}>
            {t('adminSites.preview.send')}
          </Button>
          <Text size="sm" c="dimmed">
            {t('adminSites.preview.sendHelp')}
          </Text>
        </Group>
        {send.error !== null && <Problem error={send.error} />}
        {send.data !== undefined && <TestAnswer reply={send.data} />}
      </Stack>
    </Fieldset>
  );
}

/** What has no id and no name yet can be looked at all the same. */
const named = (entity: object): object => {
  const { id = '', name = '' } = entity as { id?: string; name?: string };
  return { ...entity, id: id === '' ? 'preview' : id, name: name === '' ? 'Preview' : name };
};

interface CampaignChoiceProps {
  readonly site: string;
  readonly value: string | null;
  readonly onChange: (campaign: string | null) => void;
}

function CampaignChoice({ site, value, onChange }: CampaignChoiceProps) {
  const { t } = useTranslation();
  const { data: campaigns = [] } = useEntities('campaign');
  const using = campaigns.filter(({ sites }) => sites.some((one) => one.site === site));
  if (using.length === 0) return undefined;
  return (
    <Select
      label={t('adminSites.preview.campaign')}
      description={t('adminSites.preview.campaignHelp')}
      placeholder={t('adminSites.preview.noCampaign')}
      data={using.map(({ id, name }) => ({ value: id, label: name }))}
      value={value}
      onChange={onChange}
      clearable
      maw={420}
    />
  );
}
