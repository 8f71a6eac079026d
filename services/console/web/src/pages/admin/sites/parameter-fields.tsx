import { ActionIcon, Autocomplete, Flex, Select, Stack, Text, TextInput } from '@mantine/core';
import type { missingPolicies, ParameterFamily } from '@patchcord/contracts';
import { IconQuestionMark } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ask } from '../../../api/client.ts';
import { every } from '../../../parts/every.ts';
import { ExpressionInput } from '../parts/expression-input.tsx';
import type { ParameterRow } from './parameter-rows.ts';
import type { ParameterTableProps } from './parameter-table.tsx';

const families = every<ParameterFamily>({
  call: true,
  contact: true,
  campaign: true,
  fixed: true,
  disposition: true,
  variable: true,
  dialplan: true,
});
const policies = every<(typeof missingPolicies)[number]>({ empty: true, omit: true, default: true, fail: true });

interface Known {
  readonly family: string;
  readonly key: string;
  readonly meaning: string;
}

const useCatalogue = () =>
  useQuery({
    queryKey: ['parameters'],
    queryFn: async () => (await ask<{ parameters: Known[] }>('/v1/parameters')).parameters,
    staleTime: Number.POSITIVE_INFINITY,
  });

interface ParameterFieldsProps extends ParameterTableProps {
  readonly row: ParameterRow;
  readonly at: number;
  readonly onRow: (row: ParameterRow) => void;
}

/** One row: its three fields, and what is sent when a call has no such value. */
export function ParameterFields(props: ParameterFieldsProps) {
  const { row, at, onRow, errorOf, hasDisposition } = props;
  const { t } = useTranslation();
  const [asked, setAsked] = useState(row.missing !== '');
  const label = (what: 'family' | 'name'): string => `${t(`adminSites.parameters.${what}`)} ${at + 1}`;
  return (
    <Stack gap="xs">
      <Flex gap="sm" direction={{ base: 'column', sm: 'row' }} align={{ base: 'stretch', sm: 'start' }}>
        <Select
          aria-label={label('family')}
          data={families.map((value) => ({
            value,
            label: t(`adminSites.families.${value}`),
            disabled: value === 'disposition' && !hasDisposition,
          }))}
          allowDeselect={false}
          value={row.family}
          onChange={(family) => family !== null && onRow({ ...row, family, value: '' })}
          error={errorOf(`${at}.family`)}
          flex={3}
          miw={0}
        />
        <ValueField {...props} />
        <TextInput
          aria-label={label('name')}
          placeholder={t('adminSites.parameters.namePlaceholder')}
          value={row.name}
          onChange={(event) => onRow({ ...row, name: event.currentTarget.value })}
          error={errorOf(`${at}.name`)}
          flex={4}
          miw={0}
        />
        <ActionIcon
          variant={row.missing === '' ? 'subtle' : 'light'}
          color="gray"
          mt={3}
          aria-label={t('adminSites.parameters.whenMissing', { at: at + 1 })}
          title={t('adminSites.parameters.missing')}
          aria-expanded={asked}
          onClick={() => setAsked(!asked)}
        >
          <IconQuestionMark size={16} aria-hidden />
        </ActionIcon>
      </Flex>
      {asked && <MissingFields {...props} />}
    </Stack>
  );
}

function ValueField({ row, at, onRow, errorOf, columns }: ParameterFieldsProps) {
  const { t } = useTranslation();
  const { data: catalogue = [] } = useCatalogue();
  const known = catalogue.filter(({ family, key }) => family === row.family && !key.includes('<'));
  const meanings = new Map(known.map(({ key, meaning }) => [key, meaning]));
  const shared = {
    'aria-label': `${t('adminSites.parameters.value')} ${at + 1}`,
    value: row.value,
    onChange: (value: string) => onRow({ ...row, value }),
    error: errorOf(`${at}.key`),
    placeholder: t(`adminSites.valuePlaceholders.${row.family}`),
    flex: 4,
    miw: 0,
  };
  if (row.family === 'fixed') return <ExpressionInput {...shared} />;
  const ofContact = [...new Set([...columns, ...meanings.keys()])];
  return (
    <Autocomplete
      {...shared}
      data={row.family === 'contact' ? ofContact : [...meanings.keys()]}
      limit={100}
      maxDropdownHeight={280}
      renderOption={({ option: { value } }) => (
        <div>
          <Text size="sm">{value}</Text>
          <Text size="xs" c="dimmed">
            {meanings.get(value)?.replaceAll('`', '')}
          </Text>
        </div>
      )}
    />
  );
}

function MissingFields({ row, at, onRow, errorOf }: ParameterFieldsProps) {
  const { t } = useTranslation();
  return (
    <Flex gap="sm" direction={{ base: 'column', sm: 'row' }}>
      <Select
        label={t('adminSites.parameters.missing')}
        placeholder={t('adminSites.parameters.usual')}
        data={policies.map((value) => ({ value, label: t(`adminSites.missing.${value}`) }))}
        clearable
        value={row.missing === '' ? null : row.missing}
        onChange={(missing) => onRow({ ...row, missing: missing ?? '' })}
        error={errorOf(`${at}.missing`)}
        flex={1}
      />
      {row.missing === 'default' && (
        <ExpressionInput
          label={t('adminSites.parameters.instead')}
          value={row.instead}
          onChange={(instead) => onRow({ ...row, instead })}
          error={errorOf(`${at}.default`)}
          flex={1}
        />
      )}
    </Flex>
  );
}
