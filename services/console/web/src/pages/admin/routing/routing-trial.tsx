import { Button, Group, Select, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import type { RouteDestination, RouteRow, RoutingDecision } from '@patchcord/contracts';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { ApiError, ask } from '../../../api/client.ts';
import { useEntities } from '../../../api/config.ts';
import { Problem } from '../../../parts/problem.tsx';
import { formErrors } from '../parts/form-errors.ts';
import { withoutBlanks } from '../parts/values.ts';
import { Verdict } from './verdict.tsx';

/** What the API says would happen. */
export interface RoutingVerdict {
  readonly rule?: {
    readonly id: string;
    readonly name: string;
    readonly rows: readonly RouteRow[];
    readonly default: RouteDestination;
    readonly budgetMs: number;
  };
  readonly decision?: RoutingDecision;
  readonly campaign?: { readonly id: string; readonly name: string };
  readonly known?: {
    readonly database: string;
    readonly match?: 'e164' | 'national' | 'last-digits';
    readonly contacts: number;
  };
}

/** A made-up caller and what would become of him; with `rule`, of that rule alone. */
export function RoutingTrial({ rule }: { readonly rule?: string }) {
  const { t } = useTranslation();
  const { data: rules = [] } = useEntities('routing-rule', rule === undefined);
  const form = useForm({ initialValues: { ani: '', dnis: '', dtmf: '', rule: rule ?? '' } });
  const trial = useMutation({
    mutationFn: (values: typeof form.values) =>
      ask<RoutingVerdict>('/v1/routing-test', { method: 'POST', body: withoutBlanks(values) }),
    onError: (error) => form.setErrors(error instanceof ApiError ? formErrors(error.issues) : {}),
  });
  const run = (): void => trial.mutate(form.values);
  return (
    <Stack>
      <Group grow align="start" preventGrowOverflow={false}>
        <TextInput
          label={t('adminRouting.test.ani')}
          placeholder="+14155550123"
          required
          {...form.getInputProps('ani')}
          miw={180}
        />
        <TextInput
          label={t('adminRouting.test.dnis')}
          placeholder="+14155550100"
          {...form.getInputProps('dnis')}
          miw={180}
        />
        <TextInput
          label={t('adminRouting.test.dtmf')}
          placeholder="1234567"
          {...form.getInputProps('dtmf')}
          miw={140}
        />
        {rule === undefined && (
          <Select
            label={t('adminRouting.test.rule')}
            placeholder={t('adminRouting.test.ofNumber')}
            data={rules.map(({ id, name }) => ({ value: id, label: name }))}
            clearable
            searchable
            value={form.values.rule === '' ? null : form.values.rule}
            onChange={(value) => form.setFieldValue('rule', value ?? '')}
            miw={180}
          />
        )}
      </Group>
      <Group>
        <Button variant="light" onClick={run} loading={trial.isPending}>
          {t('adminRouting.test.run')}
        </Button>
      </Group>
      {trial.error !== null && <Problem error={trial.error} />}
      {trial.data !== undefined && <Verdict verdict={trial.data} />}
    </Stack>
  );
}
