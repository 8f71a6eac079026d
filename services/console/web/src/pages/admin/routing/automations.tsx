import { Accordion, Badge, Fieldset, MultiSelect, NumberInput, Select, Stack, Switch, TagsInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import type { AutomationEvent } from '@patchcord/contracts';
import { useTranslation } from 'react-i18next';
import { useEntities } from '../../../api/config.ts';
import { every } from '../../../parts/every.ts';
import { EntityEditor } from '../parts/entity-editor.tsx';
import { EntityList } from '../parts/entity-list.tsx';
import { EntityPages } from '../parts/entity-pages.tsx';
import { ConcurrencyField } from '../parts/limit-numbers.tsx';
import { ActionFields } from './automation-action.tsx';
import { AutomationTest } from './automation-test.tsx';
import { type AutomationValues, automationToEntity, automationToForm, emptyAutomation } from './automation-values.ts';

/** What happens by itself. */
export const Automations = () => <EntityPages list={<AutomationList />} editor={<AutomationEditor />} />;

function AutomationList() {
  const { t } = useTranslation();
  return (
    <EntityList
      kind="automation"
      columns={[
        {
          heading: t('adminRouting.automation.on'),
          cell: ({ on }) => (on.length === 0 ? t('adminRouting.automation.local') : on.join(', ')),
          text: ({ on }) => on.join(' '),
        },
        {
          heading: t('adminRouting.automation.action'),
          cell: ({ action }) => t(`adminRouting.automation.types.${action.type}`),
        },
        {
          heading: t('adminPeople.user.state'),
          cell: ({ enabled }) => (
            <Badge variant="light" color={enabled ? 'teal' : 'gray'} tt="none">
              {t(enabled ? 'adminPeople.user.enabled' : 'adminPeople.user.disabled')}
            </Badge>
          ),
        },
      ]}
    />
  );
}

export type AutomationForm = UseFormReturnType<AutomationValues>;

const AutomationEditor = () => (
  <EntityEditor kind="automation" empty={emptyAutomation} toForm={automationToForm} toEntity={automationToEntity}>
    {(form) => (
      <>
        <Enabled form={form} />
        <When form={form} />
        <ActionFields form={form} />
        <Limits form={form} />
        <AutomationTest automation={() => automationToEntity(form.values)} events={form.values.on} />
      </>
    )}
  </EntityEditor>
);

function Enabled({ form }: { readonly form: AutomationForm }) {
  const { t } = useTranslation();
  return <Switch label={t('adminPeople.user.enabled')} {...form.getInputProps('enabled', { type: 'checkbox' })} />;
}

const events = every<AutomationEvent>({
  'call.offered': true,
  'call.ivr-entered': true,
  'call.dtmf-collected': true,
  'call.queued': true,
  'call.agent-ringing': true,
  'call.agent-missed': true,
  'call.answered': true,
  'call.held': true,
  'call.resumed': true,
  'call.transferred': true,
  'call.abandoned': true,
  'call.recording-ready': true,
  'call.ended': true,
  'session.written': true,
  'disposition.recorded': true,
  'disposition.changed': true,
  'agent.acw-started': true,
  'agent.acw-ended': true,
  'agent.state-changed': true,
});

function When({ form }: { readonly form: AutomationForm }) {
  const { t } = useTranslation();
  const { data: campaigns = [] } = useEntities('campaign');
  const { data: triggers = [] } = useEntities('trigger');
  const { trigger } = form.values;
  return (
    <Fieldset legend={t('adminRouting.automation.when')}>
      <Stack>
        <TagsInput
          label={t('adminRouting.automation.on')}
          description={t('adminRouting.automation.onHelp')}
          data={[...events]}
          placeholder="custom.order-shipped"
          {...form.getInputProps('on')}
          error={form.errors.on ?? form.errors['on.0']}
        />
        <MultiSelect
          label={t('admin.plurals.campaign')}
          description={t('adminRouting.automation.campaignsHelp')}
          data={campaigns.map(({ id, name }) => ({ value: id, label: name }))}
          searchable
          {...form.getInputProps('campaigns')}
        />
        <Select
          label={t('adminRouting.automation.trigger')}
          description={t('adminRouting.automation.triggerHelp')}
          data={triggers.map(({ id, name }) => ({ value: id, label: name }))}
          clearable
          searchable
          value={trigger === '' ? null : trigger}
          onChange={(chosen) => form.setFieldValue('trigger', chosen ?? '')}
          error={form.errors['when.trigger'] ?? form.errors.when}
        />
        {trigger !== '' && (
          <Switch label={t('adminRouting.automation.invert')} {...form.getInputProps('invert', { type: 'checkbox' })} />
        )}
        <NumberInput
          label={t('adminRouting.automation.priority')}
          description={t('adminRouting.automation.priorityHelp')}
          min={-1000}
          max={1000}
          {...form.getInputProps('priority')}
        />
      </Stack>
    </Fieldset>
  );
}

function Limits({ form }: { readonly form: AutomationForm }) {
  const { t } = useTranslation();
  return (
    <Accordion variant="contained">
      <Accordion.Item value="limits">
        <Accordion.Control>{t('adminRouting.advanced')}</Accordion.Control>
        <Accordion.Panel>
          <Stack>
            <NumberInput
              label={t('adminRouting.automation.giveUp')}
              description={t('adminRouting.automation.giveUpHelp')}
              min={1}
              max={172_800}
              {...form.getInputProps('giveUpAfterSeconds')}
            />
            <NumberInput
              label={t('adminRouting.automation.perSecond')}
              description={t('adminPeople.mail.perSecondHelp')}
              min={0.1}
              max={10_000}
              {...form.getInputProps('perSecond')}
              error={form.errors['rateLimit.perSecond']}
            />
            <ConcurrencyField label={t('adminRouting.automation.concurrency')} {...form.getInputProps('concurrency')} />
          </Stack>
        </Accordion.Panel>
      </Accordion.Item>
    </Accordion>
  );
}
