import { Switch } from '@mantine/core';
import type { ContactDatabase } from '@patchcord/contracts';
import { useTranslation } from 'react-i18next';

interface UpdateSwitchProps {
  readonly database: ContactDatabase;
  readonly checked: boolean;
  readonly onChange: (update: boolean) => void;
}

/** Whether contacts that are there already are changed; without an external id nobody is known again. */
export function UpdateSwitch({ database, checked, onChange }: UpdateSwitchProps) {
  const { t } = useTranslation();
  const isPossible = database.externalIdColumn !== undefined;
  return (
    <Switch
      label={t('adminContacts.import.update')}
      description={t(isPossible ? 'adminContacts.import.updateHelp' : 'adminContacts.import.noUpdate')}
      disabled={!isPossible}
      checked={checked}
      onChange={(event) => onChange(event.currentTarget.checked)}
    />
  );
}
