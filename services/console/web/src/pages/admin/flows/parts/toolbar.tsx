import { ActionIcon, Badge, Button, Group, Menu, Title, Tooltip } from '@mantine/core';
import {
  IconArrowBackUp,
  IconArrowForwardUp,
  IconDeviceFloppy,
  IconDots,
  IconPlayerPlay,
  IconSitemap,
  IconTrash,
} from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { DeleteQuestion } from '../../parts/delete-question.tsx';
import { History } from '../../parts/history.tsx';
import { listPath } from '../../sections.ts';
import type { Draft } from '../model/draft.ts';
import { withLayout } from '../model/edits.ts';
import type { Trying } from '../try/use-try.ts';
import type { useFlow } from '../use-flow.ts';

interface ToolbarProps {
  readonly flow: ReturnType<typeof useFlow>;
  readonly trying: Trying;
  /** What is shown of the flow, and beside it. */
  readonly children: ReactNode;
}

/** What is done with the flow as a whole. */
export function Toolbar({ flow, trying, children }: ToolbarProps) {
  const { t } = useTranslation();
  return (
    <>
      <Group justify="space-between">
        <Group gap="xs" miw={0}>
          <Title order={1} size="h2" style={{ overflowWrap: 'anywhere' }}>
            {flow.draft.name}
          </Title>
          <State flow={flow} />
        </Group>
        <Group gap="xs">
          <Button
            leftSection={<IconDeviceFloppy size={16} aria-hidden />}
            loading={flow.save.isPending}
            onClick={() => flow.store()}
          >
            {t('common.save')}
          </Button>
          {!flow.isNew && <More flow={flow} />}
        </Group>
      </Group>
      <Group gap="xs">
        {children}
        <Act label={t('flow.undo')} onClick={flow.undo}>
          <IconArrowBackUp size={18} aria-hidden />
        </Act>
        <Act label={t('flow.redo')} onClick={flow.redo}>
          <IconArrowForwardUp size={18} aria-hidden />
        </Act>
        <Act label={t('flow.arrange')} onClick={() => flow.change((draft) => withLayout(draft, undefined))}>
          <IconSitemap size={18} aria-hidden />
        </Act>
        <Button
          variant={trying.opened ? 'light' : 'default'}
          leftSection={<IconPlayerPlay size={16} aria-hidden />}
          aria-expanded={trying.opened}
          onClick={() => trying.open(!trying.opened)}
        >
          {t('flow.try.title')}
        </Button>
      </Group>
    </>
  );
}

function State({ flow: { isNew, dirty } }: Pick<ToolbarProps, 'flow'>) {
  const { t } = useTranslation();
  return (
    <Badge variant="light" color={dirty ? 'orange' : 'gray'} tt="none" role="status" miw="max-content">
      {t(isNew ? 'flow.state.new' : dirty ? 'flow.state.dirty' : 'flow.state.saved')}
    </Badge>
  );
}

interface ActProps {
  readonly label: string;
  /** Absent: there is nothing to do. */
  readonly onClick: (() => void) | undefined;
  readonly children: ReactNode;
}

function Act({ label, onClick, children }: ActProps) {
  return (
    <Tooltip label={label}>
      <ActionIcon size="lg" variant="default" aria-label={label} disabled={onClick === undefined} onClick={onClick}>
        {children}
      </ActionIcon>
    </Tooltip>
  );
}

function More({ flow }: Pick<ToolbarProps, 'flow'>) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [removing, setRemoving] = useState(false);
  const { draft } = flow;
  return (
    <>
      <History kind="flow" id={draft.id} onRestore={(entity) => flow.change(() => entity as Draft)} />
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon size="lg" variant="default" aria-label={t('admin.list.more', { name: draft.name })}>
            <IconDots size={18} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item color="red" leftSection={<IconTrash size={16} aria-hidden />} onClick={() => setRemoving(true)}>
            {t('admin.delete.do')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <DeleteQuestion
        kind="flow"
        entity={removing ? draft : undefined}
        onClose={() => setRemoving(false)}
        onDeleted={() => void navigate(listPath('flow'))}
      />
    </>
  );
}
