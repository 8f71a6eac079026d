import { Badge, Code, Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { EntityEditor } from '../parts/entity-editor.tsx';
import { EntityList } from '../parts/entity-list.tsx';
import { EntityPages } from '../parts/entity-pages.tsx';
import { RequestPreview } from './request-preview.tsx';
import { SiteFields } from './site-fields.tsx';
import { SiteRare } from './site-rare.tsx';
import { SiteTable } from './site-table.tsx';
import { emptySite, siteOf, siteValues } from './site-values.ts';

/** Addresses that are told of calls, or that agents see during them. */
export const Sites = () => <EntityPages list={<SiteList />} editor={<SiteEditor />} />;

function SiteList() {
  const { t } = useTranslation();
  return (
    <EntityList
      kind="external-site"
      columns={[
        { heading: t('adminSites.site.trigger'), cell: ({ trigger }) => t(`adminSites.triggers.${trigger}`) },
        {
          heading: t('adminSites.site.request'),
          cell: ({ method, url }) => (
            <>
              <Badge variant="light" mr="xs">
                {method}
              </Badge>
              <Code style={{ overflowWrap: 'anywhere' }}>{url}</Code>
            </>
          ),
          text: ({ url }) => url,
        },
        {
          heading: t('adminSites.site.authentication'),
          cell: ({ authentication }) => authentication,
          text: ({ authentication }) => authentication ?? '',
        },
      ]}
    />
  );
}

const SiteEditor = () => (
  <EntityEditor kind="external-site" empty={emptySite} toForm={siteValues} toEntity={siteOf}>
    {(form, stored) => (
      <Stack gap="xl">
        <SiteFields form={form} />
        <SiteTable form={form} />
        <RequestPreview site={siteOf(form.values)} parameters={form.values.parameters} usedBy={stored?.id} />
        <SiteRare form={form} />
      </Stack>
    )}
  </EntityEditor>
);
