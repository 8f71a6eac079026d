import { Badge, Button, Drawer, Group, Stack, Text, Title } from '@mantine/core';
import type { ConfigKind } from '@patchcord/contracts';
import { IconHistory } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useHistory, type Version } from '../../../api/config.ts';
import { formatTime } from '../../../i18n/format.ts';
import { Problem } from '../../../parts/problem.tsx';
import { DifferenceTable } from './difference-table.tsx';

interface HistoryProps {
  readonly kind: ConfigKind;
  readonly id: string;
  /** Puts an earlier version before the eyes of whoever edits; nothing is stored yet. */
  readonly onRestore: (entity: object) => void;
}

/** Who changed an entity when, and what; an earlier version can be had back. */
export function History(props: HistoryProps) {
  const { t } = useTranslation();
  const [opened, setOpened] = useState(false);
  return (
    <>
      <Button variant="default" leftSection={<IconHistory size={16} aria-hidden />} onClick={() => setOpened(true)}>
        {t('admin.history.title')}
      </Button>
      <Drawer
        opened={opened}
        onClose={() => setOpened(false)}
        position="right"
        size="xl"
        title={t('admin.history.title')}
        closeButtonProps={{ 'aria-label': t('common.close') }}
      >
        {opened && <Versions {...props} onClose={() => setOpened(false)} />}
      </Drawer>
    </>
  );
}

function Versions({ kind, id, onRestore, onClose }: HistoryProps & { readonly onClose: () => void }) {
  const { data: versions, error, refetch } = useHistory(kind, id, true);
  const restore = (entity: unknown): void => {
    onRestore(entity as object);
    onClose();
  };
  return (
    <Stack gap="xl">
      {error !== null && <Problem error={error} again={() => void refetch()} />}
      {versions?.map((version, at) => (
        <OneVersion
          key={version.revision}
          version={version}
          before={versions[at + 1]}
          {...(at === 0 || version.entity === null ? {} : { onRestore: () => restore(version.entity) })}
        />
      ))}
    </Stack>
  );
}

interface OneVersionProps {
  readonly version: Version;
  readonly before: Version | undefined;
  readonly onRestore?: () => void;
}

function OneVersion({ version, before, onRestore }: OneVersionProps) {
  const { t, i18n } = useTranslation();
  const { at, actor, entity } = version;
  const isNew = (before?.entity ?? null) === null;
  return (
    <section>
      <Group justify="space-between" mb="xs">
        <Group gap="xs">
          <Title order={2} size="h5">
            <time dateTime={at}>{formatTime(at, i18n.language)}</time>
          </Title>
          <Text size="sm">{actor ?? t('admin.history.nobody')}</Text>
          {onRestore === undefined && entity !== null && <Badge variant="light">{t('admin.history.now')}</Badge>}
        </Group>
        {onRestore !== undefined && (
          <Button size="compact-sm" variant="light" onClick={onRestore}>
            {t('admin.history.restore')}
          </Button>
        )}
      </Group>
      {entity === null && <Text size="sm">{t('admin.history.removed')}</Text>}
      {entity !== null && isNew && <Text size="sm">{t('admin.history.created')}</Text>}
      {entity !== null && !isNew && (
        <DifferenceTable
          before={before?.entity}
          after={entity}
          headings={[t('admin.history.before'), t('admin.history.after')]}
        />
      )}
    </section>
  );
}
