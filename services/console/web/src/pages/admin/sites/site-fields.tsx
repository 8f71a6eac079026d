import { Checkbox, Group, MultiSelect, Select, SimpleGrid, Stack } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import type { ExternalSite, SiteFormat, SiteTarget } from '@patchcord/contracts';
import { useTranslation } from 'react-i18next';
import { useEntities } from '../../../api/config.ts';
import { every } from '../../../parts/every.ts';
import { siteMoments } from '../../../parts/site-moments.ts';
import { ExpressionInput } from '../parts/expression-input.tsx';
import { fitting, openFormats, openTargets, type SiteChoices } from './site-choices.ts';
import type { SiteValues } from './site-values.ts';

export type SiteForm = UseFormReturnType<SiteValues>;

/** Where a site is, who sets it off and when, and how it is asked. */
export function SiteFields({ form }: { readonly form: SiteForm }) {
  const { t } = useTranslation();
  const { data: authentications = [] } = useEntities('site-authentication');
  return (
    <Stack>
      <ExpressionInput
        label={t('adminSites.site.url')}
        description={t('adminSites.site.urlHelp')}
        placeholder="https://crm.example/customers/{1}?caller={call.from}"
        required
        {...form.getInputProps('url')}
        value={form.values.url}
      />
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <TriggerField form={form} />
        <Moments form={form} />
      </SimpleGrid>
      <RequestForm form={form} />
      <Group align="end" justify="space-between">
        <Select
          label={t('adminSites.site.authentication')}
          description={t('adminSites.site.authenticationHelp')}
          placeholder={t('adminSites.site.noAuthentication')}
          data={authentications.map(({ id, name }) => ({ value: id, label: name }))}
          searchable
          clearable
          w="100%"
          maw={420}
          {...form.getInputProps('authentication')}
        />
        <Checkbox label={t('adminSites.site.hidden')} {...form.getInputProps('hidden', { type: 'checkbox' })} />
      </Group>
    </Stack>
  );
}

const triggers: readonly ExternalSite['trigger'][] = ['automatic', 'agent', 'server', 'disposition'];

/** What was chosen last wins; what does not go with it any more follows. */
function choose(form: SiteForm, chosen: Partial<SiteChoices>): void {
  const { trigger, method, format, target } = form.values;
  const choices = fitting({ trigger, method, format, target, ...chosen });
  form.setValues(choices);
  for (const field of Object.keys(choices)) form.clearFieldError(field);
}

function TriggerField({ form }: { readonly form: SiteForm }) {
  const { t } = useTranslation();
  const { trigger } = form.values;
  return (
    <Select
      label={t('adminSites.site.trigger')}
      description={t(`adminSites.triggerHelp.${trigger}`)}
      data={triggers.map((value) => ({ value, label: t(`adminSites.triggers.${value}`) }))}
      allowDeselect={false}
      {...form.getInputProps('trigger')}
      onChange={(chosen) => chosen !== null && choose(form, { trigger: chosen })}
    />
  );
}

function Moments({ form }: { readonly form: SiteForm }) {
  const { t } = useTranslation();
  if (form.values.trigger === 'disposition')
    return <Select label={t('adminSites.site.fireOn')} description={t('adminSites.site.fireOnSaved')} disabled />;
  return (
    <MultiSelect
      label={t('adminSites.site.fireOn')}
      description={t('adminSites.site.fireOnHelp')}
      data={siteMoments.map((value) => ({ value, label: t(`adminSites.moments.${value}`) }))}
      required
      {...form.getInputProps('fireOn')}
      value={[...form.values.fireOn]}
    />
  );
}

const methods = every<ExternalSite['method']>({ GET: true, POST: true, PUT: true, PATCH: true });
const formats = every<SiteFormat>({ json: true, urlencoded: true, multipart: true, text: true });
const targets = every<SiteTarget>({ embedded: true, 'new-tab': true, none: true });

/** Method, format and target; what excludes each other cannot be chosen, and it is said why. */
function RequestForm({ form }: { readonly form: SiteForm }) {
  const { t } = useTranslation();
  const forFormat = openFormats(form.values);
  const forTarget = openTargets(form.values);
  const why = (because: typeof forFormat.because): string | undefined =>
    because === undefined ? undefined : t(`adminSites.because.${because}`);
  return (
    <SimpleGrid cols={{ base: 1, sm: 3 }}>
      <Select
        label={t('adminSites.site.method')}
        description={t(`adminSites.methodHelp.${form.values.method === 'GET' ? 'get' : 'other'}`)}
        data={[...methods]}
        allowDeselect={false}
        {...form.getInputProps('method')}
        onChange={(method) => method !== null && choose(form, { method })}
      />
      <Select
        label={t('adminSites.site.format')}
        description={why(forFormat.because) ?? t('adminSites.site.formatHelp')}
        placeholder={t('adminSites.site.noFormat')}
        data={formats.map((value) => ({
          value,
          label: t(`adminSites.formats.${value}`),
          disabled: !forFormat.open.includes(value),
        }))}
        disabled={forFormat.open.length === 0}
        allowDeselect={false}
        {...form.getInputProps('format')}
        onChange={(format) => format !== null && choose(form, { format })}
      />
      <Select
        label={t('adminSites.site.target')}
        description={why(forTarget.because) ?? t('adminSites.site.targetHelp')}
        data={targets.map((value) => ({
          value,
          label: t(`adminSites.targets.${value}`),
          disabled: !forTarget.open.includes(value),
        }))}
        allowDeselect={false}
        {...form.getInputProps('target')}
        onChange={(target) => target !== null && choose(form, { target })}
      />
    </SimpleGrid>
  );
}
