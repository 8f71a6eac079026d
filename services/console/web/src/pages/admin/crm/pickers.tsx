import { Alert, Autocomplete, Badge, Button, Code, Group, Select, Stack, Text } from '@mantine/core';
import type { CrmDescribedField } from '@patchcord/contracts';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../../../api/client.ts';
import { useEntities } from '../../../api/config.ts';
import { useFields, useModules } from '../../../api/crm-fields.ts';
import { FailureText } from '../../../parts/failure-text.tsx';

interface ConnectionSelectProps {
  readonly value: string;
  readonly onChange: (id: string) => void;
  readonly error?: ReactNode;
}

/** Which CRM configuration it is about. */
export function ConnectionSelect({ value, onChange, error }: ConnectionSelectProps) {
  const { t } = useTranslation();
  const { data: connections = [] } = useEntities('crm-connection');
  return (
    <Select
      label={t('adminCrm.mapping.connection')}
      description={t('adminCrm.mapping.connectionHelp')}
      data={connections.map(({ id, name }) => ({ value: id, label: name }))}
      searchable
      allowDeselect={false}
      required
      value={value === '' ? null : value}
      onChange={(id) => onChange(id ?? '')}
      error={error}
    />
  );
}

interface PickerProps {
  readonly connection: string;
  readonly label?: string;
  readonly ariaLabel?: string;
  readonly description?: string;
  readonly required?: boolean;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** Of one that was chosen from what the CRM told, and of one that was typed and ended with the enter key. */
  readonly onPick?: (value: string) => void;
  readonly error?: ReactNode;
}

/** So many are shown at once; whoever wants another types more of its name. */
const most = 100;

/** A module of the CRM, chosen from those that it has or typed. */
export function ModulePicker(props: PickerProps) {
  const { data, isFetching } = useModules(props.connection);
  const modules = data?.modules ?? [];
  const labels = new Map(modules.map(({ name, label }) => [name, label]));
  return (
    <NamePicker
      {...props}
      names={modules.map(({ name }) => name)}
      isReading={isFetching}
      textOf={(name) => `${name} ${labels.get(name) ?? ''}`}
      option={(name) => (
        <Group gap="xs">
          <Text size="sm">{labels.get(name)}</Text>
          <Code>{name}</Code>
        </Group>
      )}
    />
  );
}

interface FieldPickerProps extends PickerProps {
  readonly module: string;
  /** Leaves out those that cannot be written. */
  readonly writable?: boolean;
}

/** A field of a module, chosen from those that the CRM tells, with its type and length, or typed. */
export function FieldPicker({ module, writable = false, ...props }: FieldPickerProps) {
  const { data, isFetching } = useFields(props.connection, module);
  const fields = (data?.fields ?? []).filter((field) => !writable || field.writable);
  const byName = new Map(fields.map((field) => [field.name, field]));
  return (
    <NamePicker
      {...props}
      names={[...byName.keys()]}
      isReading={isFetching}
      textOf={(name) => `${name} ${byName.get(name)?.label ?? ''}`}
      option={(name) => <FieldFacts field={byName.get(name)} />}
    />
  );
}

/** What the CRM says of a field. */
export function FieldFacts({ field }: { readonly field: CrmDescribedField | undefined }) {
  const { t } = useTranslation();
  if (field === undefined) return null;
  const { name, label, type, maxLength, required, writable } = field;
  return (
    <Group gap={6}>
      <Text size="sm">{label}</Text>
      <Code>{name}</Code>
      <Badge size="sm" variant="light" color="gray" tt="none" miw="max-content">
        {maxLength === undefined ? type : t('adminCrm.field.typeLength', { type, length: maxLength })}
      </Badge>
      {required && (
        <Badge size="sm" variant="light" color="orange" tt="none" miw="max-content">
          {t('adminCrm.field.required')}
        </Badge>
      )}
      {!writable && (
        <Badge size="sm" variant="light" color="gray" tt="none" miw="max-content">
          {t('adminCrm.field.readOnly')}
        </Badge>
      )}
    </Group>
  );
}

interface NamePickerProps extends PickerProps {
  readonly names: readonly string[];
  readonly isReading: boolean;
  /** What is searched. */
  readonly textOf: (name: string) => string;
  readonly option: (name: string) => ReactNode;
}

function NamePicker(props: NamePickerProps) {
  const { label, ariaLabel, description, required, value, onChange, onPick, error, names, isReading, textOf } = props;
  const { t } = useTranslation();
  const wanted = (search: string, name: string): boolean =>
    textOf(name).toLowerCase().includes(search.trim().toLowerCase());
  return (
    <Autocomplete
      {...(label === undefined ? {} : { label })}
      aria-label={label === undefined ? ariaLabel : undefined}
      description={description}
      required={required === true}
      placeholder={t(isReading ? 'adminCrm.field.reading' : 'adminCrm.field.pick')}
      data={[...names]}
      filter={({ options, search, limit }) =>
        options.filter((one) => 'value' in one && wanted(search, one.value)).slice(0, limit)
      }
      limit={most}
      maxDropdownHeight={320}
      renderOption={({ option }) => props.option(option.value)}
      comboboxProps={{ width: 'max-content', position: 'bottom-start' }}
      value={value}
      onChange={onChange}
      onOptionSubmit={(name) => onPick?.(name)}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || onPick === undefined) return;
        // In a form the key would save it.
        event.preventDefault();
        const isOpen = event.currentTarget.getAttribute('aria-activedescendant') !== null;
        if (!isOpen && value.trim() !== '') onPick(value.trim());
      }}
      error={error}
    />
  );
}

interface UnreadProps {
  readonly connection: string;
  readonly module?: string;
}

/** Why modules or fields cannot be chosen now; they can be typed all the same. */
export function Unread({ connection, module }: UnreadProps) {
  const modules = useModules(module === undefined ? connection : '');
  const fields = useFields(connection, module ?? '');
  const { data, error, refetch, isFetching } = module === undefined ? modules : fields;
  const { t } = useTranslation();
  const failure = error instanceof ApiError ? error : data?.failure;
  const why = failure === undefined ? data?.why : <FailureText failure={failure} />;
  if (why === undefined || isFetching) return null;
  return (
    <Alert color="orange" variant="light" title={t('adminCrm.field.unread')}>
      <Stack gap="xs" align="start">
        <Text size="sm">{why}</Text>
        <Button size="xs" variant="light" color="orange" onClick={() => void refetch()}>
          {t('common.again')}
        </Button>
      </Stack>
    </Alert>
  );
}
