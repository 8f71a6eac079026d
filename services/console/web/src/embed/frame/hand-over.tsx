import { Button, Center, Stack, Text, Title } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { ask } from '../../api/client.ts';
import { useSignOut } from '../../api/session.ts';
import type { BrowserSession } from '../../api/who.ts';
import { Problem } from '../../parts/problem.tsx';
import { signInWindowOf } from './sign-in-window.ts';

interface HandOverProps {
  readonly session: BrowserSession;
  /** Whose desk the frame shows. Empty: the frame did not say. */
  readonly tenantId: string;
}

/** The window in which somebody signed in for a frame: gives its session to the frame that opened it, and closes. */
export function HandOver({ session, tenantId }: HandOverProps) {
  return (
    <Center component="main" mih="100vh" p="md">
      <Stack maw={420}>
        {tenantId === '' || tenantId === session.tenantId ? (
          <Given />
        ) : (
          <Elsewhere here={session.tenantId} there={tenantId} />
        )}
      </Stack>
    </Center>
  );
}

function Given() {
  const { t } = useTranslation();
  // A provider's page may have cut the two windows apart, and then this one cannot close itself either. Now that somebody is
  // signed in, the next one needs no such page.
  const opener = window.opener as Window | null;
  const { mutate, isError, error } = useMutation({
    mutationFn: async (to: Window) => {
      const { handover } = await ask<{ handover: string }>('/v1/session/handover', { method: 'POST' });
      // Whoever opened the window, only a page of ours is told.
      to.postMessage({ patchcord: 'handover', handover }, location.origin);
      window.close();
    },
  });
  useEffect(() => {
    if (opener !== null) mutate(opener);
  }, [mutate, opener]);
  return (
    <>
      <Title order={1} size="h3">
        {t('embed.frame.signedIn')}
      </Title>
      <Text>{t(opener === null ? 'embed.frame.apart' : 'embed.frame.closeHelp')}</Text>
      {isError && opener !== null && <Problem error={error} again={() => mutate(opener)} />}
    </>
  );
}

/** One browser is signed in at one tenant; a frame may be of another. */
function Elsewhere({ here, there }: { readonly here: string; readonly there: string }) {
  const { t } = useTranslation();
  const signOut = useSignOut(signInWindowOf(there));
  return (
    <>
      <Title order={1} size="h3">
        {t('embed.frame.elsewhere.title', { here })}
      </Title>
      <Text>{t('embed.frame.elsewhere.help', { here, there })}</Text>
      {signOut.isError && <Problem error={signOut.error} />}
      <Button loading={signOut.isPending} onClick={() => signOut.mutate()}>
        {t('embed.frame.elsewhere.change', { there })}
      </Button>
      <Button variant="subtle" onClick={() => window.close()}>
        {t('embed.frame.elsewhere.stay', { here })}
      </Button>
    </>
  );
}
