import { ActionIcon, Combobox, Group, Text, TextInput, type TextInputProps, useCombobox } from '@mantine/core';
import { IconBraces } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ask } from '../../../api/client.ts';

interface ExpressionName {
  /** What stands between `<` and `>` is to be replaced. */
  readonly name: string;
  readonly label: string;
  readonly group: string;
}

const useExpressions = (enabled: boolean) =>
  useQuery({
    queryKey: ['expressions'],
    queryFn: async () => (await ask<{ expressions: ExpressionName[] }>('/v1/expressions')).expressions,
    staleTime: Number.POSITIVE_INFINITY,
    enabled,
  });

interface ExpressionInputProps extends Omit<TextInputProps, 'value' | 'onChange' | 'rightSection'> {
  readonly value: string;
  readonly onChange: (text: string) => void;
}

/** A text that may hold placeholders of the call, such as `{call.from}`: a button lists them and puts one in. */
export function ExpressionInput({ value, onChange, ...input }: ExpressionInputProps) {
  const { t } = useTranslation();
  const field = useRef<HTMLInputElement>(null);
  const combobox = useCombobox({
    onDropdownOpen: () => combobox.focusSearchInput(),
  });
  const insert = (name: string): void => {
    const at = field.current?.selectionStart ?? value.length;
    onChange(`${value.slice(0, at)}{${name}}${value.slice(field.current?.selectionEnd ?? at)}`);
    combobox.closeDropdown();
    field.current?.focus();
  };
  return (
    <Combobox store={combobox} onOptionSubmit={insert} position="bottom-end" width={360} withinPortal>
      <Combobox.DropdownTarget>
        <TextInput
          {...input}
          ref={field}
          value={value}
          onChange={(event) => onChange(event.currentTarget.value)}
          rightSection={
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={t('admin.expressions.insert')}
              title={t('admin.expressions.insert')}
              onClick={() => combobox.toggleDropdown()}
            >
              <IconBraces size={16} aria-hidden />
            </ActionIcon>
          }
        />
      </Combobox.DropdownTarget>
      <Names isOpen={combobox.dropdownOpened} />
    </Combobox>
  );
}

function Names({ isOpen }: { readonly isOpen: boolean }) {
  const { t } = useTranslation();
  const [wanted, setWanted] = useState('');
  const { data: names = [] } = useExpressions(isOpen);
  const found = names
    .filter(({ name, label }) => `${name} ${label}`.toLowerCase().includes(wanted.trim().toLowerCase()))
    .slice(0, 100);
  return (
    <Combobox.Dropdown>
      <Combobox.Search
        aria-label={t('admin.expressions.search')}
        placeholder={t('admin.expressions.search')}
        value={wanted}
        onChange={(event) => setWanted(event.currentTarget.value)}
      />
      <Combobox.Options mah={280} style={{ overflowY: 'auto' }} aria-label={t('admin.expressions.insert')}>
        {found.map(({ name, label }) => (
          <Combobox.Option key={name} value={name}>
            <Group gap="xs" justify="space-between" wrap="nowrap">
              <Text size="sm" ff="monospace">{`{${name}}`}</Text>
              <Text size="xs" c="dimmed" ta="end">
                {label}
              </Text>
            </Group>
          </Combobox.Option>
        ))}
        {found.length === 0 && <Combobox.Empty>{t('admin.expressions.none')}</Combobox.Empty>}
      </Combobox.Options>
    </Combobox.Dropdown>
  );
}
