import { Fieldset, Group, Stack, Text, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { TemplateInput } from './template-input.tsx';
import { type Values, ValuesInput } from './values-input.tsx';

/** What a workflow of a CRM is started with; empty parts are left out. */
interface WorkflowInputProps {
  readonly value: Values;
  readonly onChange: (value: Values) => void;
  readonly problemAt: (field: string) => string | undefined;
}

const pairs = { search: ['entity', 'filter'], record: ['module', 'id'] } as const;
type Pair = keyof typeof pairs;

export function WorkflowInput({ value, onChange, problemAt }: WorkflowInputProps) {
  const { t } = useTranslation();
  const set = (name: string, part: unknown): void => {
    const { [name]: _before, ...rest } = value;
    onChange(part === undefined ? rest : { ...rest, [name]: part });
  };
  const text = (name: 'phoneNumber' | 'text', lines: number) => (
    <TemplateInput
      label={t(`flow.workflowInput.${name}`)}
      lines={lines}
      value={(value[name] as string | undefined) ?? ''}
      error={problemAt(name)}
      onChange={(changed) => set(name, changed === '' ? undefined : changed)}
    />
  );
  return (
    <Fieldset legend={t('flow.fields.input.label')} p="sm">
      <Stack gap="sm">
        <Text size="xs" c="dimmed">
          {t('flow.fields.input.help')}
        </Text>
        {text('phoneNumber', 1)}
        {(Object.keys(pairs) as Pair[]).map((pair) => (
          <PairInput
            key={pair}
            pair={pair}
            value={(value[pair] ?? {}) as Values}
            onChange={(part) => set(pair, part)}
            error={problemAt(pair)}
          />
        ))}
        <ValuesInput
          label={t('flow.workflowInput.values')}
          example="Email"
          value={(value.values ?? {}) as Values}
          problemAt={(name) => problemAt(`values.${name}`)}
          onChange={(values) => set('values', Object.keys(values).length === 0 ? undefined : values)}
        />
        {text('text', 2)}
      </Stack>
    </Fieldset>
  );
}

interface PairInputProps {
  readonly pair: Pair;
  readonly value: Values;
  readonly onChange: (value: Values | undefined) => void;
  readonly error: string | undefined;
}

/** Both or neither. */
function PairInput({ pair, value, onChange, error }: PairInputProps) {
  const { t } = useTranslation();
  const [what, which] = pairs[pair];
  const set = (name: string, text: string): void => {
    const changed = { [what]: '', [which]: '', ...value, [name]: text };
    onChange(Object.values(changed).every((one) => one === '') ? undefined : changed);
  };
  return (
    <Group grow align="start" gap={6}>
      <TextInput
        label={t(`flow.workflowInput.${pair}.what`)}
        value={(value[what] as string | undefined) ?? ''}
        error={error}
        onChange={(event) => set(what, event.currentTarget.value)}
      />
      <TemplateInput
        label={t(`flow.workflowInput.${pair}.which`)}
        value={(value[which] as string | undefined) ?? ''}
        onChange={(text) => set(which, text)}
      />
    </Group>
  );
}
