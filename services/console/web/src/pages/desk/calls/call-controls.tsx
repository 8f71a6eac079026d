import { Button, Group, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconArrowForwardUp, IconPhoneOff, IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Problem } from '../../../parts/problem.tsx';
import { useDeskChoices } from '../use-agent-state.ts';
import { type CallCommand, useCallCommand, useImpossible } from '../use-call-commands.ts';
import type { CallOnDesk } from '../use-desk-calls.ts';
import { TransferDialog } from './transfer-dialog.tsx';

interface CallControlsProps {
  readonly agentId: string;
  readonly call: CallOnDesk;
}

/** What can be done with a call. What cannot stays in its place, with the reason. */
export function CallControls({ agentId, call }: CallControlsProps) {
  const { t } = useTranslation();
  const command = useCallCommand(agentId);
  const [opened, { open, close }] = useDisclosure();
  const why = useReasons(agentId, call);
  const isHeld = call.state === 'held';
  const doing = (name: 'hangup' | 'hold' | 'resume') => ({
    disabled: why[name] !== undefined || (command.isPending && command.variables.command !== name),
    loading: command.isPending && command.variables.command === name,
    onClick: () => command.mutate({ command: name, callId: call.callId }),
  });
  const reasons = [...new Set([isHeld ? why.resume : why.hold, why.transfer, why.hangup])];
  return (
    <Stack gap="xs">
      {call.state === 'ringing' && <Text size="sm">{t('desk.answerOnPhone')}</Text>}
      <Group gap="xs" grow preventGrowOverflow={false}>
        {isHeld ? (
          <Button variant="light" leftSection={<IconPlayerPlay size={16} aria-hidden />} {...doing('resume')}>
            {t('desk.commands.resume')}
          </Button>
        ) : (
          <Button variant="light" leftSection={<IconPlayerPause size={16} aria-hidden />} {...doing('hold')}>
            {t('desk.commands.hold')}
          </Button>
        )}
        <Button
          variant="light"
          leftSection={<IconArrowForwardUp size={16} aria-hidden />}
          disabled={why.transfer !== undefined || command.isPending}
          onClick={open}
        >
          {t('desk.commands.transfer')}
        </Button>
        <Button color="red" leftSection={<IconPhoneOff size={16} aria-hidden />} {...doing('hangup')}>
          {t(call.state === 'ringing' ? 'desk.commands.decline' : 'desk.commands.hangup')}
        </Button>
      </Group>
      {reasons.map((reason) => reason !== undefined && <Reason key={reason} text={reason} />)}
      {command.error !== null && !opened && <Problem error={command.error} />}
      {opened && <TransferDialog agentId={agentId} callId={call.callId} onClose={close} />}
    </Stack>
  );
}

function Reason({ text }: { readonly text: string }) {
  return (
    <Text size="xs" c="dimmed" data-reason style={{ overflowWrap: 'anywhere' }}>
      {text}
    </Text>
  );
}

type Reasons = { readonly [Name in CallCommand['command']]: string | undefined };

/** Why a command cannot be given now; undefined: it can. */
function useReasons(agentId: string, { state }: CallOnDesk): Reasons {
  const { t } = useTranslation();
  const { data: choices } = useDeskChoices(agentId);
  const impossible = useImpossible(agentId);
  const away =
    choices !== undefined && choices.phone.outcome !== 'reached'
      ? t('desk.phoneAway', { message: choices.phone.message })
      : undefined;
  const notNow = state === 'ringing' ? t('desk.onceAnswered') : undefined;
  const cannot = (name: string): string | undefined =>
    impossible[name] === undefined ? undefined : t('desk.cannot', { message: impossible[name] });
  return {
    hold: away ?? cannot('hold') ?? notNow,
    resume: away ?? cannot('resume'),
    transfer: away ?? cannot('transfer') ?? notNow,
    hangup: away ?? cannot('hangup'),
  };
}
