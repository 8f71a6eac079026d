import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import type { ConfigKind } from '@patchcord/contracts';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { readEntity, type Stored } from '../../../api/config.ts';
import { Problem } from '../../../parts/problem.tsx';
import { DifferenceTable } from './difference-table.tsx';

interface ConflictProps<Kind extends ConfigKind> {
  readonly kind: Kind;
  readonly id: string;
  readonly mine: object;
  readonly onTheirs: (stored: Stored<Kind>) => void;
  /** Stores mine over the version that is there now. */
  readonly onMine: (etag: string) => void;
  readonly onClose: () => void;
}

/** Somebody else stored the entity meanwhile: what the two differ in, and which one it shall be. */
export function Conflict<Kind extends ConfigKind>({ kind, id, mine, onTheirs, onMine, onClose }: ConflictProps<Kind>) {
  const { t } = useTranslation();
  const { data: theirs, error } = useQuery({
    queryKey: ['config', kind, id, 'theirs'],
    queryFn: () => readEntity(kind, id),
    staleTime: 0,
    gcTime: 0,
  });
  return (
    <Modal
      opened
      onClose={onClose}
      size="xl"
      title={t('admin.conflict.title')}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <Stack>
        <Text>{t('admin.conflict.what')}</Text>
        {error !== null && <Problem error={error} />}
        {theirs !== undefined && (
          <>
            <DifferenceTable
              before={theirs.entity}
              after={mine}
              headings={[t('admin.conflict.theirs'), t('admin.conflict.mine')]}
            />
            <Group justify="end">
              <Button variant="default" onClick={() => onTheirs(theirs)}>
                {t('admin.conflict.takeTheirs')}
              </Button>
              <Button color="red" onClick={() => onMine(theirs.etag)}>
                {t('admin.conflict.takeMine')}
              </Button>
            </Group>
          </>
        )}
      </Stack>
    </Modal>
  );
}
