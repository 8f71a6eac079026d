import { Center } from '@mantine/core';
import { lazy, Suspense } from 'react';
import { Navigate, Route, Routes, useLocation } from 'react-router';
import { type BrowserSession, may, SignedIn, useSession } from './api/session.ts';
import { personKey } from './api/who.ts';
import { demoAddress } from './demo/address.ts';
import { framePlace } from './embed/frame/place.ts';
import { tenantOfSignInWindow } from './embed/frame/sign-in-window.ts';
import { loadAdministrationTexts } from './i18n/index.ts';
import { Shell } from './layout/shell.tsx';
import { Missing } from './pages/missing.tsx';
import { SignIn } from './pages/sign-in.tsx';
import { Problem } from './parts/problem.tsx';
import { Waiting } from './parts/waiting.tsx';

const Desk = lazy(async () => ({ default: (await import('./pages/desk/desk.tsx')).Desk }));
const LiveCalls = lazy(async () => ({ default: (await import('./pages/live/live-calls.tsx')).LiveCalls }));
const CallTimeline = lazy(async () => ({ default: (await import('./pages/live/call-timeline.tsx')).CallTimeline }));
const CardPage = lazy(async () => ({ default: (await import('./pages/desk/card/card-page.tsx')).CardPage }));
const CardsPage = lazy(async () => ({ default: (await import('./pages/desk/card/cards-page.tsx')).CardsPage }));
const Operations = lazy(async () => ({ default: (await import('./pages/operations/operations.tsx')).Operations }));
const Admin = lazy(async () => {
  const [{ Admin: page }] = await Promise.all([import('./pages/admin/admin.tsx'), loadAdministrationTexts()]);
  return { default: page };
});

const DemoGuide = lazy(async () => ({ default: (await import('./demo/demo-guide.tsx')).DemoGuide }));

/** Where somebody begins: an agent at his desk, everybody else with the calls. */
const startOf = (session: BrowserSession): string =>
  session.agentId === undefined && may(session, 'sessions:read') ? '/live' : '/desk';

const FrameApp = lazy(async () => ({ default: (await import('./embed/frame/frame-app.tsx')).FrameApp }));
const HandOver = lazy(async () => ({ default: (await import('./embed/frame/hand-over.tsx')).HandOver }));

const frame = framePlace();

export function App() {
  if (frame === undefined) return <Console />;
  return (
    <Suspense fallback={<Waiting mih="50vh" />}>
      <FrameApp place={frame} />
    </Suspense>
  );
}

function Console() {
  const { data: session, error, isPending, refetch } = useSession();
  if (isPending) return <Waiting mih="50vh" />;
  if (error !== null && session === undefined)
    return (
      <Center mih="50vh">
        <Problem error={error} again={() => void refetch()} />
      </Center>
    );
  if (session === null || session === undefined) return <SignIn />;
  const forFrameOf = tenantOfSignInWindow();
  if (forFrameOf !== undefined)
    return (
      <Suspense fallback={<Waiting mih="50vh" />}>
        <HandOver session={session} tenantId={forFrameOf} />
      </Suspense>
    );
  return (
    <SignedIn key={personKey(session)} value={session}>
      <Pages session={session} />
    </SignedIn>
  );
}

function Pages({ session }: { readonly session: BrowserSession }) {
  return (
    <Shell>
      <Guide />
      <Suspense fallback={<Waiting mih="50vh" />}>
        <Routes>
          <Route path="/" element={<Navigate to={startOf(session)} replace />} />
          <Route path="/log-in" element={<Navigate to={startOf(session)} replace />} />
          <Route path="/desk" element={<Desk />} />
          <Route path="/live" element={<LiveCalls />} />
          <Route path="/live/:callId" element={<CallTimeline />} />
          <Route path="/desk/cards" element={<CardsPage />} />
          <Route path="/desk/cards/:cardId" element={<CardPage />} />
          <Route path="/operations/*" element={<Operations />} />
          {may(session, 'admin') && <Route path="/admin/*" element={<Admin />} />}
          <Route path="*" element={<Missing />} />
        </Routes>
      </Suspense>
    </Shell>
  );
}

/** Over the agent's desk, and only in the demo. */
function Guide() {
  const { pathname } = useLocation();
  if (demoAddress === undefined || pathname !== '/desk') return null;
  return (
    <Suspense>
      <DemoGuide address={demoAddress} />
    </Suspense>
  );
}
