import { Alert, Anchor, Button, Group, List, Modal, Stack, Text } from '@mantine/core';
import type { ConfigKind } from '@patchcord/contracts';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { type Use, useRemoveEntity, useUses } from '../../../api/config.ts';
import { Problem } from '../../../parts/problem.tsx';
import { editorPath } from '../sections.ts';

interface DeleteQuestionProps {
  readonly kind: ConfigKind;
  /** What would be deleted; undefined: nothing is asked. */
  readonly entity: { readonly id: string; readonly name: string } | undefined;
  readonly onClose: () => void;
  readonly onDeleted?: (() => void) | undefined;
}

/** Asks before an entity is deleted: names it, and where it is used, since that has to let go of it first. */
export function DeleteQuestion({ kind, entity, onClose, onDeleted }: DeleteQuestionProps) {
  const { t } = useTranslation();
  return (
    <Modal
      opened={entity !== undefined}
      onClose={onClose}
      title={t('admin.delete.title', { name: entity?.name })}
      closeButtonProps={{ 'aria-label': t('common.close') }}
      centered
    >
      {entity !== undefined && (
        <Question key={entity.id} kind={kind} entity={entity} onClose={onClose} onDeleted={onDeleted} />
      )}
    </Modal>
  );
}

type QuestionProps = DeleteQuestionProps & { readonly entity: { readonly id: string; readonly name: string } };

function Question({ kind, entity, onClose, onDeleted }: QuestionProps) {
  const { t } = useTranslation();
  const { data: uses, error } = useUses(kind, entity.id);
  const remove = useRemoveEntity(kind);
  const doIt = (): void =>
    remove.mutate(entity.id, {
      onSuccess: () => {
        onClose();
        onDeleted?.();
      },
    });
  return (
    <Stack>
      {error !== null && <Problem error={error} />}
      {remove.error !== null && <Problem error={remove.error} />}
      {uses !== undefined && uses.length > 0 && <Uses uses={uses} />}
      {uses?.length === 0 && <Text>{t('admin.delete.unused')}</Text>}
      <Group justify="end">
        <Button variant="default" onClick={onClose} data-autofocus>
          {t('common.cancel')}
        </Button>
        <Button color="red" onClick={doIt} loading={remove.isPending} disabled={uses?.length !== 0}>
          {t('admin.delete.do')}
        </Button>
      </Group>
    </Stack>
  );
}

/** Each entity once, however often it refers to the other. */
function Uses({ uses }: { readonly uses: readonly Use[] }) {
  const { t } = useTranslation();
  const places = Map.groupBy(uses, ({ kind, id }) => `${kind} ${id}`);
  return (
    <Alert color="orange" title={t('admin.delete.used')}>
      <List size="sm">
        {[...places.values()].map(([first, ...more]) =>
          first === undefined ? undefined : (
            <List.Item key={`${first.kind} ${first.id}`}>
              {t(`admin.kinds.${first.kind}`)}{' '}
              <Anchor component={Link} to={editorPath(first.kind, first.id)} inherit>
                {first.name}
              </Anchor>
              : {[first, ...more].map(({ path, module }) => module ?? path).join(', ')}
            </List.Item>
          ),
        )}
      </List>
    </Alert>
  );
}
