import { CloseButton, Group, Select, Stack, Text, TextInput, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useEditing } from '../editing.ts';
import { titleOf } from '../model/draft.ts';
import { useProblemWords } from '../words.ts';

/** What is said about the flow as a whole, while no module is selected. */
export function FlowPanel({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation();
  const problemAt = useProblemWords();
  const { draft, change, problems } = useEditing();
  const own = problems.filter(({ module }) => module === undefined);
  return (
    <Stack gap="md">
      <Group justify="space-between" wrap="nowrap">
        <Title order={2} size="h4">
          {t('flow.panel.flow')}
        </Title>
        <CloseButton aria-label={t('flow.panel.close')} onClick={onClose} />
      </Group>
      <TextInput
        label={t('admin.fields.name')}
        withAsterisk
        value={draft.name}
        error={problemAt(own, 'name')}
        onChange={({ currentTarget: { value } }) => change((before) => ({ ...before, name: value }), 'flow name')}
      />
      <Select
        label={t('flow.panel.start')}
        description={t('flow.panel.startHelp')}
        searchable
        allowDeselect={false}
        data={draft.modules.map((module) => ({ value: module.id, label: titleOf(module) }))}
        value={draft.start === '' ? null : draft.start}
        error={problemAt(own, 'start')}
        onChange={(start) => start !== null && change((before) => ({ ...before, start }))}
      />
      <Text size="sm" c="dimmed">
        {t('flow.panel.none')}
      </Text>
    </Stack>
  );
}
