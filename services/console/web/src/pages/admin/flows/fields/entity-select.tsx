import { Anchor, Group, Select, Switch, Text } from '@mantine/core';
import type { ConfigKind } from '@patchcord/contracts';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useEntities } from '../../../../api/config.ts';
import { listPath } from '../../sections.ts';
import type { DraftUse } from '../model/draft.ts';

interface EntitySelectProps {
  readonly kind: Extract<ConfigKind, 'automation' | 'crm-workflow' | 'identification' | 'trigger'>;
  readonly label: string;
  readonly description?: string | undefined;
  readonly value: string;
  readonly onChange: (id: string) => void;
  readonly error?: string | undefined;
  readonly required?: boolean;
  readonly clearable?: boolean;
}

/** One of the entities of a kind. One that is named and not there (any more) is shown by its id. */
export function EntitySelect({
  kind,
  value,
  onChange,
  required = false,
  clearable = false,
  ...rest
}: EntitySelectProps) {
  const { t } = useTranslation();
  const { data: entities } = useEntities(kind);
  const known = (entities ?? []).map(({ id, name }) => ({ value: id, label: name }));
  const isMissing = value !== '' && !known.some((one) => one.value === value);
  return (
    <div>
      <Select
        {...rest}
        searchable
        clearable={clearable}
        withAsterisk={required}
        placeholder={t('flow.choose')}
        nothingFoundMessage={t('flow.nothingFound')}
        data={isMissing ? [...known, { value, label: value }] : known}
        value={value === '' ? null : value}
        onChange={(id) => onChange(id ?? '')}
        comboboxProps={{ withinPortal: true }}
      />
      {entities?.length === 0 && (
        <Text size="xs" c="dimmed" mt={4}>
          {t('flow.noneYet')}{' '}
          <Anchor component={Link} to={listPath(kind)} size="xs">
            {t(`admin.plurals.${kind}`)}
          </Anchor>
        </Text>
      )}
    </div>
  );
}

interface UseInputProps {
  readonly label: string;
  readonly description?: string | undefined;
  readonly value: DraftUse;
  readonly onChange: (use: DraftUse) => void;
  readonly error?: string | undefined;
  readonly required?: boolean;
  readonly clearable?: boolean;
}

/** A trigger, whether it is turned round, and whether it counts at all. */
export function UseInput({ value, onChange, ...rest }: UseInputProps) {
  const { t } = useTranslation();
  const { trigger, invert = false, enabled = true } = value;
  return (
    <div>
      <EntitySelect kind="trigger" {...rest} value={trigger} onChange={(id) => onChange({ ...value, trigger: id })} />
      <Group gap="md" mt={6}>
        <Switch
          size="xs"
          label={t('flow.use.invert')}
          checked={invert}
          disabled={trigger === ''}
          onChange={(event) => onChange({ ...value, invert: event.currentTarget.checked })}
        />
        <Switch
          size="xs"
          label={t('flow.use.enabled')}
          checked={enabled}
          disabled={trigger === ''}
          onChange={(event) => onChange({ ...value, enabled: event.currentTarget.checked })}
        />
      </Group>
    </div>
  );
}
