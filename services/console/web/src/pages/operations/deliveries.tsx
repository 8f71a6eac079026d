import { Alert, Anchor, Badge, Button, Group, Stack, Table, Text, Title } from '@mantine/core';
import type { Delivery } from '@patchcord/contracts';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatSpan, formatTime } from '../../i18n/format.ts';
import { FailureText } from '../../parts/failure-text.tsx';
import { Problem } from '../../parts/problem.tsx';
import { StreamBadge } from '../../parts/stream-badge.tsx';
import { DeliveryDetails } from './delivery-details.tsx';
import { DeliveryFilters } from './delivery-filters.tsx';
import { DeliveryState } from './delivery-state.tsx';
import { destinationName } from './destination-name.ts';
import { useDeliveryChanges } from './use-changes.ts';
import { useDeliveries, useDeliveryFilter } from './use-deliveries.ts';

const columns = ['state', 'destination', 'cause', 'attempts', 'answer', 'duration', 'when'] as const;

/** What was sent to CRMs, the newest first. */
export function Deliveries() {
  const { t } = useTranslation();
  const filter = useDeliveryFilter();
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetchingNextPage } = useDeliveries(filter);
  const stream = useDeliveryChanges('deliveries');
  const [openId, setOpenId] = useState<string>();
  const deliveries = data?.pages.flatMap((page) => page.deliveries) ?? [];
  return (
    <Stack>
      <Group justify="space-between">
        <Title order={1} size="h2">
          {t('work.title')}
        </Title>
        <StreamBadge state={stream} />
      </Group>
      <DeliveryFilters filter={filter} />
      {error !== null && <Problem error={error} again={() => void refetch()} />}
      <Text role="status" size="sm" c="dimmed">
        {data !== undefined && t(hasNextPage ? 'work.countMore' : 'work.count', { count: deliveries.length })}
      </Text>
      {data !== undefined && deliveries.length === 0 && (
        <Alert color="gray" title={t(filter.isOn ? 'work.noneFits' : 'work.none')}>
          {filter.isOn ? t('work.noneFitsHelp') : t('work.noneHelp')}
        </Alert>
      )}
      {deliveries.length > 0 && <DeliveryTable deliveries={deliveries} open={setOpenId} />}
      {hasNextPage && (
        <Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()} w="fit-content">
          {t('work.older')}
        </Button>
      )}
      <DeliveryDetails
        delivery={deliveries.find(({ workId }) => workId === openId)}
        close={() => setOpenId(undefined)}
      />
    </Stack>
  );
}

interface DeliveryTableProps {
  readonly deliveries: readonly Delivery[];
  readonly open: (workId: string) => void;
}

function DeliveryTable({ deliveries, open }: DeliveryTableProps) {
  const { t } = useTranslation();
  return (
    <Table.ScrollContainer minWidth={760}>
      <Table striped highlightOnHover verticalSpacing="xs">
        <Table.Thead>
          <Table.Tr>
            {columns.map((column) => (
              <Table.Th key={column} scope="col">
                {t(`work.columns.${column}`)}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {deliveries.map((delivery) => (
            <DeliveryRow key={delivery.workId} delivery={delivery} open={() => open(delivery.workId)} />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function DeliveryRow({ delivery, open }: { readonly delivery: Delivery; readonly open: () => void }) {
  const { t, i18n } = useTranslation();
  const { state, destination, cause, attempts, updatedAt, workId } = delivery;
  const last = attempts.at(-1);
  return (
    <Table.Tr data-work-id={workId} data-state={state}>
      <Table.Td>
        <DeliveryState state={state} />
      </Table.Td>
      <Table.Td>
        <Anchor component="button" type="button" size="sm" ta="left" aria-haspopup="dialog" onClick={open}>
          {destinationName(destination)}
        </Anchor>
      </Table.Td>
      <Table.Td>{t(`work.causes.${cause}`)}</Table.Td>
      <Table.Td>{attempts.length}</Table.Td>
      <Table.Td maw={260}>
        <Text size="sm" lineClamp={3} {...(last?.failure === undefined ? {} : { c: 'red' })}>
          {last?.status !== undefined && (
            <Badge size="sm" mr={6} radius="sm" variant="light" color={last.status < 400 ? 'teal' : 'red'}>
              {last.status}
            </Badge>
          )}
          {last?.failure !== undefined && <FailureText failure={last.failure} />}
        </Text>
      </Table.Td>
      <Table.Td style={{ whiteSpace: 'nowrap' }}>
        {last === undefined ? '' : formatSpan(last.durationMs, i18n.language)}
      </Table.Td>
      <Table.Td style={{ whiteSpace: 'nowrap' }}>
        <time dateTime={updatedAt}>{formatTime(updatedAt, i18n.language)}</time>
      </Table.Td>
    </Table.Tr>
  );
}
