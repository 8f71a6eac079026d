import { ActionIcon, Button, Fieldset, Group, Select, Stack, Text } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useModule } from '../editing.ts';
import { EntitySelect } from '../fields/entity-select.tsx';
import { type LocalAutomation, withFields } from '../model/draft.ts';
import { useProblemWords } from '../words.ts';

/** What is set off as a call comes into a module, or goes on from it. */
export function LocalAutomations({ id }: { readonly id: string }) {
  const { t } = useTranslation();
  const problemAt = useProblemWords();
  const { module, problems, set } = useModule(id);
  if (module === undefined) return undefined;
  const all = module.automations ?? [];
  const change = (automations: readonly LocalAutomation[]): void => set((now) => withFields(now, { automations }));
  const one = (at: number, part: Partial<LocalAutomation>): void =>
    change(all.map((automation, place) => (place === at ? { ...automation, ...part } : automation)));
  return (
    <Fieldset legend={t('flow.automations.title')} p="sm">
      <Stack gap="xs">
        <Text size="xs" c="dimmed">
          {t('flow.automations.help')}
        </Text>
        {all.map((value, at) => (
          <OneAutomation
            key={at}
            at={at}
            value={value}
            error={problemAt(problems, `automations.${at}`)}
            onChange={(part) => one(at, part)}
            onRemove={() => change(all.filter((_, place) => place !== at))}
          />
        ))}
        {all.length < 20 && (
          <Button
            size="compact-sm"
            variant="light"
            w="fit-content"
            leftSection={<IconPlus size={14} aria-hidden />}
            onClick={() => change([...all, { position: 'enter', automation: '' }])}
          >
            {t('flow.automations.add')}
          </Button>
        )}
      </Stack>
    </Fieldset>
  );
}

interface OneAutomationProps {
  readonly at: number;
  readonly value: LocalAutomation;
  readonly error: string | undefined;
  readonly onChange: (part: Partial<LocalAutomation>) => void;
  readonly onRemove: () => void;
}

function OneAutomation({ at, value, error, onChange, onRemove }: OneAutomationProps) {
  const { t } = useTranslation();
  return (
    <Group wrap="nowrap" align="end" gap={4}>
      <Select
        w={130}
        label={t('flow.automations.position')}
        allowDeselect={false}
        data={[
          { value: 'enter', label: t('flow.automations.enter') },
          { value: 'exit', label: t('flow.automations.exit') },
        ]}
        value={value.position}
        onChange={(position) => onChange({ position: position === 'exit' ? 'exit' : 'enter' })}
      />
      <div style={{ flex: 1, minWidth: 0 }}>
        <EntitySelect
          kind="automation"
          label={t('flow.automations.automation')}
          required
          value={value.automation}
          error={error}
          onChange={(automation) => onChange({ automation })}
        />
      </div>
      <ActionIcon
        variant="subtle"
        color="red"
        mb={4}
        aria-label={t('flow.automations.remove', { number: at + 1 })}
        onClick={onRemove}
      >
        <IconTrash size={16} aria-hidden />
      </ActionIcon>
    </Group>
  );
}
