import { Alert, Fieldset, Select, SimpleGrid, Switch, Text, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { CrmKind } from '../../../../api/crm.ts';
import { PairRows } from '../../parts/pair-rows.tsx';
import type { ConnectionForm } from './connection-editor.tsx';
import { crmPresences, presentedStates } from './connection-form.ts';
import { Agents } from './logging-fields.tsx';

/** Whether the CRM is told if agents can be reached, and in which words. */
export function PresenceFields({ form, kind }: { readonly form: ConnectionForm; readonly kind: CrmKind | undefined }) {
  const { t } = useTranslation();
  const why = kind?.cannot.presence;
  const { enabled } = form.values.presence;
  return (
    <>
      {why !== undefined && <Alert color="gray">{why}</Alert>}
      <Switch
        label={t('adminCrm.presence.enabled')}
        description={t('adminCrm.presence.enabledHelp')}
        disabled={why !== undefined && !enabled}
        {...form.getInputProps('presence.enabled', { type: 'checkbox' })}
      />
      {enabled && <Details form={form} />}
    </>
  );
}

function Details({ form }: { readonly form: ConnectionForm }) {
  const { t } = useTranslation();
  const shown = crmPresences.map((one) => ({ value: one, label: t(`adminCrm.presence.shown.${one}`) }));
  return (
    <>
      <Fieldset legend={t('adminCrm.presence.states')}>
        <Text size="sm" c="dimmed" mb="sm">
          {t('adminCrm.presence.statesHelp')}
        </Text>
        <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }}>
          {presentedStates.map((state) => (
            <Select
              key={state}
              label={t(`adminCrm.presence.state.${state}`)}
              data={shown}
              clearable
              value={form.values.presence.states[state] === '' ? null : form.values.presence.states[state]}
              onChange={(next) => form.setFieldValue(`presence.states.${state}`, next ?? '')}
            />
          ))}
        </SimpleGrid>
      </Fieldset>
      <PairRows
        label={t('adminCrm.presence.pauses')}
        description={t('adminCrm.presence.pausesHelp')}
        nameLabel={t('adminCrm.presence.reason')}
        valueLabel={t('adminCrm.presence.becomes')}
        namePlaceholder="Training"
        valuePlaceholder="busy"
        pairs={form.values.presence.pauses}
        onChange={(pauses) => form.setFieldValue('presence.pauses', pauses)}
      />
      <Fieldset legend={t('adminCrm.presence.words')}>
        <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }}>
          {crmPresences.map((one) => (
            <TextInput
              key={one}
              label={t(`adminCrm.presence.shown.${one}`)}
              {...form.getInputProps(`presence.words.${one}`)}
            />
          ))}
        </SimpleGrid>
      </Fieldset>
      <Agents form={form} path="presence.agents" />
    </>
  );
}
