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
        {all.map(({ position, automation }, at) => (
          <Group key={at} wrap="nowrap" align="end" gap={4}>
            <Select
              w={130}
              label={t('flow.automations.position')}
              allowDeselect={false}
              data={[
                { value: 'enter', label: t('flow.automations.enter') },
                { value: 'exit', label: t('flow.automations.exit') },
              ]}
              value={position}
              onChange={(value) => one(at, { position: value === 'exit' ? 'exit' : 'enter' })}
            />
            <div style={{ flex: 1, minWidth: 0 }}>
              <EntitySelect
                kind="automation"
                label={t('flow.automations.automation')}
                required
                value={automation}
                error={problemAt(problems, `automations.${at}`)}
                onChange={(value) => one(at, { automation: value })}
              />
            </div>
            <ActionIcon
              variant="subtle"
              color="red"
              mb={4}
              aria-label={t('flow.automations.remove', { number: at + 1 })}
              onClick={() => change(all.filter((_, place) => place !== at))}
            >
              <IconTrash size={16} aria-hidden />
            </ActionIcon>
          </Group>
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
