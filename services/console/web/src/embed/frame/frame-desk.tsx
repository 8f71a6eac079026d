import { Badge, Button, Card, Group, Stack, Text, TextInput, Title } from '@mantine/core';
import type { DeskAgent, DeskCall } from '@patchcord/contracts';
import { IconPhone } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ask } from '../../api/client.ts';
import { formatDuration } from '../../i18n/format.ts';
import { CallerText } from '../../parts/caller-text.tsx';
import { Problem } from '../../parts/problem.tsx';
import { StreamBadge } from '../../parts/stream-badge.tsx';
import { useNow } from '../../parts/use-now.ts';
import type { Bridge } from './bridge.ts';
import { createDeeds } from './deeds.ts';
import { useEmbedded } from './use-embedded.ts';

interface FrameDeskProps {
  readonly agentId: string;
  readonly bridge: Bridge;
}

/** What an agent needs beside the CRM that he works in: his state, his calls, a number to dial. */
export function FrameDesk({ agentId, bridge }: FrameDeskProps) {
  const { t } = useTranslation();
  const { stream, agent, calls } = useEmbedded(agentId, bridge);
  const open = calls.filter(({ state }) => state !== 'ended');
  return (
    <Stack gap="sm">
      <Group justify="space-between">
        <Title order={1} size="h3">
          {t('embed.frame.title')}
        </Title>
        <StreamBadge state={stream} />
      </Group>
      <AgentState agentId={agentId} agent={agent} />
      {open.length === 0 && (
        <Text c="dimmed" size="sm" role="status">
          {t('embed.frame.noCall')}
        </Text>
      )}
      {open.map((call) => (
        <Call key={call.interactionId} agentId={agentId} call={call} />
      ))}
      <Dial agentId={agentId} />
      <Text size="sm">
        <a href="/desk" target="_blank" rel="noreferrer">
          {t('embed.frame.whole')}
        </a>
      </Text>
    </Stack>
  );
}

function AgentState({ agentId, agent }: { readonly agentId: string; readonly agent: DeskAgent | undefined }) {
  const { t } = useTranslation();
  const state = agent?.state ?? 'unknown';
  const change = useMutation({
    mutationFn: (to: 'ready' | 'paused') => createDeeds(agentId)['set-state']({ state: to }),
  });
  const next = state === 'paused' ? 'ready' : 'paused';
  return (
    <Stack gap="xs">
      <Group justify="space-between" data-state={state}>
        <Text fw={600} role="status">
          {t(`embed.frame.states.${state}`)}
          {agent?.reason !== undefined && ` · ${agent.reason}`}
        </Text>
        <Button size="xs" variant="default" loading={change.isPending} onClick={() => change.mutate(next)}>
          {t(next === 'ready' ? 'embed.frame.goReady' : 'embed.frame.pause')}
        </Button>
      </Group>
      {change.isError && <Problem error={change.error} />}
    </Stack>
  );
}

const colours = { ringing: 'yellow', talking: 'teal', held: 'blue', ended: 'gray' } as const;

function Call({ agentId, call }: { readonly agentId: string; readonly call: DeskCall }) {
  const { t } = useTranslation();
  const now = useNow();
  const { callId, state, direction, ani, dnis, callerName, queue, answeredAt, ringingAt } = call;
  const since = answeredAt ?? ringingAt;
  const command = useMutation({
    mutationFn: (what: 'hold' | 'resume' | 'hangup') =>
      ask(`/v1/calls/${encodeURIComponent(callId)}/${what}`, { method: 'POST', body: { agentId } }),
  });
  const button = (what: 'hold' | 'resume' | 'hangup') => (
    <Button
      size="xs"
      variant={what === 'hangup' ? 'light' : 'default'}
      {...(what === 'hangup' ? { color: 'red' } : {})}
      loading={command.isPending && command.variables === what}
      onClick={() => command.mutate(what)}
    >
      {t(`embed.frame.${what}`)}
    </Button>
  );
  return (
    <Card withBorder padding="sm" data-call-state={state}>
      <Stack gap="xs">
        <Group justify="space-between" wrap="nowrap">
          <Badge variant="light" color={colours[state]} tt="none">
            {t(`live.states.${state}`)}
          </Badge>
          {since !== undefined && <Text size="sm">{formatDuration(Math.max(0, now - Date.parse(since)))}</Text>}
        </Group>
        <Text fw={600}>
          <CallerText number={direction === 'outbound' ? dnis : ani} name={callerName} />
        </Text>
        {queue !== undefined && (
          <Text size="sm" c="dimmed">
            {queue}
          </Text>
        )}
        <Group gap="xs">
          {state === 'talking' && button('hold')}
          {state === 'held' && button('resume')}
          {button('hangup')}
        </Group>
        {command.isError && <Problem error={command.error} />}
      </Stack>
    </Card>
  );
}

function Dial({ agentId }: { readonly agentId: string }) {
  const { t } = useTranslation();
  const [number, setNumber] = useState('');
  const dial = useMutation({
    mutationFn: () => createDeeds(agentId).dial({ number: number.trim() }),
    onSuccess: () => setNumber(''),
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (number.trim() !== '') dial.mutate();
      }}
    >
      <Stack gap="xs">
        <Group align="flex-end" gap="xs" wrap="nowrap">
          <TextInput
            flex={1}
            type="tel"
            label={t('embed.frame.number')}
            placeholder="+1 415-555-0123"
            value={number}
            onChange={({ currentTarget }) => setNumber(currentTarget.value)}
          />
          <Button type="submit" loading={dial.isPending} leftSection={<IconPhone size={16} aria-hidden />}>
            {t('embed.frame.dial')}
          </Button>
        </Group>
        {dial.isError && <Problem error={dial.error} />}
      </Stack>
    </form>
  );
}
