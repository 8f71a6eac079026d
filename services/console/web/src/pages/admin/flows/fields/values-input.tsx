import { ActionIcon, Button, Fieldset, Group, Stack, Text, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ListProblem } from './prompts-input.tsx';
import { TemplateInput } from './template-input.tsx';

export type Values = Readonly<Record<string, unknown>>;

interface ValuesInputProps {
  readonly label: string;
  readonly description?: string | undefined;
  /** What a new name begins with, and an example of one. */
  readonly begin?: string;
  readonly example: string;
  readonly value: Values;
  readonly onChange: (value: Values) => void;
  readonly problemAt?: (field: string) => string | undefined;
}

/** Names and their values. While one is typed a name may stand there twice: the object follows as far as it can. */
export function ValuesInput({ label, description, begin = '', example, value, onChange, problemAt }: ValuesInputProps) {
  const { t } = useTranslation();
  const [rows, setRows] = useRows(value, onChange);
  const set = (at: number, row: Row): void => setRows(rows.map((one, place) => (place === at ? row : one)));
  return (
    <Fieldset legend={label} p="sm">
      <Stack gap="xs">
        {description !== undefined && (
          <Text size="xs" c="dimmed">
            {description}
          </Text>
        )}
        {rows.length === 0 && <ListProblem message={problemAt?.('')} />}
        {rows.map(([name, text], at) => (
          <Group key={at} wrap="nowrap" align="start" gap={4}>
            <Stack gap={4} flex={1} miw={0}>
              <TextInput
                aria-label={t('flow.values.name', { number: at + 1 })}
                placeholder={example}
                spellCheck={false}
                value={name}
                error={problemAt?.(name)}
                onChange={(event) => set(at, [event.currentTarget.value, text])}
              />
              <TemplateInput
                label={t('flow.values.value', { number: at + 1 })}
                hiddenLabel
                placeholder={t('flow.values.example')}
                value={text}
                onChange={(changed) => set(at, [name, changed])}
              />
            </Stack>
            <ActionIcon
              variant="subtle"
              color="red"
              aria-label={t('flow.values.remove', { number: at + 1 })}
              onClick={() => setRows(rows.filter((_, place) => place !== at))}
            >
              <IconTrash size={16} aria-hidden />
            </ActionIcon>
          </Group>
        ))}
        <Button
          size="compact-sm"
          variant="light"
          w="fit-content"
          leftSection={<IconPlus size={14} aria-hidden />}
          onClick={() => setRows([...rows, [begin, '']])}
        >
          {t('flow.values.add')}
        </Button>
      </Stack>
    </Fieldset>
  );
}

type Row = readonly [name: string, text: string];

/** Rows are kept as they are typed, unless the object changes by other means. */
function useRows(value: Values, onChange: (value: Values) => void): [readonly Row[], (rows: readonly Row[]) => void] {
  const [rows, setRows] = useState(() => rowsOf(value));
  const told = JSON.stringify(value);
  const [last, setLast] = useState(told);
  const isOthers = told !== last;
  if (isOthers) {
    setLast(told);
    setRows(rowsOf(value));
  }
  const change = (next: readonly Row[]): void => {
    const object = objectOf(next);
    setRows(next);
    setLast(JSON.stringify(object));
    onChange(object);
  };
  return [isOthers ? rowsOf(value) : rows, change];
}

const rowsOf = (value: Values): readonly Row[] => Object.entries(value).map(([name, one]) => [name, textOf(one)]);

const objectOf = (rows: readonly Row[]): Values =>
  Object.fromEntries(rows.map(([name, text]) => [name, readValue(text)]));

const words = new Map<string, unknown>([
  ['true', true],
  ['false', false],
  ['null', null],
]);

/** Numbers, `true`, `false` and `null` are what they look like; in quotes they are texts. */
function readValue(text: string): unknown {
  if (words.has(text)) return words.get(text);
  if (/^-?(0|[1-9]\d{0,14})(\.\d+)?$/.test(text)) return Number(text);
  return /^"(.*)"$/s.test(text) ? text.slice(1, -1) : text;
}

function textOf(value: unknown): string {
  if (typeof value !== 'string') return JSON.stringify(value) ?? '';
  return readValue(value) === value ? value : `"${value}"`;
}
