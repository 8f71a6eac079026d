import { Button, Fieldset, Group, Select, Stack, Text, TextInput } from '@mantine/core';
import type { Role } from '@patchcord/contracts';
import { IconPlus } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { every } from '../../../parts/every.ts';
import { moved, newKey, SortableRows } from '../parts/sortable-rows.tsx';
import type { ProviderFieldsProps, ProviderValues } from './providers.tsx';

type Row = ProviderValues['roles'][number];

/** What people may do by what their provider says of them; the first row that a person has counts. */
export function RolesOfClaim({ form }: ProviderFieldsProps) {
  const { t } = useTranslation();
  const { roles } = form.values;
  const set = (rows: readonly Row[]): void => form.setFieldValue('roles', [...rows]);
  return (
    <Fieldset legend={t('adminPeople.provider.roles')}>
      <Stack>
        <TextInput
          label={t('adminPeople.provider.roleClaim')}
          description={t('adminPeople.provider.roleClaimHelp')}
          placeholder="realm_access.roles"
          {...form.getInputProps('roleClaim')}
        />
        <Text size="sm" c="dimmed">
          {t('adminPeople.provider.rolesHelp')}
        </Text>
        <SortableRows
          label={t('adminPeople.provider.roles')}
          rows={roles}
          nameOf={({ value }, at) => (value === '' ? String(at + 1) : value)}
          onMove={(from, to) => set(moved(roles, from, to))}
          onRemove={(at) => set(roles.toSpliced(at, 1))}
        >
          {(row, at) => (
            <RoleFields
              row={row}
              error={form.errors[`roles.${at}.value`]}
              onChange={(part) => set(roles.map((one, i) => (i === at ? { ...one, ...part } : one)))}
            />
          )}
        </SortableRows>
        {form.errors.roles !== undefined && (
          <Text size="sm" c="red">
            {form.errors.roles}
          </Text>
        )}
        <Group>
          <Button
            variant="light"
            leftSection={<IconPlus size={16} aria-hidden />}
            onClick={() => set([...roles, { key: newKey(), value: '', role: 'agent' }])}
          >
            {t('adminPeople.provider.addRole')}
          </Button>
        </Group>
        <TextInput
          label={t('adminPeople.provider.agentIdClaim')}
          placeholder="extension"
          {...form.getInputProps('agentIdClaim')}
        />
      </Stack>
    </Fieldset>
  );
}

interface RoleFieldsProps {
  readonly row: Row;
  readonly error: ReactNode;
  readonly onChange: (part: Partial<Row>) => void;
}

function RoleFields({ row, error, onChange }: RoleFieldsProps) {
  const { t } = useTranslation();
  return (
    <Group align="start">
      <TextInput
        label={t('adminPeople.provider.claimValue')}
        value={row.value}
        onChange={(event) => onChange({ value: event.currentTarget.value })}
        error={error}
        flex={1}
        miw={160}
      />
      <Select
        label={t('adminPeople.user.role')}
        data={every<Role>({ agent: true, supervisor: true, admin: true }).map((value) => ({
          value,
          label: t(`adminPeople.roles.${value}`),
        }))}
        allowDeselect={false}
        value={row.role}
        onChange={(role) => onChange({ role: (role ?? 'agent') as Role })}
        w={180}
      />
    </Group>
  );
}
