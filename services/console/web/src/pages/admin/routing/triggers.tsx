import { Button, Fieldset, Group, Select, Stack, Switch, Text, TextInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import type { Condition, Trigger } from '@patchcord/contracts';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { ask } from '../../../api/client.ts';
import { every } from '../../../parts/every.ts';
import { EntityEditor } from '../parts/entity-editor.tsx';
import { EntityList } from '../parts/entity-list.tsx';
import { EntityPages } from '../parts/entity-pages.tsx';
import { ExpressionInput } from '../parts/expression-input.tsx';
import { moved, newKey, SortableRows, withoutKey } from '../parts/sortable-rows.tsx';
import { TriggerTest } from './trigger-test.tsx';
import { TriggerUses } from './trigger-uses.tsx';

/** Conditions under a name. */
export const Triggers = () => <EntityPages list={<TriggerList />} editor={<TriggerEditor />} />;

function TriggerList() {
  const { t } = useTranslation();
  return (
    <EntityList
      kind="trigger"
      columns={[
        { heading: t('adminRouting.trigger.type'), cell: ({ type }) => t(`adminRouting.trigger.types.${type}`) },
        {
          heading: t('adminRouting.trigger.conditions'),
          cell: ({ conditions }) => <Text size="sm">{conditions.map(conditionText).join('; ')}</Text>,
          text: ({ conditions }) => conditions.map(conditionText).join(' '),
        },
      ]}
    />
  );
}

const conditionText = ({ expression, operator, expectation }: Condition): string =>
  `${expression} ${operator} ${expectation}`.trim();

type ConditionRow = Condition & { readonly key: string };

export interface TriggerValues {
  readonly id: string;
  readonly name: string;
  readonly type: Trigger['type'];
  readonly conditions: readonly ConditionRow[];
}

const newCondition = (): ConditionRow => ({
  key: newKey(),
  expression: '',
  operator: 'EQ',
  expectation: '',
  strict: false,
});

const empty = (): TriggerValues => ({ id: '', name: '', type: 'ALL', conditions: [newCondition()] });

const toEntity = ({ conditions, ...same }: TriggerValues): object => ({
  ...same,
  conditions: conditions.map(withoutKey),
});

const TriggerEditor = () => (
  <EntityEditor
    kind="trigger"
    empty={empty()}
    toForm={({ conditions, ...same }): TriggerValues => ({
      ...same,
      conditions: conditions.map((condition) => ({ ...condition, key: newKey() })),
    })}
    toEntity={toEntity}
  >
    {(form, stored) => (
      <>
        <Conditions form={form} />
        {stored !== undefined && <TriggerUses id={stored.id} />}
        <TriggerTest trigger={() => toEntity(form.values)} />
      </>
    )}
  </EntityEditor>
);

export interface Operator {
  readonly operator: Condition['operator'];
  readonly meaning: string;
  readonly expectation: 'none' | 'text' | 'number' | 'pattern' | 'regular expression' | 'list';
  readonly example: { readonly expectation: string };
}

const useOperators = () =>
  useQuery({
    queryKey: ['operators'],
    queryFn: async () => (await ask<{ operators: Operator[] }>('/v1/triggers/operators')).operators,
    staleTime: Number.POSITIVE_INFINITY,
  });

function Conditions({ form }: { readonly form: UseFormReturnType<TriggerValues> }) {
  const { t } = useTranslation();
  const { conditions } = form.values;
  const change = (at: number, part: Partial<ConditionRow>): void =>
    form.setFieldValue(
      'conditions',
      conditions.map((one, i) => (i === at ? { ...one, ...part } : one)),
    );
  return (
    <Fieldset legend={t('adminRouting.trigger.conditions')}>
      <Stack>
        <Select
          label={t('adminRouting.trigger.type')}
          data={every<Trigger['type']>({ ALL: true, ANY: true }).map((value) => ({
            value,
            label: t(`adminRouting.trigger.types.${value}`),
          }))}
          allowDeselect={false}
          {...form.getInputProps('type')}
        />
        <SortableRows
          label={t('adminRouting.trigger.conditions')}
          rows={conditions}
          nameOf={(_, at) => t('adminRouting.trigger.condition', { place: at + 1 })}
          onMove={(from, to) => form.setFieldValue('conditions', moved(conditions, from, to))}
          onRemove={(at) => form.setFieldValue('conditions', conditions.toSpliced(at, 1))}
        >
          {(row, at) => <ConditionFields row={row} at={at} form={form} onChange={(part) => change(at, part)} />}
        </SortableRows>
        {form.errors.conditions !== undefined && (
          <Text size="sm" c="red">
            {form.errors.conditions}
          </Text>
        )}
        <Group>
          <Button
            variant="light"
            leftSection={<IconPlus size={16} aria-hidden />}
            onClick={() => form.setFieldValue('conditions', [...conditions, newCondition()])}
          >
            {t('adminRouting.trigger.add')}
          </Button>
        </Group>
      </Stack>
    </Fieldset>
  );
}

interface ConditionFieldsProps {
  readonly row: ConditionRow;
  readonly at: number;
  readonly form: UseFormReturnType<TriggerValues>;
  readonly onChange: (part: Partial<ConditionRow>) => void;
}

function ConditionFields({ row, at, form, onChange }: ConditionFieldsProps) {
  const { t } = useTranslation();
  const { data: operators = [] } = useOperators();
  const chosen = operators.find(({ operator }) => operator === row.operator);
  const pick = (operator: string | null): void => {
    const next = operators.find((one) => one.operator === operator);
    if (next !== undefined)
      onChange({ operator: next.operator, ...(next.expectation === 'none' ? { expectation: '' } : {}) });
  };
  return (
    <Group align="start" wrap="wrap">
      <div style={{ flex: 2, minWidth: 200 }}>
        <ExpressionInput
          label={t('adminRouting.trigger.expression')}
          placeholder="{ivr.premium}"
          required
          value={row.expression}
          onChange={(expression) => onChange({ expression })}
          error={form.errors[`conditions.${at}.expression`]}
        />
      </div>
      <Select
        label={t('adminRouting.rule.operator')}
        description={chosen?.meaning}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        data={operators.map(({ operator }) => operator)}
        allowDeselect={false}
        searchable
        value={row.operator}
        onChange={pick}
        w={190}
      />
      {chosen?.expectation !== 'none' && (
        <TextInput
          label={t('adminRouting.trigger.expectation')}
          placeholder={chosen?.example.expectation}
          value={row.expectation}
          onChange={(event) => onChange({ expectation: event.currentTarget.value })}
          error={form.errors[`conditions.${at}.expectation`]}
          flex={2}
          miw={160}
        />
      )}
      {chosen?.expectation === 'text' && (
        <Switch
          label={t('adminRouting.trigger.strict')}
          checked={row.strict}
          onChange={(event) => onChange({ strict: event.currentTarget.checked })}
          mt={30}
        />
      )}
    </Group>
  );
}
