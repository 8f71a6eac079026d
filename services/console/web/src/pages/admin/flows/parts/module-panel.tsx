import { Alert, Button, CloseButton, Group, List, Stack, Text, TextInput, Title } from '@mantine/core';
import { IconCopy, IconFlag, IconTrash } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Jump, useEditing, useModule } from '../editing.ts';
import { ModuleField } from '../fields/module-field.tsx';
import { type DraftModule, titleOf, withFields } from '../model/draft.ts';
import { duplicateModule, renameModule } from '../model/edits.ts';
import { fieldsOf } from '../model/kinds.ts';
import { iconOf, useProblemWords } from '../words.ts';
import { ExitsForm } from './exits-form.tsx';
import { LocalAutomations } from './local-automations.tsx';

interface ModulePanelProps {
  readonly id: string;
  readonly jump: Jump | undefined;
}

/** Everything that can be said about one module. */
export function ModulePanel({ id, jump }: ModulePanelProps) {
  const { t } = useTranslation();
  const { select } = useEditing();
  const { module, problems } = useModule(id);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (jump?.id === id && jump.focus) heading.current?.focus();
  }, [jump, id]);
  if (module === undefined) return undefined;
  const Icon = iconOf[module.type];
  const own = problems.filter(({ field }) => field === '' || field === 'id');
  return (
    <Stack gap="md" data-panel={id}>
      <Group wrap="nowrap" align="start" justify="space-between">
        <Group wrap="nowrap" gap="xs" miw={0}>
          <Icon size={22} aria-hidden style={{ flex: 'none' }} />
          <div style={{ minWidth: 0 }}>
            <Title order={2} size="h4" ref={heading} tabIndex={-1} style={{ overflowWrap: 'anywhere' }}>
              {titleOf(module)}
            </Title>
            <Text size="xs" c="dimmed">
              {t(`flow.kinds.${module.type}`)}
            </Text>
          </div>
        </Group>
        <CloseButton aria-label={t('flow.panel.close')} onClick={() => select(undefined)} />
      </Group>
      <Text size="sm" c="dimmed">
        {t(`flow.kindHelp.${module.type}`)}
      </Text>
      {own.length > 0 && (
        <Alert color="red">
          <List size="sm" listStyleType="none">
            {own.map(({ message }) => (
              <List.Item key={message}>{message}</List.Item>
            ))}
          </List>
        </Alert>
      )}
      <Naming key={id} module={module} />
      {fieldsOf[module.type].map((field) => (
        <ModuleField key={field.name} id={id} field={field} />
      ))}
      <ExitsForm id={id} />
      <LocalAutomations id={id} />
      <ModuleButtons id={id} />
    </Stack>
  );
}

/** A module may have a name; its id is what others lead to, so another id is written once it is whole. */
function Naming({ module }: { readonly module: DraftModule }) {
  const { t } = useTranslation();
  const problemAt = useProblemWords();
  const { draft, change, select } = useEditing();
  const { problems, set } = useModule(module.id);
  const [id, setId] = useState(module.id);
  const isTaken = id !== module.id && draft.modules.some((one) => one.id === id);
  const isWrong = !/^[A-Za-z0-9_-]{1,128}$/.test(id);
  const rename = (): void => {
    if (id === module.id || isTaken || isWrong) return;
    change((before) => renameModule(before, module.id, id));
    select(id);
  };
  return (
    <Group grow align="start">
      <TextInput
        label={t('flow.panel.name')}
        placeholder={module.id}
        value={module.name ?? ''}
        error={problemAt(problems, 'name')}
        onChange={({ currentTarget: { value } }) =>
          set((now) => withFields(now, { name: value === '' ? undefined : value }), 'name')
        }
      />
      <TextInput
        label={t('flow.panel.id')}
        spellCheck={false}
        value={id}
        error={isTaken ? t('flow.panel.idTaken') : isWrong ? t('flow.panel.idWrong') : undefined}
        onChange={(event) => setId(event.currentTarget.value)}
        onBlur={rename}
        onKeyDown={(event) => event.key === 'Enter' && rename()}
      />
    </Group>
  );
}

function ModuleButtons({ id }: { readonly id: string }) {
  const { t } = useTranslation();
  const { draft, change, select, askRemove } = useEditing();
  const copy = (): void => {
    const { draft: next, id: made } = duplicateModule(draft, id);
    change(() => next);
    select(made);
  };
  return (
    <Group gap="xs">
      <Button size="xs" variant="default" leftSection={<IconCopy size={14} aria-hidden />} onClick={copy}>
        {t('flow.panel.duplicate')}
      </Button>
      {draft.start !== id && (
        <Button
          size="xs"
          variant="default"
          leftSection={<IconFlag size={14} aria-hidden />}
          onClick={() => change((before) => ({ ...before, start: id }))}
        >
          {t('flow.panel.makeStart')}
        </Button>
      )}
      <Button
        size="xs"
        variant="light"
        color="red"
        leftSection={<IconTrash size={14} aria-hidden />}
        onClick={() => askRemove(id)}
      >
        {t('flow.panel.remove')}
      </Button>
    </Group>
  );
}
