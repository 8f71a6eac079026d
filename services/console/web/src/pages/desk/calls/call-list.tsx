import { Badge, Group, Stack, Text, UnstyledButton, VisuallyHidden } from '@mantine/core';
import { Fragment, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { formatDuration } from '../../../i18n/format.ts';
import { CallerText } from '../../../parts/caller-text.tsx';
import { useNow } from '../../../parts/use-now.ts';
import classes from '../desk.module.css';
import { type CallOnDesk, customerOf } from '../use-desk-calls.ts';

interface CallListProps {
  readonly calls: readonly CallOnDesk[];
  readonly selected: CallOnDesk | undefined;
  readonly onSelect: (interactionId: string) => void;
  /** What can be done with the selected one, right below it. */
  readonly children: ReactNode;
}

const colours = { ringing: 'yellow', talking: 'teal', held: 'blue', acw: 'orange', ended: 'gray' } as const;

/** The agent's calls: the one that is pressed is what the desk is about. */
export function CallList({ calls, selected, onSelect, children }: CallListProps) {
  const { t } = useTranslation();
  const ringing = calls.filter(({ state }) => state === 'ringing');
  return (
    <Stack gap="xs">
      <VisuallyHidden role="alert">
        {ringing.map((call) => (
          <span key={call.interactionId}>
            {t('desk.rings')} <CallerText name={call.callerName} number={customerOf(call)} />
          </span>
        ))}
      </VisuallyHidden>
      {calls.length === 0 && <Text c="dimmed">{t('desk.noCalls')}</Text>}
      {calls.map((call) => (
        <Fragment key={call.interactionId}>
          <CallItem
            call={call}
            isSelected={call.interactionId === selected?.interactionId}
            onSelect={() => onSelect(call.interactionId)}
          />
          {call.interactionId === selected?.interactionId && children}
        </Fragment>
      ))}
    </Stack>
  );
}

interface CallItemProps {
  readonly call: CallOnDesk;
  readonly isSelected: boolean;
  readonly onSelect: () => void;
}

function CallItem({ call, isSelected, onSelect }: CallItemProps) {
  const { t } = useTranslation();
  const { state, queue, direction, dnis, ani } = call;
  const about = [queue, direction === 'outbound' ? ani : dnis].filter((part) => part !== undefined);
  return (
    <UnstyledButton
      className={classes.call}
      aria-pressed={isSelected}
      onClick={onSelect}
      data-call-id={call.callId}
      data-state={state}
    >
      <Group justify="space-between" wrap="nowrap" gap="xs">
        <Badge tt="none" variant={isSelected && state !== 'ended' ? 'filled' : 'light'} color={colours[state]}>
          {t(direction === 'outbound' && state === 'ringing' ? 'desk.callStates.calling' : `desk.callStates.${state}`)}
        </Badge>
        <CallClock call={call} />
      </Group>
      <Text fw={600} lineClamp={3}>
        <CallerText name={call.callerName} number={customerOf(call)} />
      </Text>
      {about.length > 0 && (
        <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
          {about.join(' · ')}
        </Text>
      )}
    </UnstyledButton>
  );
}

/** How long it rings, was spoken, or is held. */
function CallClock({ call }: { readonly call: CallOnDesk }) {
  const { state, ringingAt, answeredAt, heldAt, endedAt } = call;
  const now = useNow();
  const from = state === 'held' ? (heldAt ?? answeredAt) : (answeredAt ?? ringingAt);
  if (from === undefined || state === 'acw') return null;
  const until = state === 'ended' && endedAt !== undefined ? Date.parse(endedAt) : now;
  return (
    <Text size="sm" component="time" dateTime={from}>
      {formatDuration(until - Date.parse(from))}
    </Text>
  );
}
