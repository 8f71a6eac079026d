import { Button, Fieldset, Select, Stack, Switch, Text } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useEntities } from '../../../api/config.ts';
import { clearErrorsBelow } from '../parts/form-errors.ts';
import { moved, newKey, SortableRows } from '../parts/sortable-rows.tsx';
import { parameterRows } from '../sites/parameter-rows.ts';
import { ParameterTable } from '../sites/parameter-table.tsx';
import { RequestPreview } from '../sites/request-preview.tsx';
import type { CampaignForm } from './calls-of-campaign.tsx';
import { type AssignmentRow, campaignOf } from './campaign-values.ts';

/** The sites of its calls, each with the site's own parameter table or one of the campaign. */
export function CampaignSites({ form }: { readonly form: CampaignForm }) {
  const { t } = useTranslation();
  const { data: sites = [] } = useEntities('external-site');
  const rows = form.values.sites;
  const change = (changed: AssignmentRow[]): void => {
    clearErrorsBelow(form, 'sites');
    form.setFieldValue('sites', changed);
  };
  const nameOf = ({ site }: AssignmentRow, at: number): string =>
    sites.find(({ id }) => id === site)?.name ?? t('adminCampaigns.sites.row', { at: at + 1 });
  return (
    <Fieldset legend={t('admin.plurals.external-site')}>
      <Text size="sm" c="dimmed" mb="md">
        {t('adminCampaigns.sites.help')}
      </Text>
      <Stack gap="xs">
        <SortableRows
          label={t('admin.plurals.external-site')}
          rows={rows}
          nameOf={nameOf}
          onMove={(from, to) => change(moved(rows, from, to))}
          onRemove={(at) => change(rows.filter((_, i) => i !== at))}
        >
          {(row, at) => (
            <Assignment
              form={form}
              row={row}
              at={at}
              onRow={(changed) => change(rows.map((one, i) => (i === at ? changed : one)))}
            />
          )}
        </SortableRows>
        <Button
          variant="light"
          leftSection={<IconPlus size={16} aria-hidden />}
          onClick={() => change([...rows, { key: newKey(), site: null, isOwn: false, parameters: [] }])}
          style={{ alignSelf: 'start' }}
        >
          {t('adminCampaigns.sites.add')}
        </Button>
      </Stack>
    </Fieldset>
  );
}

interface AssignmentProps {
  readonly form: CampaignForm;
  readonly row: AssignmentRow;
  readonly at: number;
  readonly onRow: (row: AssignmentRow) => void;
}

function Assignment({ form, row, at, onRow }: AssignmentProps) {
  const { t } = useTranslation();
  const { data: sites = [] } = useEntities('external-site');
  const { data: databases = [] } = useEntities('contact-database');
  const site = sites.find(({ id }) => id === row.site);
  const columns = databases.find(({ id }) => id === form.values.database)?.columns ?? [];
  const own = (isOwn: boolean): void =>
    onRow({
      ...row,
      isOwn,
      // Begins with what was sent until now.
      parameters: isOwn && row.parameters.length === 0 ? parameterRows(site?.parameters ?? []) : row.parameters,
    });
  return (
    <Stack gap="sm">
      <Select
        aria-label={t('adminCampaigns.sites.site', { at: at + 1 })}
        placeholder={t('adminCampaigns.sites.choose')}
        data={sites
          .filter(({ id, hidden }) => !hidden || id === row.site)
          .map(({ id, name }) => ({ value: id, label: name }))}
        searchable
        value={row.site}
        onChange={(chosen) => onRow({ ...row, site: chosen })}
        error={form.errors[`sites.${at}`] ?? form.errors[`sites.${at}.site`]}
        maw={420}
      />
      <Switch
        label={t('adminCampaigns.sites.own')}
        checked={row.isOwn}
        onChange={(event) => own(event.currentTarget.checked)}
      />
      {row.isOwn && (
        <ParameterTable
          rows={row.parameters}
          onChange={(parameters) => onRow({ ...row, parameters })}
          errorOf={(field) => form.errors[`sites.${at}.parameters.${field}`]}
          columns={columns}
          hasDisposition={site?.trigger === 'disposition'}
        />
      )}
      {site !== undefined && (
        <RequestPreview
          site={site}
          parameters={row.isOwn ? row.parameters : parameterRows(site.parameters)}
          campaign={campaignOf(form.values)}
        />
      )}
    </Stack>
  );
}
