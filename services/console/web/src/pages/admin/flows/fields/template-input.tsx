import { ActionIcon, Popover, ScrollArea, Stack, Text, Textarea, TextInput, UnstyledButton } from '@mantine/core';
import { IconBraces } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ask } from '../../../../api/client.ts';
import { Problem } from '../../../../parts/problem.tsx';
import classes from './template-input.module.css';

interface TemplateInputProps {
  readonly label: string;
  readonly description?: string | undefined;
  readonly placeholder?: string | undefined;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly error?: string | undefined;
  readonly required?: boolean;
  /** More than one: a text of several lines. */
  readonly lines?: number;
  /** The whole text is one name, without braces. */
  readonly bare?: boolean;
  /** The label is for those who do not see where the field stands. */
  readonly hiddenLabel?: boolean;
}

/** A text with placeholders, and a list of the names that it may hold. */
export function TemplateInput({
  lines = 1,
  bare = false,
  hiddenLabel = false,
  onChange,
  ...props
}: TemplateInputProps) {
  const { t } = useTranslation();
  const input = useRef<HTMLInputElement & HTMLTextAreaElement>(null);
  const insert = (name: string): void => {
    const { value } = props;
    const [from, to] = [input.current?.selectionStart ?? value.length, input.current?.selectionEnd ?? value.length];
    onChange(bare ? name : `${value.slice(0, from)}{${name}}${value.slice(to)}`);
    input.current?.focus();
  };
  const { label, required = false, ...rest } = props;
  const shared = {
    ...rest,
    ref: input,
    withAsterisk: required,
    ...(hiddenLabel ? { 'aria-label': label } : { label }),
    onChange: (event: { currentTarget: { value: string } }) => onChange(event.currentTarget.value),
    rightSection: <Names label={t('flow.expressions.open', { field: label })} onName={insert} />,
  };
  return lines > 1 ? (
    <Textarea {...shared} autosize minRows={lines} maxRows={10} />
  ) : (
    <TextInput {...shared} spellCheck={false} />
  );
}

interface NamesProps {
  readonly label: string;
  readonly onName: (name: string) => void;
}

function Names({ label, onName }: NamesProps) {
  const [opened, setOpened] = useState(false);
  return (
    <Popover opened={opened} onChange={setOpened} width={320} position="bottom-end" trapFocus shadow="md" withinPortal>
      <Popover.Target>
        <ActionIcon variant="subtle" aria-label={label} onClick={() => setOpened(!opened)}>
          <IconBraces size={16} aria-hidden />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown>
        {opened && (
          <Catalogue
            onName={(name) => {
              setOpened(false);
              onName(name);
            }}
          />
        )}
      </Popover.Dropdown>
    </Popover>
  );
}

interface Expression {
  readonly name: string;
  readonly label: string;
  readonly example: unknown;
}

function Catalogue({ onName }: Pick<NamesProps, 'onName'>) {
  const { t } = useTranslation();
  const [wanted, setWanted] = useState('');
  const { data, error } = useQuery({
    queryKey: ['expressions'],
    queryFn: async () => (await ask<{ expressions: Expression[] }>('/v1/expressions')).expressions,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const words = wanted.trim().toLowerCase();
  const found = (data ?? []).filter(({ name, label }) => `${name} ${label}`.toLowerCase().includes(words));
  return (
    <Stack gap="xs">
      <TextInput
        size="xs"
        data-autofocus
        aria-label={t('flow.expressions.search')}
        placeholder={t('flow.expressions.search')}
        value={wanted}
        onChange={(event) => setWanted(event.currentTarget.value)}
      />
      {error !== null && <Problem error={error} />}
      <ScrollArea.Autosize mah={260} type="auto" viewportProps={{ tabIndex: 0 }}>
        {found.slice(0, 80).map(({ name, label, example }) => (
          <UnstyledButton key={name} className={classes.name} onClick={() => onName(name)}>
            <Text size="sm" ff="monospace" style={{ overflowWrap: 'anywhere' }}>
              {name}
            </Text>
            <Text size="xs" c="dimmed" lineClamp={2}>
              {label}
              {example !== undefined && `: ${typeof example === 'string' ? example : JSON.stringify(example)}`}
            </Text>
          </UnstyledButton>
        ))}
        {data !== undefined && found.length === 0 && <Text size="sm">{t('flow.expressions.none')}</Text>}
      </ScrollArea.Autosize>
    </Stack>
  );
}
