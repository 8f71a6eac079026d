import { NumberInput, Select, TagsInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { useEntities } from '../../../api/config.ts';
import { EntityEditor } from '../parts/entity-editor.tsx';
import { EntityList } from '../parts/entity-list.tsx';
import { EntityPages } from '../parts/entity-pages.tsx';
import { regions } from './regions.ts';

/** What holds for the whole tenant. There is exactly one. */
export const Tenants = () => <EntityPages list={<TenantList />} editor={<TenantEditor />} />;

function TenantList() {
  const { t, i18n } = useTranslation();
  const { data: tenants } = useEntities('tenant');
  const names = new Intl.DisplayNames(i18n.language, { type: 'region' });
  return (
    <EntityList
      kind="tenant"
      canCreate={tenants?.length === 0}
      columns={[
        { heading: t('adminPeople.tenant.region'), cell: ({ defaultRegion }) => names.of(defaultRegion) },
        { heading: t('adminPeople.tenant.timeZone'), cell: ({ timeZone }) => timeZone },
        {
          heading: t('adminPeople.tenant.retention'),
          cell: ({ retentionDays }) => t('adminPeople.tenant.days', { count: retentionDays }),
        },
      ]}
    />
  );
}

interface TenantValues {
  readonly id: string;
  readonly name: string;
  readonly defaultRegion: string;
  readonly timeZone: string;
  readonly retentionDays: number;
  readonly pauseReasons: string[];
  readonly frameOrigins: string[];
}

const empty: TenantValues = {
  id: '',
  name: '',
  defaultRegion: 'US',
  timeZone: 'UTC',
  retentionDays: 30,
  pauseReasons: [],
  frameOrigins: [],
};

const TenantEditor = () => (
  <EntityEditor kind="tenant" empty={empty} toForm={(tenant): TenantValues => tenant} toEntity={(tenant) => tenant}>
    {(form) => <TenantFields form={form} />}
  </EntityEditor>
);

function TenantFields({ form }: { readonly form: UseFormReturnType<TenantValues> }) {
  const { t, i18n } = useTranslation();
  const names = new Intl.DisplayNames(i18n.language, { type: 'region' });
  const zones = ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')];
  return (
    <>
      <Select
        label={t('adminPeople.tenant.region')}
        description={t('adminPeople.tenant.regionHelp')}
        data={regions.map((code) => ({ value: code, label: `${names.of(code)} (${code})` }))}
        searchable
        allowDeselect={false}
        {...form.getInputProps('defaultRegion')}
      />
      <Select
        label={t('adminPeople.tenant.timeZone')}
        description={t('adminPeople.tenant.timeZoneHelp')}
        data={zones}
        searchable
        allowDeselect={false}
        limit={100}
        {...form.getInputProps('timeZone')}
      />
      <NumberInput
        label={t('adminPeople.tenant.retentionDays')}
        description={t('adminPeople.tenant.retentionHelp')}
        min={1}
        max={3650}
        {...form.getInputProps('retentionDays')}
      />
      <TagsInput
        label={t('adminPeople.tenant.pauseReasons')}
        description={t('adminPeople.tenant.pauseReasonsHelp')}
        {...form.getInputProps('pauseReasons')}
      />
      <TagsInput
        label={t('adminPeople.tenant.frameOrigins')}
        description={t('adminPeople.tenant.frameOriginsHelp')}
        placeholder="https://crm.example.com"
        {...form.getInputProps('frameOrigins')}
        error={form.errors.frameOrigins ?? form.errors['frameOrigins.0']}
      />
    </>
  );
}
