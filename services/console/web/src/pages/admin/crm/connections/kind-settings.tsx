import { NumberInput, Select, SimpleGrid, Switch, Text, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { KindSetting } from '../../../../api/crm.ts';
import type { ConnectionForm } from './connection-editor.tsx';

interface KindSettingsProps {
  readonly form: ConnectionForm;
  readonly settings: readonly KindSetting[];
}

/** What this kind of CRM can be told, a field for each setting that its connector describes. */
export function KindSettings({ form, settings }: KindSettingsProps) {
  const { t } = useTranslation();
  return (
    <>
      <Text size="sm" c="dimmed">
        {t('adminCrm.settings.about')}
      </Text>
      <SimpleGrid cols={{ base: 1, sm: 2 }} verticalSpacing="md">
        {settings.map((setting) => (
          <SettingField key={setting.name} form={form} setting={setting} />
        ))}
      </SimpleGrid>
    </>
  );
}

function SettingField({ form, setting }: { readonly form: ConnectionForm; readonly setting: KindSetting }) {
  const { t } = useTranslation();
  const { name, type, required, choices, expected } = setting;
  const usual = setting.default;
  const value = form.values.settings[name];
  const set = (next: string | number | boolean): void => form.setFieldValue(`settings.${name}`, next);
  const common = {
    label: name,
    description: expected,
    required,
    error: form.errors[`settings.${name}`],
    placeholder: isShown(usual) ? t('adminCrm.settings.usual', { usual: String(usual) }) : undefined,
  };
  if (type === 'boolean')
    return (
      <Switch
        label={name}
        checked={typeof value === 'boolean' ? value : usual === true}
        onChange={(event) => set(event.currentTarget.checked)}
      />
    );
  if (choices !== undefined)
    return (
      <Select
        {...common}
        data={[...choices]}
        clearable={!required}
        value={value === undefined || value === '' ? null : String(value)}
        onChange={(next) => set(next ?? '')}
      />
    );
  if (type === 'integer' || type === 'number')
    return <NumberInput {...common} value={typeof value === 'number' ? value : ''} onChange={set} />;
  return (
    <TextInput
      {...common}
      value={value === undefined ? '' : String(value)}
      onChange={(event) => set(event.currentTarget.value)}
    />
  );
}

const isShown = (usual: unknown): usual is string | number | boolean =>
  ['string', 'number', 'boolean'].includes(typeof usual) && usual !== '';
