import { Checkbox, Group, MultiSelect, Stack, Switch, TagsInput, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useEntities } from '../../../../api/config.ts';
import type { CrmKind } from '../../../../api/crm.ts';
import type { ConnectionForm } from './connection-editor.tsx';
import { directions, outcomes } from './connection-form.ts';

/** Which calls are logged in the CRM, and what of them goes along. */
export function LoggingFields({ form, kind }: { readonly form: ConnectionForm; readonly kind: CrmKind | undefined }) {
  const { t } = useTranslation();
  const { data: campaigns = [] } = useEntities('campaign');
  const searched = kind?.standardModules.filter(({ phoneFields }) => phoneFields.length > 0) ?? [];
  return (
    <>
      <Text size="sm" c="dimmed">
        {t('adminCrm.logging.about')}
      </Text>
      <Checkbox.Group label={t('adminCrm.logging.outcomes')} {...form.getInputProps('logging.outcomes')}>
        <Group mt={6}>
          {outcomes.map((one) => (
            <Checkbox key={one} value={one} label={t(`adminCrm.outcomes.${one}`)} />
          ))}
        </Group>
      </Checkbox.Group>
      <Checkbox.Group label={t('adminCrm.logging.directions')} {...form.getInputProps('logging.directions')}>
        <Group mt={6}>
          {directions.map((one) => (
            <Checkbox key={one} value={one} label={t(`adminCrm.directions.${one}`)} />
          ))}
        </Group>
      </Checkbox.Group>
      <Agents form={form} path="logging.agents" />
      <MultiSelect
        label={t('adminCrm.logging.campaigns')}
        description={t('adminCrm.logging.campaignsHelp')}
        data={campaigns.map(({ id, name }) => ({ value: id, label: name }))}
        searchable
        clearable
        {...form.getInputProps('logging.campaigns')}
      />
      <TagsInput
        label={t('adminCrm.logging.modules')}
        description={t('adminCrm.logging.modulesHelp')}
        data={searched.map(({ module }) => module)}
        {...form.getInputProps('logging.modules')}
      />
      <Stack gap="xs" role="group" aria-label={t('adminCrm.logging.along')}>
        <Text size="sm" fw={500}>
          {t('adminCrm.logging.along')}
        </Text>
        {(['notes', 'summary', 'recording', 'digits'] as const).map((what) => (
          <Switch
            key={what}
            label={t(`adminCrm.logging.${what}`)}
            {...form.getInputProps(`logging.${what}`, { type: 'checkbox' })}
          />
        ))}
      </Stack>
    </>
  );
}

/** Whose: nobody chosen means everybody. */
export function Agents({
  form,
  path,
}: {
  readonly form: ConnectionForm;
  readonly path: 'logging.agents' | 'presence.agents';
}) {
  const { t } = useTranslation();
  const { data: agents = [] } = useEntities('agent');
  return (
    <MultiSelect
      label={t('adminCrm.logging.agents')}
      description={t('adminCrm.logging.agentsHelp')}
      data={agents.map(({ id, name }) => ({ value: id, label: `${name} (${id})` }))}
      searchable
      clearable
      {...form.getInputProps(path)}
    />
  );
}
