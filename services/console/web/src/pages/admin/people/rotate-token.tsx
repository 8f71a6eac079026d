import { Button, Group, Modal, NumberInput, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ask } from '../../../api/client.ts';
import { Problem } from '../../../parts/problem.tsx';
import { ShownToken } from './shown-token.tsx';
import { type TokenView, tokensKey } from './token-view.ts';

interface RotateTokenProps {
  readonly token: TokenView | undefined;
  readonly onClose: () => void;
}

/** Gives a token a new text; programs have some time to change to it. */
export function RotateToken({ token, onClose }: RotateTokenProps) {
  const { t } = useTranslation();
  return (
    <Modal
      opened={token !== undefined}
      onClose={onClose}
      title={t('adminPeople.token.rotateTitle', { name: token?.name })}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      {token !== undefined && <Rotation key={token.id} id={token.id} onClose={onClose} />}
    </Modal>
  );
}

function Rotation({ id, onClose }: { readonly id: string; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [hours, setHours] = useState<string | number>(1);
  const rotate = useMutation({
    mutationFn: () =>
      ask<{ token: string }>(`/v1/tokens/${encodeURIComponent(id)}/rotate`, {
        method: 'POST',
        body: { graceSeconds: Math.round(Number(hours) * 3600) },
      }),
    onSuccess: () => client.invalidateQueries({ queryKey: tokensKey }),
  });
  if (rotate.data !== undefined) return <ShownToken token={rotate.data.token} onClose={onClose} />;
  return (
    <Stack>
      {rotate.error !== null && <Problem error={rotate.error} />}
      <Text>{t('adminPeople.token.rotateHelp')}</Text>
      <NumberInput label={t('adminPeople.token.grace')} min={0} max={720} value={hours} onChange={setHours} />
      <Group justify="end">
        <Button variant="default" onClick={onClose}>
          {t('common.cancel')}
        </Button>
        <Button loading={rotate.isPending} onClick={() => rotate.mutate()}>
          {t('adminPeople.token.rotate')}
        </Button>
      </Group>
    </Stack>
  );
}
