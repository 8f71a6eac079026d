import { ActionIcon, Popover, ScrollArea, Stack, Textarea, TextInput, UnstyledButton } from '@mantine/core';
import { IconBraces } from '@tabler/icons-react';
import { type ReactNode, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ItemFacts } from './item-picker.tsx';
import { type ItemSource, itemMatches, useItems, writtenName } from './use-items.ts';

interface TextWithItemsProps {
  readonly of: ItemSource;
  readonly label?: string;
  readonly ariaLabel?: string;
  readonly description?: string;
  readonly placeholder?: string;
  readonly lines?: number;
  readonly value: string;
  readonly onChange: (text: string) => void;
  readonly error?: ReactNode;
}

/** A text that may hold items in braces; they are inserted from a list where the cursor stands. */
export function TextWithItems(props: TextWithItemsProps) {
  const { of, label, ariaLabel, description, placeholder, lines = 1, value, onChange, error } = props;
  const field = useRef<HTMLInputElement & HTMLTextAreaElement>(null);
  const insert = (name: string): void => {
    const { selectionStart, selectionEnd } = field.current ?? { selectionStart: null, selectionEnd: null };
    const [from, to] = [selectionStart ?? value.length, selectionEnd ?? value.length];
    onChange(`${value.slice(0, from)}{${name}}${value.slice(to)}`);
    field.current?.focus();
  };
  const common = {
    ref: field,
    description,
    placeholder,
    value,
    error,
    ...(label === undefined ? { 'aria-label': ariaLabel } : { label }),
    onChange: (event: { currentTarget: { value: string } }) => onChange(event.currentTarget.value),
    rightSection: <Insert of={of} name={label ?? ariaLabel ?? ''} onInsert={insert} />,
  };
  return lines === 1 ? <TextInput {...common} /> : <Textarea {...common} autosize minRows={lines} maxRows={12} />;
}

interface InsertProps {
  readonly of: ItemSource;
  /** Of the field, for those who do not see it. */
  readonly name: string;
  readonly onInsert: (name: string) => void;
}

function Insert({ of, name, onInsert }: InsertProps) {
  const { t } = useTranslation();
  const [opened, setOpened] = useState(false);
  const [search, setSearch] = useState('');
  const { data: items = [] } = useItems(of);
  const found = items.filter((item) => itemMatches(item, search));
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-end" width={340} trapFocus returnFocus>
      <Popover.Target>
        <ActionIcon
          variant="subtle"
          aria-label={t('adminCrm.item.insert', { name })}
          aria-expanded={opened}
          onClick={() => setOpened((was) => !was)}
        >
          <IconBraces size={16} aria-hidden />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown aria-label={t('adminCrm.item.insert', { name })}>
        <Stack gap="xs">
          <TextInput
            aria-label={t('admin.list.search')}
            placeholder={t('admin.list.search')}
            value={search}
            onChange={(event) => setSearch(event.currentTarget.value)}
            data-autofocus
          />
          <ScrollArea.Autosize mah={280}>
            <Stack gap="xs">
              {found.map((item) => (
                <UnstyledButton
                  key={item.name}
                  p={4}
                  onClick={() => {
                    onInsert(writtenName(item.name));
                    setOpened(false);
                  }}
                >
                  <ItemFacts item={item} />
                </UnstyledButton>
              ))}
            </Stack>
          </ScrollArea.Autosize>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
