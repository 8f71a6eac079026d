import { Anchor, Badge, Group, Stack, Table, Text, Title } from '@mantine/core';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { formatDuration } from '../../i18n/format.ts';
import { CallerText } from '../../parts/caller-text.tsx';
import { StreamBadge } from '../../parts/stream-badge.tsx';
import { useNow } from '../../parts/use-now.ts';
import { type LiveCall, useLiveCalls } from './use-live-calls.ts';

const columns = ['state', 'caller', 'did', 'queue', 'agent', 'since', 'outcome'] as const;

/** The calls under way, as they change. */
export function LiveCalls() {
  const { t } = useTranslation();
  const { calls, stream } = useLiveCalls();
  const active = calls.filter(({ state }) => state !== 'ended').length;
  return (
    <Stack>
      <Group justify="space-between">
        <Title order={1} size="h2">
          {t('live.title')}
        </Title>
        <StreamBadge state={stream} />
      </Group>
      <Text role="status">{active === 0 ? t('live.none') : t('live.count', { count: active })}</Text>
      <Table.ScrollContainer minWidth={640}>
        <Table striped highlightOnHover>
          <Table.Thead>
            <Table.Tr>
              {columns.map((column) => (
                <Table.Th key={column} scope="col">
                  {t(`live.columns.${column}`)}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {calls.map((call) => (
              <CallRow key={call.callId} call={call} />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Stack>
  );
}

const colours = {
  ringing: 'yellow',
  ivr: 'grape',
  queued: 'orange',
  talking: 'teal',
  held: 'blue',
  ended: 'gray',
} as const;

/** Painted anew only when its call has changed: there may be hundreds. */
const CallRow = memo(function CallRow({ call }: { readonly call: LiveCall }) {
  const { t } = useTranslation();
  const { state, callerName, ani, dnis, queue, agentName, agentId, ringing, since, outcome } = call;
  const rings = ringing > 0 && state !== 'talking' ? t('live.ringing', { count: ringing }) : '';
  return (
    <Table.Tr data-call-id={call.callId} data-state={state} {...(state === 'ended' ? { c: 'dimmed' } : {})}>
      <Table.Td>
        <Badge color={colours[state]} variant="light" tt="none" miw="max-content">
          {t(`live.states.${state}`)}
        </Badge>
      </Table.Td>
      <Table.Td maw={280}>
        <Anchor component={Link} to={`/live/${encodeURIComponent(call.callId)}`} size="sm" lineClamp={2}>
          <CallerText name={callerName} number={ani} />
        </Anchor>
      </Table.Td>
      <Table.Td>{dnis}</Table.Td>
      <Table.Td>{queue}</Table.Td>
      <Table.Td>{agentName ?? agentId ?? rings}</Table.Td>
      <Table.Td>
        <Since instant={since} />
      </Table.Td>
      <Table.Td>{outcome === undefined ? '' : t(`live.outcomes.${outcome}`)}</Table.Td>
    </Table.Tr>
  );
});

function Since({ instant }: { readonly instant: string }) {
  return <time dateTime={instant}>{formatDuration(useNow() - Date.parse(instant))}</time>;
}
