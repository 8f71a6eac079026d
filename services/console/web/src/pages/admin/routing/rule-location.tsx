import { Fieldset, NumberInput, SegmentedControl, Stack, Switch, TagsInput, Text, TextInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import type { RuleValues } from './rule-values.ts';

export type RuleForm = UseFormReturnType<RuleValues>;

const places = ['did', 'ivr', 'anywhere'] as const;

/** On which calls the rule is used, and whether the caller is asked for digits before. */
export function RuleLocation({ form }: { readonly form: RuleForm }) {
  const { t } = useTranslation();
  const { place, greets } = form.values;
  return (
    <Fieldset legend={t('adminRouting.rule.location')}>
      <Stack>
        <SegmentedControl
          aria-label={t('adminRouting.rule.location')}
          data={places.map((value) => ({ value, label: t(`adminRouting.rule.places.${value}`) }))}
          {...form.getInputProps('place')}
        />
        <Text size="sm" c="dimmed">
          {t(`adminRouting.rule.placeHelp.${place}`)}
        </Text>
        {place === 'did' && (
          <TagsInput
            label={t('adminRouting.rule.dids')}
            description={t('adminRouting.rule.didsHelp')}
            placeholder="+14155550100"
            required
            {...form.getInputProps('dids')}
            error={form.errors.dids ?? form.errors['location.dids'] ?? form.errors['location.dids.0']}
          />
        )}
        {place === 'did' && (
          <Switch
            label={t('adminRouting.rule.prefetch')}
            description={t('adminRouting.rule.prefetchHelp')}
            {...form.getInputProps('prefetch.enabled', { type: 'checkbox' })}
          />
        )}
        {place === 'ivr' && (
          <Switch
            label={t('adminRouting.rule.greets')}
            description={t('adminRouting.rule.greetsHelp')}
            {...form.getInputProps('greets', { type: 'checkbox' })}
          />
        )}
        {place === 'ivr' && greets && <Greeting form={form} />}
      </Stack>
    </Fieldset>
  );
}

function Greeting({ form }: { readonly form: RuleForm }) {
  const { t } = useTranslation();
  return (
    <>
      <TextInput
        label={t('adminRouting.prompt')}
        description={t('adminRouting.promptHelp')}
        placeholder="custom/enter-customer-number"
        required
        {...form.getInputProps('greeting.prompt')}
      />
      <NumberInput
        label={t('adminRouting.rule.maxDigits')}
        min={1}
        max={32}
        {...form.getInputProps('greeting.maxDigits')}
      />
      <NumberInput
        label={t('adminRouting.inputTimeoutMs')}
        min={500}
        max={60_000}
        step={500}
        {...form.getInputProps('greeting.inputTimeoutMs')}
      />
      <NumberInput
        label={t('adminRouting.rule.promptTimeoutMs')}
        min={1000}
        max={120_000}
        step={1000}
        {...form.getInputProps('greeting.promptTimeoutMs')}
      />
    </>
  );
}
