import { Accordion, Fieldset, NumberInput, Select, Stack } from '@mantine/core';
import type { RoutingRule } from '@patchcord/contracts';
import { useTranslation } from 'react-i18next';
import { every } from '../../../parts/every.ts';
import { NetworkPanel } from '../parts/network-fields.tsx';
import { DestinationField, OptionalDestination } from './destination-field.tsx';
import type { RuleForm } from './rule-location.tsx';

const outcomes = ['noRule', 'notFound', 'timeout', 'error'] as const;

/** Where the call goes when no row matches, and how long the caller waits. */
export function RuleOutcomes({ form }: { readonly form: RuleForm }) {
  const { t } = useTranslation();
  const { default: otherwise, on } = form.values;
  const hasVoicemail = otherwise.type !== 'hangup' && otherwise.type !== 'play-recording';
  return (
    <>
      <Fieldset legend={t('adminRouting.rule.otherwise')}>
        <Stack>
          <DestinationField
            label={t('adminRouting.rule.default')}
            value={otherwise}
            onChange={(value) =>
              form.setFieldValue('default', { ...value, voicemail: hasVoicemail ? otherwise.voicemail : 'not-set' })
            }
            error={form.errors['default.target']}
          />
          {hasVoicemail && (
            <Select
              label={t('adminRouting.rule.voicemail')}
              data={every<RoutingRule['default']['voicemail']>({ 'not-set': true, yes: true, no: true }).map(
                (value) => ({
                  value,
                  label: t(`adminRouting.rule.voicemails.${value}`),
                }),
              )}
              allowDeselect={false}
              {...form.getInputProps('default.voicemail')}
            />
          )}
          {outcomes.map((outcome) => (
            <OptionalDestination
              key={outcome}
              label={t(`adminRouting.rule.outcomes.${outcome}`)}
              description={t(`adminRouting.rule.outcomeHelp.${outcome}`)}
              value={on[outcome]}
              onChange={(value) => form.setFieldValue('on', withOutcome(on, outcome, value))}
              error={form.errors[`on.${outcome}.target`]}
            />
          ))}
        </Stack>
      </Fieldset>
      <Advanced form={form} />
    </>
  );
}

type Outcomes = RoutingRule['on'];

function withOutcome(on: Outcomes, outcome: keyof Outcomes, value: Outcomes[keyof Outcomes]): Outcomes {
  const { [outcome]: _, ...rest } = on;
  return value === undefined ? rest : { ...rest, [outcome]: value };
}

function Advanced({ form }: { readonly form: RuleForm }) {
  const { t } = useTranslation();
  return (
    <>
      <NumberInput
        label={t('adminRouting.rule.budgetMs')}
        description={t('adminRouting.rule.budgetHelp')}
        min={50}
        max={10_000}
        step={500}
        {...form.getInputProps('budgetMs')}
      />
      <Accordion variant="contained">
        <Accordion.Item value="advanced">
          <Accordion.Control>{t('adminRouting.advanced')}</Accordion.Control>
          <Accordion.Panel>
            <Stack>
              <NumberInput
                label={t('adminRouting.rule.cacheSeconds')}
                description={t('adminRouting.rule.cacheHelp')}
                min={0}
                max={86_400}
                {...form.getInputProps('cacheSeconds')}
              />
              <NumberInput
                label={t('adminRouting.rule.keepMs')}
                min={1000}
                max={600_000}
                step={1000}
                {...form.getInputProps('prefetch.keepMs')}
              />
            </Stack>
          </Accordion.Panel>
        </Accordion.Item>
      </Accordion>
      {form.values.source === 'url' && (
        <NetworkPanel network={form.values} onChange={(network) => form.setValues(network)} errors={form.errors} />
      )}
    </>
  );
}
