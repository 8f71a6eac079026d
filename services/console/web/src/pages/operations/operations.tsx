import { Button, Group, Stack } from '@mantine/core';
import { IconInbox, IconPlugConnected, IconSend, IconSkull } from '@tabler/icons-react';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, Route, Routes, useLocation } from 'react-router';
import { Waiting } from '../../parts/waiting.tsx';
import { Missing } from '../missing.tsx';
import { DeadLetters } from './dead-letters.tsx';
import { Deliveries } from './deliveries.tsx';
import { Queues } from './queues.tsx';

// Charts weigh more than all else here.
const Destinations = lazy(async () => ({ default: (await import('./destinations.tsx')).Destinations }));

const places = [
  { to: '/operations', text: 'ops.places.deliveries', Icon: IconSend },
  { to: '/operations/dead-letters', text: 'ops.places.deadLetters', Icon: IconSkull },
  { to: '/operations/destinations', text: 'ops.places.destinations', Icon: IconPlugConnected },
  { to: '/operations/queues', text: 'ops.places.queues', Icon: IconInbox },
] as const;

/** What is sent to CRMs and sites: what became of it, and how everything does that takes part in it. */
export function Operations() {
  return (
    <Stack>
      <Places />
      <Suspense fallback={<Waiting mih="30vh" />}>
        <Routes>
          <Route index element={<Deliveries />} />
          <Route path="dead-letters" element={<DeadLetters />} />
          <Route path="destinations" element={<Destinations />} />
          <Route path="queues" element={<Queues />} />
          <Route path="*" element={<Missing />} />
        </Routes>
      </Suspense>
    </Stack>
  );
}

function Places() {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  return (
    <Group component="nav" gap="xs" aria-label={t('ops.places.label')}>
      {places.map(({ to, text, Icon }) => (
        <Button
          key={to}
          component={Link}
          to={to}
          size="compact-sm"
          variant={pathname === to ? 'light' : 'subtle'}
          color={pathname === to ? 'teal' : 'gray'}
          aria-current={pathname === to ? 'page' : undefined}
          leftSection={<Icon size={16} aria-hidden />}
        >
          {t(text)}
        </Button>
      ))}
    </Group>
  );
}
