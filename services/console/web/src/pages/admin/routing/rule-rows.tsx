import { Button, Fieldset, Group, Select, Stack, Text, TextInput } from '@mantine/core';
import type { RouteRow, routeOperators } from '@patchcord/contracts';
import { IconPlus, IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { every } from '../../../parts/every.ts';
import { moved, SortableRows } from '../parts/sortable-rows.tsx';
import { DestinationField } from './destination-field.tsx';
import type { RuleForm } from './rule-location.tsx';
import { newRow, type RowValues } from './rule-values.ts';

const operators = every<(typeof routeOperators)[number]>({
  '=': true,
  '!=': true,
  '<': true,
  '>': true,
  '<=': true,
  '>=': true,
  'text=': true,
  contains: true,
  'starts-with': true,
  'ends-with': true,
  regex: true,
  set: true,
  'not-set': true,
});

/** The rows from the top: the first that matches says where the call goes. */
export function RuleRows({ form }: { readonly form: RuleForm }) {
  const { t } = useTranslation();
  const [wanted, setWanted] = useState('');
  const { rows } = form.values;
  const change = (key: string, part: Partial<RowValues>): void =>
    form.setFieldValue(
      'rows',
      rows.map((row) => (row.key === key ? { ...row, ...part } : row)),
    );
  const shown = rows.filter((row) => textOf(row).includes(wanted.trim().toLowerCase()));
  const placeOf = (row: RowValues): number => rows.indexOf(row);
  /** With a search there may be rows between them that are not seen. */
  const inAll = (at: number): number => rows.findIndex(({ key }) => key === shown[at]?.key);
  return (
    <Fieldset legend={t('adminRouting.rule.rows')}>
      <Stack>
        <Text size="sm" c="dimmed">
          {t('adminRouting.rule.rowsHelp')}
        </Text>
        {rows.length > 5 && (
          <TextInput
            type="search"
            aria-label={t('adminRouting.rule.searchRows')}
            placeholder={t('adminRouting.rule.searchRows')}
            leftSection={<IconSearch size={16} aria-hidden />}
            value={wanted}
            onChange={(event) => setWanted(event.currentTarget.value)}
            maw={320}
          />
        )}
        <SortableRows
          label={t('adminRouting.rule.rows')}
          rows={shown}
          nameOf={(row) => t('adminRouting.rule.row', { place: placeOf(row) + 1 })}
          onMove={(from, to) => form.setFieldValue('rows', moved(rows, inAll(from), inAll(to)))}
          onRemove={(at) =>
            form.setFieldValue(
              'rows',
              rows.filter((row) => row !== shown[at]),
            )
          }
        >
          {(row) => <RowFields row={row} at={placeOf(row)} form={form} onChange={(part) => change(row.key, part)} />}
        </SortableRows>
        <Group>
          <Button
            variant="light"
            leftSection={<IconPlus size={16} aria-hidden />}
            onClick={() => form.setFieldValue('rows', [...rows, newRow()])}
          >
            {t('adminRouting.rule.addRow')}
          </Button>
        </Group>
      </Stack>
    </Fieldset>
  );
}

const textOf = ({ operator, value, destination }: RouteRow): string =>
  `${operator} ${value} ${destination.type} ${destination.target}`.toLowerCase();

interface RowFieldsProps {
  readonly row: RowValues;
  readonly at: number;
  readonly form: RuleForm;
  readonly onChange: (part: Partial<RowValues>) => void;
}

function RowFields({ row, at, form, onChange }: RowFieldsProps) {
  const { t } = useTranslation();
  const { operator, value, destination } = row;
  return (
    <Group align="start" wrap="wrap">
      <Select
        label={t('adminRouting.rule.operator')}
        data={operators.map((one) => ({ value: one, label: t(`adminRouting.operators.${one}`) }))}
        allowDeselect={false}
        value={operator}
        onChange={(chosen) => onChange({ operator: (chosen ?? '=') as RouteRow['operator'] })}
        w={170}
      />
      {operator !== 'set' && operator !== 'not-set' && (
        <TextInput
          label={t('adminRouting.rule.value')}
          placeholder="GOLD"
          value={value}
          onChange={(event) => onChange({ value: event.currentTarget.value })}
          error={form.errors[`rows.${at}.value`]}
          w={170}
        />
      )}
      <div style={{ flex: 1, minWidth: 240 }}>
        <DestinationField
          label={t('adminRouting.rule.goesTo')}
          value={destination}
          onChange={(chosen) => onChange({ destination: chosen })}
          error={form.errors[`rows.${at}.destination.target`]}
        />
      </div>
    </Group>
  );
}
