import { MultiSelect, Select, TextInput } from '@mantine/core';
import type { AutomationBucket } from '@patchcord/contracts';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useEntities } from '../../../api/config.ts';
import { every } from '../../../parts/every.ts';
import { ExpressionInput } from '../parts/expression-input.tsx';
import { TimeoutField } from '../parts/limit-numbers.tsx';
import { NetworkPanel } from '../parts/network-fields.tsx';
import { PairRows } from '../parts/pair-rows.tsx';
import type { AutomationValues } from './automation-values.ts';
import type { AutomationForm } from './automations.tsx';

const buckets = every<AutomationBucket>({
  call: true,
  agent: true,
  queue: true,
  recording: true,
  ivr: true,
  app: true,
  var: true,
  event: true,
});

/** Who is told or asked, and with what. */
export function HttpFields({ form }: { readonly form: AutomationForm }) {
  const { t } = useTranslation();
  const { http } = form.values;
  const set = (part: Partial<AutomationValues['http']>): void => form.setFieldValue('http', { ...http, ...part });
  return (
    <>
      <Select
        label={t('adminRouting.rule.method')}
        data={['GET', 'POST', 'PUT', 'PATCH', 'DELETE']}
        allowDeselect={false}
        value={http.method}
        onChange={(method) => set({ method: (method ?? 'POST') as AutomationValues['http']['method'] })}
      />
      <ExpressionInput
        label="URL"
        placeholder="https://crm.example.com/calls/{call.id}"
        required
        value={http.url}
        onChange={(url) => set({ url })}
        error={form.errors['action.url']}
      />
      <Select
        label={t('adminRouting.automation.format')}
        data={['json', 'urlencoded']}
        allowDeselect={false}
        value={http.format}
        onChange={(format) => set({ format: format === 'urlencoded' ? 'urlencoded' : 'json' })}
      />
      <MultiSelect
        label={t('adminRouting.automation.buckets')}
        description={t('adminRouting.automation.bucketsHelp')}
        data={buckets.map((value) => ({ value, label: t(`adminRouting.automation.bucketNames.${value}`) }))}
        value={http.buckets}
        onChange={(chosen) => set({ buckets: chosen as AutomationBucket[] })}
      />
      <Sent form={form} http={http} set={set} />
      <Answer form={form} http={http} set={set} />
    </>
  );
}

interface HttpPartProps {
  readonly http: AutomationValues['http'];
  readonly set: (part: Partial<AutomationValues['http']>) => void;
}

function Sent({ form, http, set }: HttpPartProps & { readonly form: AutomationForm }) {
  const { t } = useTranslation();
  const { data: authentications = [] } = useEntities('site-authentication');
  return (
    <>
      <PairRows
        label={t('adminRouting.automation.parameters')}
        description={t('adminRouting.automation.valuesHelp')}
        nameLabel={t('admin.fields.name')}
        valueLabel={t('adminRouting.rule.value')}
        valuePlaceholder="{ivr.email}"
        pairs={http.parameters}
        onChange={(parameters) => set({ parameters })}
      />
      <PairRows
        label={t('adminRouting.headers')}
        nameLabel={t('adminRouting.headerName')}
        valueLabel={t('adminRouting.headerValue')}
        pairs={http.headers}
        onChange={(headers) => set({ headers })}
      />
      <Select
        label={t('adminRouting.authentication')}
        data={authentications.map(({ id, name }) => ({ value: id, label: name }))}
        clearable
        value={http.authentication === '' ? null : http.authentication}
        onChange={(chosen) => set({ authentication: chosen ?? '' })}
        error={form.errors['action.authentication']}
      />
    </>
  );
}

function Answer({ form, http, set }: HttpPartProps & { readonly form: AutomationForm }) {
  const { t } = useTranslation();
  return (
    <>
      <PairRows
        label={t('adminRouting.automation.answer')}
        description={t('adminRouting.automation.answerHelp')}
        nameLabel={t('adminRouting.automation.variable')}
        valueLabel={t('adminRouting.automation.path')}
        namePlaceholder="ivr.email"
        valuePlaceholder="customer.email"
        pairs={http.answer}
        onChange={(answer) => set({ answer })}
      />
      <TextInput
        label={t('adminRouting.automation.answerSession')}
        description={t('adminRouting.automation.answerSessionHelp')}
        placeholder="session"
        value={http.answerSession}
        onChange={(event) => set({ answerSession: event.currentTarget.value })}
      />
      <TimeoutField value={http.timeoutMs} onChange={(timeoutMs) => set({ timeoutMs: Number(timeoutMs) })} />
      <NetworkPanel network={http} onChange={set} errors={below(form.errors, 'action.')} />
    </>
  );
}

/** Of the fields below a path, by what stands after it. */
const below = (errors: Readonly<Record<string, ReactNode>>, path: string): Record<string, ReactNode> =>
  Object.fromEntries(
    Object.entries(errors)
      .filter(([name]) => name.startsWith(path))
      .map(([name, error]) => [name.slice(path.length), error]),
  );
