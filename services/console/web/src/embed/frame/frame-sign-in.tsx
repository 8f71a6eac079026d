import { Alert, Button, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError, ask, keepWord } from '../../api/client.ts';
import { take } from '../../api/session-changes.ts';
import { whoIsSignedIn } from '../../api/who.ts';
import { Problem } from '../../parts/problem.tsx';
import { signInWindowOf } from './sign-in-window.ts';

interface Handover {
  readonly patchcord: 'handover';
  readonly handover: string;
}

const isHandover = (data: unknown): data is Handover =>
  typeof data === 'object' && data !== null && (data as Partial<Handover>).patchcord === 'handover';

/** A password is typed in a window of our own, whose address people can see, and never in somebody else's page. */
export function FrameSignIn({ tenantId }: { readonly tenantId: string }) {
  const { t } = useTranslation();
  const [blocked, setBlocked] = useState(false);
  const taking = useTakeOver();
  const { mutate } = taking;
  useEffect(() => {
    const listener = ({ origin, data }: MessageEvent<unknown>): void => {
      if (origin === location.origin && isHandover(data)) mutate(data.handover);
    };
    window.addEventListener('message', listener);
    return () => window.removeEventListener('message', listener);
  }, [mutate]);
  const open = (): void =>
    setBlocked(window.open(signInWindowOf(tenantId), 'patchcord-sign-in', 'popup,width=460,height=620') === null);
  return (
    <Stack>
      <Text size="sm">{t('embed.frame.signInHelp')}</Text>
      <Button data-autofocus loading={taking.isPending} onClick={open}>
        {t('embed.frame.signIn')}
      </Button>
      {blocked && <Alert color="orange" role="alert" title={t('embed.frame.blocked')} />}
      {taking.isError && (
        <Problem
          error={taking.error}
          words={{ unauthorized: t('embed.frame.late'), no_cookie: t('embed.frame.noCookie') }}
        />
      )}
    </Stack>
  );
}

function useTakeOver() {
  const client = useQueryClient();
  return useMutation({
    // What waits for a session does not hold up the way to one.
    networkMode: 'always',
    mutationFn: async (handover: string) => {
      const { csrf } = await ask<{ csrf: string }>('/v1/session/frame', { method: 'POST', body: { handover } });
      keepWord(csrf);
      const session = await whoIsSignedIn();
      if (session === null) throw new ApiError(400, { code: 'no_cookie', message: 'the browser keeps no cookie here' });
      return session;
    },
    onSuccess: (session) => take(client, session),
  });
}
