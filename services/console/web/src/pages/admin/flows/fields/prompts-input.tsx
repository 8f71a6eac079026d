import { ActionIcon, Button, Fieldset, Group, SegmentedControl, Stack, Text } from '@mantine/core';
import { IconArrowUp, IconPlus, IconTrash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { TemplateInput } from './template-input.tsx';

/** A sound of the PBX, or a text to say. */
export interface DraftPrompt {
  readonly sound?: string;
  readonly text?: string;
  readonly language?: string;
  readonly voice?: string;
}

export const promptOf = (value: unknown): DraftPrompt =>
  typeof value === 'string' ? { sound: value } : ((value ?? { sound: '' }) as DraftPrompt);

interface PromptsInputProps {
  readonly label: string;
  readonly description?: string | undefined;
  readonly most: number;
  readonly value: readonly unknown[];
  readonly onChange: (value: readonly DraftPrompt[]) => void;
  /** The problem of a field in it, e.g. `0.text`, or of the list as a whole. */
  readonly problemAt: (field: string) => string | undefined;
}

/** What a caller hears, one after the other. */
export function PromptsInput({ label, description, most, value, onChange, problemAt }: PromptsInputProps) {
  const { t } = useTranslation();
  const prompts = value.map(promptOf);
  const swap = (at: number): void =>
    onChange(
      prompts.map((prompt, one) => (one === at ? prompts[at - 1] : one === at - 1 ? prompts[at] : prompt) ?? prompt),
    );
  return (
    <Fieldset legend={label} variant="default" p="sm">
      <Stack gap="sm">
        {description !== undefined && (
          <Text size="xs" c="dimmed">
            {description}
          </Text>
        )}
        {prompts.length === 0 && <ListProblem message={problemAt('')} />}
        {prompts.map((prompt, at) => (
          <Group key={at} wrap="nowrap" align="start" gap={4}>
            <PromptInput
              label={prompts.length > 1 ? `${label} ${at + 1}` : label}
              value={prompt}
              error={problemAt(String(at))}
              onChange={(changed) => onChange(prompts.map((one, place) => (place === at ? changed : one)))}
            />
            <Stack gap={4}>
              {at > 0 && (
                <ActionIcon
                  variant="subtle"
                  aria-label={t('flow.prompts.up', { number: at + 1 })}
                  onClick={() => swap(at)}
                >
                  <IconArrowUp size={16} aria-hidden />
                </ActionIcon>
              )}
              <ActionIcon
                variant="subtle"
                color="red"
                aria-label={t('flow.prompts.remove', { number: at + 1 })}
                onClick={() => onChange(prompts.filter((_, place) => place !== at))}
              >
                <IconTrash size={16} aria-hidden />
              </ActionIcon>
            </Stack>
          </Group>
        ))}
        {prompts.length < most && (
          <Button
            size="compact-sm"
            variant="light"
            w="fit-content"
            leftSection={<IconPlus size={14} aria-hidden />}
            onClick={() => onChange([...prompts, { sound: '' }])}
          >
            {t('flow.prompts.add')}
          </Button>
        )}
      </Stack>
    </Fieldset>
  );
}

export function ListProblem({ message }: { readonly message: string | undefined }) {
  if (message === undefined) return undefined;
  return (
    <Text size="xs" c="var(--mantine-color-error)">
      {message}
    </Text>
  );
}

interface PromptInputProps {
  readonly label: string;
  readonly value: DraftPrompt;
  readonly error: string | undefined;
  readonly onChange: (value: DraftPrompt) => void;
}

function PromptInput({ label, value, error, onChange }: PromptInputProps) {
  const { t } = useTranslation();
  const says = value.text !== undefined;
  return (
    <Stack gap={6} flex={1} miw={0}>
      <SegmentedControl
        size="xs"
        fullWidth
        aria-label={t('flow.prompts.kind', { field: label })}
        value={says ? 'text' : 'sound'}
        onChange={(kind) => onChange(kind === 'text' ? { text: value.sound ?? '' } : { sound: value.text ?? '' })}
        data={[
          { value: 'sound', label: t('flow.prompts.sound') },
          { value: 'text', label: t('flow.prompts.text') },
        ]}
      />
      <TemplateInput
        label={`${label}: ${t(says ? 'flow.prompts.text' : 'flow.prompts.sound')}`}
        hiddenLabel
        lines={says ? 2 : 1}
        placeholder={t(says ? 'flow.prompts.textExample' : 'flow.prompts.soundExample')}
        value={(says ? value.text : value.sound) ?? ''}
        error={error}
        onChange={(text) => onChange(says ? { ...value, text } : { sound: text })}
      />
      {says && <Speech label={label} value={value} onChange={onChange} />}
    </Stack>
  );
}

/** Language and voice are rarely other than the engine's own. */
function Speech({ label, value, onChange }: Omit<PromptInputProps, 'error'>) {
  const { t } = useTranslation();
  const set = (name: 'language' | 'voice', text: string): void => {
    const { [name]: _before, ...rest } = value;
    onChange(text === '' ? rest : { ...rest, [name]: text });
  };
  return (
    <Group grow gap={6}>
      {(['language', 'voice'] as const).map((name) => (
        <TemplateInput
          key={name}
          label={`${label}: ${t(`flow.fields.${name}.label`)}`}
          hiddenLabel
          placeholder={t(`flow.fields.${name}.label`)}
          value={value[name] ?? ''}
          onChange={(text) => set(name, text)}
        />
      ))}
    </Group>
  );
}
