import { Button, Checkbox, Fieldset, Flex, Select, Stack, Text, TextInput } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useEntities } from '../../../api/config.ts';
import { clearErrorsBelow } from '../parts/form-errors.ts';
import { slugOf } from '../parts/slug.ts';
import { moved, newKey, SortableRows } from '../parts/sortable-rows.tsx';
import type { CampaignForm } from './calls-of-campaign.tsx';
import type { DispositionRow } from './campaign-values.ts';

/** How calls of the campaign can end, in the order in which agents see it. */
export function Dispositions({ form }: { readonly form: CampaignForm }) {
  const { t } = useTranslation();
  const rows = form.values.dispositions;
  const change = (changed: DispositionRow[]): void => {
    clearErrorsBelow(form, 'dispositions');
    form.setFieldValue('dispositions', changed);
  };
  return (
    <Fieldset legend={t('adminCampaigns.dispositions.title')}>
      <Text size="sm" c="dimmed" mb="md">
        {t('adminCampaigns.dispositions.help')}
      </Text>
      <Stack gap="xs">
        <SortableRows
          label={t('adminCampaigns.dispositions.title')}
          rows={rows}
          nameOf={({ name }, at) => name || t('adminCampaigns.dispositions.row', { at: at + 1 })}
          onMove={(from, to) => change(moved(rows, from, to))}
          onRemove={(at) => change(rows.filter((_, i) => i !== at))}
        >
          {(row, at) => (
            <Disposition
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
          onClick={() => change([...rows, { key: newKey(), id: '', name: '', crm: false, form: null }])}
          style={{ alignSelf: 'start' }}
        >
          {t('adminCampaigns.dispositions.add')}
        </Button>
      </Stack>
    </Fieldset>
  );
}

interface DispositionProps {
  readonly form: CampaignForm;
  readonly row: DispositionRow;
  readonly at: number;
  readonly onRow: (row: DispositionRow) => void;
}

function Disposition({ form, row, at, onRow }: DispositionProps) {
  const { t } = useTranslation();
  const { data: forms = [] } = useEntities('form');
  const errorOf = (field: string) => form.errors[`dispositions.${at}.${field}`];
  const named = (what: 'name' | 'id' | 'form') => ({
    'aria-label': `${t(`adminCampaigns.dispositions.${what}`)} ${at + 1}`,
    error: errorOf(what),
    flex: what === 'name' ? 3 : 2,
    miw: 0,
  });
  return (
    <Flex gap="sm" direction={{ base: 'column', sm: 'row' }} align={{ base: 'stretch', sm: 'center' }}>
      <TextInput
        {...named('name')}
        placeholder={t('adminCampaigns.dispositions.namePlaceholder')}
        value={row.name}
        onChange={(event) => onRow({ ...row, name: event.currentTarget.value })}
      />
      <TextInput
        {...named('id')}
        placeholder={slugOf(row.name) || t('adminCampaigns.dispositions.id')}
        value={row.id}
        onChange={(event) => onRow({ ...row, id: event.currentTarget.value })}
      />
      <Select
        {...named('form')}
        placeholder={t('adminCampaigns.dispositions.noForm')}
        data={forms.map(({ id, name }) => ({ value: id, label: name }))}
        searchable
        clearable
        value={row.form}
        onChange={(chosen) => onRow({ ...row, form: chosen })}
      />
      <Checkbox
        label={t('adminCampaigns.dispositions.crm')}
        checked={row.crm}
        onChange={(event) => onRow({ ...row, crm: event.currentTarget.checked })}
      />
    </Flex>
  );
}
