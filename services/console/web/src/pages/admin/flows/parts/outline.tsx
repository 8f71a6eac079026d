import { ActionIcon, Badge, Button, Group, Paper, Stack, Text, TextInput, Title } from '@mantine/core';
import { IconAlertTriangle, IconCopy, IconSearch, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useEditing } from '../editing.ts';
import { type DraftModule, titleOf } from '../model/draft.ts';
import { duplicateModule, found } from '../model/edits.ts';
import { iconOf } from '../words.ts';
import { ExitLine } from './exits-form.tsx';
import classes from './outline.module.css';

/** The modules one below the other: everything that can be done in the graph, without a mouse. */
export function Outline() {
  const { t } = useTranslation();
  const { draft } = useEditing();
  const [wanted, setWanted] = useState('');
  return (
    <Stack gap="xs">
      <TextInput
        type="search"
        aria-label={t('flow.outline.search')}
        placeholder={t('flow.outline.search')}
        leftSection={<IconSearch size={16} aria-hidden />}
        value={wanted}
        onChange={(event) => setWanted(event.currentTarget.value)}
      />
      <ul className={classes.list}>
        {found(draft.modules, wanted).map((module) => (
          <li key={module.id}>
            <Entry module={module} />
          </li>
        ))}
      </ul>
    </Stack>
  );
}

function Entry({ module }: { readonly module: DraftModule }) {
  const { t } = useTranslation();
  const { draft, change, selected, select, askRemove } = useEditing();
  const { id, type } = module;
  const Icon = iconOf[type];
  const copy = (): void => {
    const { draft: next, id: made } = duplicateModule(draft, id);
    change(() => next);
    select(made);
  };
  return (
    <Paper withBorder p="sm" className={classes.entry} data-outline={id} data-selected={selected === id}>
      <Group justify="space-between" wrap="nowrap" align="start">
        <Group gap="xs" wrap="nowrap" align="start" miw={0}>
          <Icon size={18} aria-hidden style={{ flex: 'none', marginTop: 4 }} />
          <div style={{ minWidth: 0 }}>
            <Head module={module} />
            <ExitLine module={module} />
          </div>
        </Group>
        <Group gap={4} wrap="nowrap">
          <ActionIcon
            variant="subtle"
            aria-label={t('flow.outline.duplicate', { name: titleOf(module) })}
            onClick={copy}
          >
            <IconCopy size={16} aria-hidden />
          </ActionIcon>
          <ActionIcon
            variant="subtle"
            color="red"
            aria-label={t('flow.outline.remove', { name: titleOf(module) })}
            onClick={() => askRemove(id)}
          >
            <IconTrash size={16} aria-hidden />
          </ActionIcon>
        </Group>
      </Group>
    </Paper>
  );
}

/** What a module is, and what is to be known of it. */
function Head({ module }: { readonly module: DraftModule }) {
  const { t } = useTranslation();
  const { draft, selected, jump, problems, way } = useEditing();
  const { id, type } = module;
  const wrong = problems.filter((problem) => problem.module === id).length;
  return (
    <Group gap="xs">
      <Title order={2} size="h5">
        <Button
          variant="transparent"
          size="compact-sm"
          px={0}
          color="var(--mantine-color-anchor)"
          aria-current={selected === id ? 'true' : undefined}
          onClick={() => jump(id)}
        >
          {titleOf(module)}
        </Button>
      </Title>
      <Text size="xs" c="dimmed">
        {t(`flow.kinds.${type}`)}
      </Text>
      {draft.start === id && (
        <Badge size="sm" variant="light" tt="none">
          {t('flow.start')}
        </Badge>
      )}
      {way.modules.has(id) && (
        <Badge size="sm" tt="none">
          {t(way.at === id ? 'flow.try.here' : 'flow.try.passed')}
        </Badge>
      )}
      {wrong > 0 && (
        <Badge size="sm" color="red" variant="light" tt="none" leftSection={<IconAlertTriangle size={12} />}>
          {t('flow.problems.here', { count: wrong })}
        </Badge>
      )}
    </Group>
  );
}
