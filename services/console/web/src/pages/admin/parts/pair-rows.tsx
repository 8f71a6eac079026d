import { ActionIcon, Button, Group, Input, Stack, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

/** A name and its value, e.g. a header, as forms hold them. */
export interface Pair {
  readonly name: string;
  readonly value: string;
}

export const pairsOf = (values: Readonly<Record<string, unknown>> = {}): Pair[] =>
  Object.entries(values).map(([name, value]) => ({ name, value: String(value) }));

/** Rows without a name are nothing yet. */
export const recordOf = (pairs: readonly Pair[]): Record<string, string> =>
  Object.fromEntries(pairs.filter(({ name }) => name !== '').map(({ name, value }) => [name, value]));

interface PairRowsProps {
  readonly label: string;
  readonly description?: string;
  readonly nameLabel: string;
  readonly valueLabel: string;
  readonly namePlaceholder?: string;
  readonly valuePlaceholder?: string;
  readonly pairs: readonly Pair[];
  readonly onChange: (pairs: Pair[]) => void;
}

/** Names with values, a row each, to be added and removed. */
export function PairRows(props: PairRowsProps) {
  const { label, description, nameLabel, valueLabel, namePlaceholder, valuePlaceholder, pairs, onChange } = props;
  const { t } = useTranslation();
  const change = (at: number, part: Partial<Pair>): void =>
    onChange(pairs.map((pair, i) => (i === at ? { ...pair, ...part } : pair)));
  return (
    <Stack gap={6} role="group" aria-label={label}>
      <div>
        <Input.Label component="div">{label}</Input.Label>
        {description !== undefined && <Input.Description>{description}</Input.Description>}
      </div>
      {pairs.map((pair, at) => (
        <Group key={at} gap="xs" wrap="nowrap">
          <TextInput
            aria-label={`${nameLabel} ${at + 1}`}
            placeholder={namePlaceholder ?? nameLabel}
            value={pair.name}
            onChange={(event) => change(at, { name: event.currentTarget.value })}
            flex={2}
            miw={0}
          />
          <TextInput
            aria-label={`${valueLabel} ${at + 1}`}
            placeholder={valuePlaceholder ?? valueLabel}
            value={pair.value}
            onChange={(event) => change(at, { value: event.currentTarget.value })}
            flex={3}
            miw={0}
          />
          <ActionIcon
            variant="subtle"
            color="red"
            aria-label={t('admin.rows.remove', { name: pair.name === '' ? at + 1 : pair.name })}
            onClick={() => onChange(pairs.filter((_, i) => i !== at))}
          >
            <IconTrash size={16} aria-hidden />
          </ActionIcon>
        </Group>
      ))}
      <Button
        variant="subtle"
        size="compact-sm"
        leftSection={<IconPlus size={14} aria-hidden />}
        onClick={() => onChange([...pairs, { name: '', value: '' }])}
        style={{ alignSelf: 'start' }}
        aria-label={`${t('adminCrm.rows.add')}: ${label}`}
      >
        {t('adminCrm.rows.add')}
      </Button>
    </Stack>
  );
}
