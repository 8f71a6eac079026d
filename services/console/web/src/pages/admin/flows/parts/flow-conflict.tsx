import { Button, Group, Modal, Stack, Table, Text } from '@mantine/core';
import type { Flow } from '@patchcord/contracts';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../../../../api/client.ts';
import { readEntity, type Stored } from '../../../../api/config.ts';
import { Problem } from '../../../../parts/problem.tsx';
import { type Difference, differencesOf } from '../model/differences.ts';
import type { Draft } from '../model/draft.ts';

interface FlowConflictProps {
  readonly mine: Draft;
  readonly onTheirs: (stored: Stored<'flow'>) => void;
  /** Stores mine over what is there now; without a tag there is nothing any more. */
  readonly onMine: (etag: string | undefined) => void;
  readonly onClose: () => void;
}

/** Somebody else stored the flow meanwhile: what differs, module by module, and which of the two it shall be. */
export function FlowConflict({ mine, onTheirs, onMine, onClose }: FlowConflictProps) {
  const { t } = useTranslation();
  const { data: theirs, error } = useQuery({
    queryKey: ['config', 'flow', mine.id, 'theirs'],
    queryFn: () => readEntity('flow', mine.id),
    staleTime: 0,
    gcTime: 0,
    retry: false,
  });
  const isGone = error instanceof ApiError && error.status === 404;
  return (
    <Modal
      opened
      onClose={onClose}
      size="xl"
      title={t('admin.conflict.title')}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <Stack>
        <Text>{t(isGone ? 'flow.conflict.gone' : 'admin.conflict.what')}</Text>
        {error !== null && !isGone && <Problem error={error} />}
        {theirs !== undefined && <Differences all={differencesOf(mine, draftOf(theirs.entity))} />}
        <Group justify="end">
          {theirs !== undefined && (
            <Button variant="default" onClick={() => onTheirs(theirs)}>
              {t('admin.conflict.takeTheirs')}
            </Button>
          )}
          {(theirs !== undefined || isGone) && (
            <Button color="red" onClick={() => onMine(theirs?.etag)}>
              {t('admin.conflict.takeMine')}
            </Button>
          )}
        </Group>
      </Stack>
    </Modal>
  );
}

/** As it is stored it is a draft that nobody has changed yet. */
export const draftOf = (flow: Flow): Draft => flow as unknown as Draft;

function Differences({ all }: { readonly all: readonly Difference[] }) {
  const { t } = useTranslation();
  if (all.length === 0) return <Text size="sm">{t('flow.conflict.places')}</Text>;
  return (
    <Table.ScrollContainer minWidth={480}>
      <Table fz="sm" layout="fixed">
        <Table.Thead>
          <Table.Tr>
            {[t('flow.conflict.where'), t('admin.conflict.theirs'), t('admin.conflict.mine')].map((heading) => (
              <Table.Th key={heading} scope="col">
                {heading}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {all.map(({ module, field, mine, theirs }) => (
            <Table.Tr key={`${module} ${field}`}>
              <Table.Th scope="row" fw={500} style={{ overflowWrap: 'anywhere' }}>
                {[module, field].filter((part) => part !== undefined).join(': ')}
              </Table.Th>
              {[theirs, mine].map((value, side) => (
                <Table.Td key={side} style={{ overflowWrap: 'anywhere' }}>
                  {value ?? t('admin.history.absent')}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
