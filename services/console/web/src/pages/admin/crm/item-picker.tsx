import { Autocomplete, Badge, Code, type ComboboxParsedItem, Group, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { type Item, type ItemSource, itemGroups, itemMatches, useItems, writtenName } from './use-items.ts';

interface ItemPickerProps {
  readonly of: ItemSource;
  readonly label?: string;
  readonly ariaLabel?: string;
  readonly value: string;
  readonly onChange: (name: string) => void;
  readonly error?: ReactNode;
}

/** One data item, chosen from the groups of all that there are, or typed. */
export function ItemPicker({ of, label, ariaLabel, value, onChange, error }: ItemPickerProps) {
  const { t } = useTranslation();
  const { data: items = [] } = useItems(of);
  const nameOf = (group: string): string => {
    const known = itemGroups.find((one) => one === group);
    return known === undefined ? group : t(`adminCrm.item.groups.${known}`);
  };
  const byName = new Map(items.map((item) => [writtenName(item.name), item]));
  return (
    <Autocomplete
      {...(label === undefined ? {} : { label })}
      aria-label={label === undefined ? ariaLabel : undefined}
      placeholder={t('adminCrm.item.pick')}
      data={grouped(items).map((one) => ({ ...one, group: nameOf(one.group) }))}
      filter={({ options, search }) =>
        options.flatMap((one): ComboboxParsedItem[] => {
          if (!('group' in one)) return [one];
          const kept = one.items.filter(({ value: name }) => {
            const item = byName.get(name);
            return item !== undefined && itemMatches(item, search);
          });
          return kept.length === 0 ? [] : [{ ...one, items: kept }];
        })
      }
      maxDropdownHeight={360}
      renderOption={({ option }) => <ItemFacts item={byName.get(option.value)} />}
      comboboxProps={{ width: 380, position: 'bottom-start' }}
      value={value}
      onChange={onChange}
      error={error}
    />
  );
}

/** What an item means, with an example. */
export function ItemFacts({ item }: { readonly item: Item | undefined }) {
  const { t } = useTranslation();
  if (item === undefined) return null;
  const { name, meaning, example, channel } = item;
  return (
    <Stack gap={0}>
      <Group gap={6}>
        <Code>{name}</Code>
        {channel !== undefined && channel !== 'both' && (
          <Badge size="xs" variant="light" color="gray" tt="none" miw="max-content">
            {t(`adminCrm.item.channels.${channel}`)}
          </Badge>
        )}
      </Group>
      <Text size="xs">{meaning}</Text>
      <Text size="xs" c="dimmed" lineClamp={1}>
        {example}
      </Text>
    </Stack>
  );
}

/** In the order of the catalogue; each name once, since lists can have no other. */
function grouped(items: readonly Item[]): { group: string; items: string[] }[] {
  const groupsByName = new Map(items.map(({ name, group }) => [writtenName(name), group]));
  const groups = new Map<string, string[]>();
  for (const [name, group] of groupsByName) groups.set(group, [...(groups.get(group) ?? []), name]);
  return [...groups].map(([group, names]) => ({ group, items: names }));
}
