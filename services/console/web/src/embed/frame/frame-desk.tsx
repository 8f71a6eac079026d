import { ActionIcon, Group, Stack, Text } from '@mantine/core';
import { IconExternalLink } from '@tabler/icons-react';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useSignedIn } from '../../api/session.ts';
import { SessionWatch } from '../../layout/session-watch.tsx';
import { Tools } from '../../layout/shell.tsx';
import { Desk } from '../../pages/desk/desk.tsx';
import { OwnLink } from '../../parts/own-link.tsx';
import type { Bridge } from './bridge.ts';
import { FrameSignIn } from './frame-sign-in.tsx';
import { serveNobody, useEmbedded } from './use-embedded.ts';

interface FrameDeskProps {
  readonly tenantId: string;
  readonly bridge: Bridge;
}

/** The desk as it is everywhere, with what the shell has around it elsewhere, and the page around that is told of it. */
export function FrameDesk({ tenantId, bridge }: FrameDeskProps) {
  const { agentId } = useSignedIn();
  return (
    <Stack gap="xs">
      <Head />
      {agentId === undefined ? <NobodyTold bridge={bridge} /> : <Told agentId={agentId} bridge={bridge} />}
      <Desk />
      <SessionWatch>
        <FrameSignIn tenantId={tenantId} />
      </SessionWatch>
    </Stack>
  );
}

function Head() {
  const { t } = useTranslation();
  return (
    <Group component="header" justify="space-between" wrap="nowrap">
      <Text fw={700}>Patchcord</Text>
      <Group gap="xs" wrap="nowrap">
        <ActionIcon component={OwnLink} to="/desk" variant="subtle" aria-label={t('embed.frame.whole')}>
          <IconExternalLink size={18} aria-hidden />
        </ActionIcon>
        <Tools />
      </Group>
    </Group>
  );
}

function Told({ agentId, bridge }: { readonly agentId: string; readonly bridge: Bridge }) {
  useEmbedded(agentId, bridge);
  return null;
}

/** Who has no phone here can be asked for nothing. */
function NobodyTold({ bridge }: { readonly bridge: Bridge }) {
  useEffect(() => serveNobody(bridge), [bridge]);
  return null;
}
