import { Button, Group, List, Modal, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useEditing } from '../editing.ts';
import { moduleOf, titleOf } from '../model/draft.ts';
import { removeModule } from '../model/edits.ts';
import { usesOf } from '../model/exits.ts';
import { useExitWords } from '../words.ts';

interface RemoveQuestionProps {
  readonly id: string | undefined;
  readonly onClose: () => void;
}

/** Asks before a module is taken out of the flow, and says what leads to it. */
export function RemoveQuestion({ id, onClose }: RemoveQuestionProps) {
  const { t } = useTranslation();
  const { draft, change, selected, select } = useEditing();
  const wordsOf = useExitWords();
  const module = moduleOf(draft, id);
  const uses = module === undefined ? [] : usesOf(draft, module.id).filter(({ from }) => from.id !== module.id);
  const remove = (): void => {
    if (module !== undefined) change((before) => removeModule(before, module.id));
    if (selected === module?.id) select(undefined);
    onClose();
  };
  return (
    <Modal
      opened={module !== undefined}
      onClose={onClose}
      title={t('flow.remove.title', { name: module === undefined ? '' : titleOf(module) })}
      closeButtonProps={{ 'aria-label': t('common.close') }}
      centered
    >
      <Stack>
        {draft.start === id && <Text>{t('flow.remove.start')}</Text>}
        <Text>{t(uses.length === 0 ? 'flow.remove.unused' : 'flow.remove.used')}</Text>
        {uses.length > 0 && (
          <List size="sm">
            {uses.map(({ from, exit }) => (
              <List.Item key={`${from.id} ${exit.key}`}>
                {titleOf(from)}: {wordsOf(from, exit)}
              </List.Item>
            ))}
          </List>
        )}
        <Text size="sm" c="dimmed">
          {t('flow.remove.undo')}
        </Text>
        <Group justify="end">
          <Button variant="default" onClick={onClose} data-autofocus>
            {t('common.cancel')}
          </Button>
          <Button color="red" onClick={remove}>
            {t('flow.remove.do')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
