import { Alert, Box, Button, Center, Loader, Stack, Text, Title } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ask, keepWord } from '../../api/client.ts';
import { SignedIn, useSession } from '../../api/session.ts';
import { take } from '../../api/session-changes.ts';
import { type BrowserSession, personKey, whoIsSignedIn } from '../../api/who.ts';
import { Problem } from '../../parts/problem.tsx';
import { type Bridge, openBridge } from './bridge.ts';
import { FrameDesk } from './frame-desk.tsx';
import type { FramePlace } from './place.ts';

/** The agent's desk in somebody else's page: narrow, and only of the tenant that lets that page hold it. */
export function FrameApp({ place }: { readonly place: FramePlace }) {
  const { t } = useTranslation();
  const { data: session, error, isPending, refetch } = useSession();
  const [bridge] = useState(() => openBridge(place.origins));
  if (isPending)
    return (
      <Center mih="50vh">
        <Loader role="img" aria-label={t('common.loading')} />
      </Center>
    );
  return (
    <Box component="main" p="sm">
      {error !== null && session === undefined ? (
        <Problem error={error} again={() => void refetch()} />
      ) : (
        <Content place={place} bridge={bridge} session={session ?? undefined} />
      )}
    </Box>
  );
}

interface ContentProps {
  readonly place: FramePlace;
  readonly bridge: Bridge;
  readonly session: BrowserSession | undefined;
}

function Content({ place, bridge, session }: ContentProps) {
  const { t } = useTranslation();
  if (session === undefined) return <FrameSignIn bridge={bridge} />;
  if (session.tenantId !== place.tenantId) return <Alert color="red">{t('embed.frame.otherTenant')}</Alert>;
  if (session.agentId === undefined) return <Alert color="yellow">{t('embed.frame.noAgent')}</Alert>;
  return (
    <SignedIn key={personKey(session)} value={session}>
      <FrameDesk agentId={session.agentId} bridge={bridge} />
    </SignedIn>
  );
}

interface Handover {
  readonly patchcord: 'handover';
  readonly handover: string;
}

const isHandover = (data: unknown): data is Handover =>
  typeof data === 'object' && data !== null && (data as Partial<Handover>).patchcord === 'handover';

/** A password is typed in a window of our own, whose address people can see, and never in somebody else's page. */
function FrameSignIn({ bridge }: { readonly bridge: Bridge }) {
  const { t } = useTranslation();
  const taking = useTakeOver();
  const { mutate } = taking;
  useEffect(
    () => bridge.serve({ deeds: undefined, greeting: (tell) => tell('signed-in', { signedIn: false }) }),
    [bridge],
  );
  useEffect(() => {
    const listener = ({ origin, data }: MessageEvent<unknown>): void => {
      if (origin === location.origin && isHandover(data)) mutate(data.handover);
    };
    window.addEventListener('message', listener);
    return () => window.removeEventListener('message', listener);
  }, [mutate]);
  return (
    <Stack>
      <Title order={1} size="h3">
        {t('embed.frame.title')}
      </Title>
      <Text>{t('embed.frame.signInHelp')}</Text>
      <Button
        loading={taking.isPending}
        onClick={() => void window.open('/frame-sign-in', 'patchcord-sign-in', 'popup,width=460,height=620')}
      >
        {t('embed.frame.signIn')}
      </Button>
      {taking.isError && <Problem error={taking.error} />}
    </Stack>
  );
}

function useTakeOver() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (handover: string) => {
      const { csrf } = await ask<{ csrf: string }>('/v1/session/frame', { method: 'POST', body: { handover } });
      keepWord(csrf);
      const session = await whoIsSignedIn();
      if (session === null) throw new Error('the browser keeps no cookie in this frame');
      return session;
    },
    onSuccess: (session) => take(client, session),
  });
}
