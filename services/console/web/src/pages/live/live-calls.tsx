import { Anchor, Badge, Group, Stack, Table, Text, Title, UnstyledButton } from '@mantine/core';
import { IconChevronDown, IconChevronUp, IconSelector } from '@tabler/icons-react';
import { memo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { formatDuration } from '../../i18n/format.ts';
import { CallerText } from '../../parts/caller-text.tsx';
import { StreamBadge } from '../../parts/stream-badge.tsx';
import { useNow } from '../../parts/use-now.ts';
import { LiveFilters } from './live-filters.tsx';
import { type Column, columns, fitsFilter, inOrderOf, type LiveFilter, type Order } from './live-order.ts';
import { type LiveCall, useLiveCalls } from './use-live-calls.ts';

const noFilter: LiveFilter = { state: null, queue: null, text: '' };

/** The calls under way, as they change. */
export function LiveCalls() {
  const { t } = useTranslation();
  const { calls, stream } = useLiveCalls();
  const [filter, setFilter] = useState(noFilter);
  const [order, setOrder] = useState<Order>();
  const active = calls.filter(({ state }) => state !== 'ended').length;
  const shown = inOrderOf(
    calls.filter((call) => fitsFilter(call, filter)),
    order,
  );
  return (
    <Stack>
      <Group justify="space-between">
        <Title order={1} size="h2">
          {t('live.title')}
        </Title>
        <StreamBadge state={stream} />
      </Group>
      <Text role="status">
        {active === 0 ? t('live.none') : t('live.count', { count: active })}
        {shown.length < calls.length && ` · ${t('live.shown', { count: shown.length })}`}
      </Text>
      <LiveFilters calls={calls} filter={filter} change={setFilter} />
      <Table.ScrollContainer minWidth={640}>
        <Table striped highlightOnHover>
          <Table.Thead>
            <Table.Tr>
              {columns.map((column) => (
                <SortedBy key={column} column={column} order={order} change={setOrder} />
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {shown.map((call) => (
              <CallRow key={call.callId} call={call} />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Stack>
  );
}

interface SortedByProps {
  readonly column: Column;
  readonly order: Order | undefined;
  readonly change: (order: Order | undefined) => void;
}

/** Pressed once it goes up, twice it goes down, three times it is as it was. */
function SortedBy({ column, order, change }: SortedByProps) {
  const { t } = useTranslation();
  const isBy = order?.by === column;
  const direction = order?.isDown ? 'descending' : 'ascending';
  const Icon = order?.isDown ? IconChevronDown : IconChevronUp;
  const next = !isBy ? { by: column, isDown: false } : order.isDown ? undefined : { by: column, isDown: true };
  return (
    <Table.Th scope="col" aria-sort={isBy ? direction : 'none'}>
      <UnstyledButton onClick={() => change(next)} fz="sm" fw={700}>
        <Group gap={4} wrap="nowrap">
          {t(`live.columns.${column}`)}
          {isBy ? <Icon size={14} aria-hidden /> : <IconSelector size={14} aria-hidden opacity={0.6} />}
        </Group>
      </UnstyledButton>
    </Table.Th>
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
