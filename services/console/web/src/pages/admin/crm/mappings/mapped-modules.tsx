import { Button, Card, Group, Stack, TextInput, Title } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ItemPicker } from '../item-picker.tsx';
import { FieldPicker, ModulePicker, Unread } from '../pickers.tsx';
import { emptyModule, type MappingValues, type ModuleValues } from './mapping-form.ts';
import { ShownFields } from './shown-fields.tsx';

type MappingForm = UseFormReturnType<MappingValues>;

/** The modules of a mapping, each with its fields in the order of the card. */
export function MappedModules({ form }: { readonly form: MappingForm }) {
  const { t } = useTranslation();
  const { modules, connection } = form.values;
  const set = (next: ModuleValues[]): void => form.setFieldValue('modules', next);
  return (
    <Stack>
      {modules.map((one, at) => (
        <MappedModule
          key={at}
          connection={connection}
          values={one}
          errorOf={(field) => form.errors[`modules.${at}.${field}`]}
          onChange={(part) => set(modules.map((other, i) => (i === at ? { ...other, ...part } : other)))}
          onRemove={() => set(modules.filter((_, i) => i !== at))}
        />
      ))}
      <Button
        variant="light"
        leftSection={<IconPlus size={16} aria-hidden />}
        style={{ alignSelf: 'start' }}
        onClick={() => set([...modules, emptyModule])}
      >
        {t('adminCrm.mapping.addModule')}
      </Button>
    </Stack>
  );
}

interface MappedModuleProps {
  readonly connection: string;
  readonly values: ModuleValues;
  readonly errorOf: (field: string) => ReactNode;
  readonly onChange: (part: Partial<ModuleValues>) => void;
  readonly onRemove: () => void;
}

function MappedModule({ connection, values, errorOf, onChange, onRemove }: MappedModuleProps) {
  const { t } = useTranslation();
  const { module } = values;
  return (
    <Card withBorder component="section" aria-label={module === '' ? t('adminCrm.mapping.newModule') : module}>
      <Stack>
        <Group justify="space-between">
          <Title order={2} size="h4">
            {module === '' ? t('adminCrm.mapping.newModule') : module}
          </Title>
          <Button
            variant="subtle"
            color="red"
            size="compact-sm"
            leftSection={<IconTrash size={14} aria-hidden />}
            onClick={onRemove}
          >
            {t('adminCrm.mapping.removeModule')}
          </Button>
        </Group>
        <Group grow align="start" preventGrowOverflow={false}>
          <ModulePicker
            connection={connection}
            label={t('adminCrm.mapping.module')}
            description={t('adminCrm.mapping.moduleHelp')}
            required
            value={module}
            onChange={(next) => onChange({ module: next })}
            error={errorOf('module')}
          />
          <TextInput
            label={t('adminCrm.mapping.label')}
            description={t('adminCrm.mapping.labelHelp')}
            value={values.label}
            onChange={(event) => onChange({ label: event.currentTarget.value })}
            error={errorOf('label')}
          />
        </Group>
        {module !== '' && <Unread connection={connection} module={module} />}
        <ShownFields connection={connection} module={module} values={values} onChange={onChange} errorOf={errorOf} />
        <Heading connection={connection} values={values} onChange={onChange} errorOf={errorOf} />
        <Matches connection={connection} values={values} onChange={onChange} errorOf={errorOf} />
      </Stack>
    </Card>
  );
}

type PartProps = Omit<MappedModuleProps, 'onRemove'>;

/** What a record is called on the card, and by what it belongs to others. */
function Heading({ connection, values, onChange, errorOf }: PartProps) {
  const { t } = useTranslation();
  const { module } = values;
  return (
    <Group grow align="start" preventGrowOverflow={false}>
      <TextInput
        label={t('adminCrm.mapping.title')}
        description={t('adminCrm.mapping.titleHelp')}
        placeholder="{FirstName|} {LastName}"
        value={values.title}
        onChange={(event) => onChange({ title: event.currentTarget.value })}
        error={errorOf('title')}
      />
      <FieldPicker
        connection={connection}
        module={module}
        label={t('adminCrm.mapping.account')}
        description={t('adminCrm.mapping.accountHelp')}
        value={values.account}
        onChange={(account) => onChange({ account })}
        error={errorOf('account')}
      />
    </Group>
  );
}

/** What a dynamic search compares. */
function Matches({ connection, values, onChange, errorOf }: PartProps) {
  const { t } = useTranslation();
  const { match, module } = values;
  const set = (at: number, part: Partial<ModuleValues['match'][number]>): void =>
    onChange({ match: match.map((one, i) => (i === at ? { ...one, ...part } : one)) });
  return (
    <Stack gap="xs" role="group" aria-label={t('adminCrm.mapping.match')}>
      <Title order={3} size="h6">
        {t('adminCrm.mapping.match')}
      </Title>
      {match.map(({ field, item }, at) => (
        <Group key={at} gap="xs" align="end">
          <FieldPicker
            connection={connection}
            module={module}
            label={t('adminCrm.field.field')}
            value={field}
            onChange={(next) => set(at, { field: next })}
            error={errorOf(`match.${at}.field`)}
          />
          <ItemPicker
            of="call"
            label={t('adminCrm.mapping.equals')}
            value={item}
            onChange={(next) => set(at, { item: next })}
            error={errorOf(`match.${at}.item`)}
          />
          <Button
            variant="subtle"
            color="red"
            onClick={() => onChange({ match: match.filter((_, i) => i !== at) })}
            aria-label={t('admin.rows.remove', { name: field === '' ? at + 1 : field })}
          >
            <IconTrash size={16} aria-hidden />
          </Button>
        </Group>
      ))}
      <Button
        variant="subtle"
        size="compact-sm"
        leftSection={<IconPlus size={14} aria-hidden />}
        style={{ alignSelf: 'start' }}
        onClick={() => onChange({ match: [...match, { field: '', item: '' }] })}
      >
        {t('adminCrm.mapping.addMatch')}
      </Button>
    </Stack>
  );
}
