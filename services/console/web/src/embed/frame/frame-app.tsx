import { Alert, Box, Stack, Title } from '@mantine/core';
import { lazy, Suspense, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { SignedIn, useSession } from '../../api/session.ts';
import { type BrowserSession, personKey } from '../../api/who.ts';
import { Problem } from '../../parts/problem.tsx';
import { Waiting } from '../../parts/waiting.tsx';
import { type Bridge, openBridge } from './bridge.ts';
import { FrameSignIn } from './frame-sign-in.tsx';
import type { FramePlace } from './place.ts';
import { serveNobody } from './use-embedded.ts';

const FrameDesk = lazy(async () => ({ default: (await import('./frame-desk.tsx')).FrameDesk }));

/** The agent's desk in somebody else's page: only of the tenant that lets that page hold it. */
export function FrameApp({ place }: { readonly place: FramePlace }) {
  const { data: session, error, isPending, refetch } = useSession();
  const [bridge] = useState(() => openBridge(place.origins));
  if (isPending) return <Waiting mih="50vh" />;
  return (
    <Box component="main" p="xs">
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

function Content({ place: { tenantId }, bridge, session }: ContentProps) {
  if (session === undefined || session.tenantId !== tenantId)
    return <NobodyHere tenantId={tenantId} bridge={bridge} isElsewhere={session !== undefined} />;
  return (
    <SignedIn key={personKey(session)} value={session}>
      <Suspense fallback={<Waiting mih="50vh" />}>
        <FrameDesk tenantId={tenantId} bridge={bridge} />
      </Suspense>
    </SignedIn>
  );
}

interface NobodyHereProps {
  readonly tenantId: string;
  readonly bridge: Bridge;
  /** The frame is signed in for another tenant. */
  readonly isElsewhere: boolean;
}

function NobodyHere({ tenantId, bridge, isElsewhere }: NobodyHereProps) {
  const { t } = useTranslation();
  useEffect(() => serveNobody(bridge), [bridge]);
  return (
    <Stack p="xs">
      <Title order={1} size="h3">
        {t('desk.title')}
      </Title>
      {isElsewhere && <Alert color="yellow">{t('embed.frame.otherTenant', { tenant: tenantId })}</Alert>}
      <FrameSignIn tenantId={tenantId} />
    </Stack>
  );
}
