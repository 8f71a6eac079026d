import { Badge, Button, Group, Paper, Text } from '@mantine/core';
import type { DeskAgent } from '@patchcord/contracts';
import { IconLogin2, IconLogout2, IconPlayerPlay } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { formatDuration } from '../../../i18n/format.ts';
import type { StreamState } from '../../../live/use-event-stream.ts';
import { Problem } from '../../../parts/problem.tsx';
import { StreamBadge } from '../../../parts/stream-badge.tsx';
import { useNow } from '../../../parts/use-now.ts';
import classes from '../desk.module.css';
import { useAgentState, useDeskChoices } from '../use-agent-state.ts';
import { type SessionCommand, useImpossible, useSessionCommand } from '../use-call-commands.ts';
import { AcwTimer } from './acw-timer.tsx';
import { PauseMenu } from './pause-menu.tsx';

interface StateBarProps {
  readonly agentId: string;
  readonly stream: StreamState;
}

/** What the agent does, and what he can do about it: log in, pause, go on, end his after-call work. */
export function StateBar({ agentId, stream }: StateBarProps) {
  const agent = useAgentState(agentId);
  const { data: choices, error, refetch } = useDeskChoices(agentId);
  const command = useSessionCommand(agentId);
  const impossible = useImpossible(agentId);
  const away = choices !== undefined && choices.phone.outcome !== 'reached' ? choices.phone.message : undefined;
  const why = away ?? impossible.login ?? impossible.pause;
  return (
    <Paper withBorder p="sm">
      <Group>
        <AgentBadge agent={agent} />
        <div className={classes.session}>
          <SessionButtons
            state={agent?.state ?? 'unknown'}
            disabled={why !== undefined || stream !== 'open'}
            reasons={choices?.pauseReasons ?? []}
            command={command}
          />
        </div>
        <div className={classes.stream}>
          <StreamBadge state={stream} />
        </div>
      </Group>
      <AcwTimer agentId={agentId} acw={agent?.acw ?? []} />
      {why !== undefined && <WhyNot message={why} />}
      {error !== null && <Problem error={error} again={() => void refetch()} />}
      {command.error !== null && <Problem error={command.error} />}
    </Paper>
  );
}

function WhyNot({ message }: { readonly message: string }) {
  const { t } = useTranslation();
  return (
    <Text size="sm" mt="xs" role="status" data-phone="away">
      {t('desk.phoneAway', { message })}
    </Text>
  );
}

const colours = {
  ready: 'teal',
  paused: 'orange',
  ringing: 'yellow',
  busy: 'blue',
  'on-hold': 'blue',
  offline: 'gray',
  unknown: 'gray',
} as const;

function AgentBadge({ agent }: { readonly agent: DeskAgent | undefined }) {
  const { t } = useTranslation();
  const state = agent?.state ?? 'unknown';
  const details = [agent?.reason, agent?.queue === undefined ? undefined : t('desk.onlyIn', { queue: agent.queue })];
  const text = details.filter((detail) => detail !== undefined).join(' · ');
  return (
    <Group gap="xs" role="status" aria-label={t('desk.yourState')} data-agent-state={state}>
      <Badge size="lg" variant="light" tt="none" color={colours[state]}>
        {t(`desk.states.${state}`)}
      </Badge>
      {text !== '' && (
        <Text size="sm" component="bdi" style={{ overflowWrap: 'anywhere' }}>
          {text}
        </Text>
      )}
      {agent?.since !== undefined && state !== 'offline' && <Since instant={agent.since} />}
    </Group>
  );
}

/** Not part of what is announced: it changes each second. */
function Since({ instant }: { readonly instant: string }) {
  const ms = useNow() - Date.parse(instant);
  return (
    <Text size="sm" c="dimmed" component="time" dateTime={instant} aria-live="off">
      {formatDuration(ms)}
    </Text>
  );
}

interface SessionButtonsProps {
  readonly state: DeskAgent['state'];
  readonly disabled: boolean;
  readonly reasons: readonly string[];
  readonly command: ReturnType<typeof useSessionCommand>;
}

function SessionButtons({ state, disabled, reasons, command }: SessionButtonsProps) {
  const { t } = useTranslation();
  const doing = (name: SessionCommand['command']) => ({
    size: 'sm' as const,
    disabled: disabled || (command.isPending && command.variables.command !== name),
    loading: command.isPending && command.variables.command === name,
    onClick: () => command.mutate({ command: name }),
  });
  if (state === 'offline' || state === 'unknown')
    return (
      <Button leftSection={<IconLogin2 size={16} aria-hidden />} {...doing('login')}>
        {t('desk.logIn')}
      </Button>
    );
  const { onClick: _, ...pausing } = doing('pause');
  return (
    <Group gap="xs">
      {state === 'paused' ? (
        <Button leftSection={<IconPlayerPlay size={16} aria-hidden />} {...doing('unpause')}>
          {t('desk.unpause')}
        </Button>
      ) : (
        <PauseMenu {...pausing} reasons={reasons} onPause={(reason) => command.mutate({ command: 'pause', reason })} />
      )}
      <Button variant="subtle" leftSection={<IconLogout2 size={16} aria-hidden />} {...doing('logout')}>
        {t('desk.logOut')}
      </Button>
    </Group>
  );
}
