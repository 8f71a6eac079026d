import { Badge, Stack, Table, Text, Title } from '@mantine/core';
import type { Delivery } from '@patchcord/contracts';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { ask } from '../../api/client.ts';
import { formatTime } from '../../i18n/format.ts';
import { Problem } from '../../parts/problem.tsx';

const columns = ['state', 'destination', 'cause', 'attempts', 'answer', 'when'] as const;

const readDeliveries = (): Promise<{ deliveries: Delivery[] }> => ask('/v1/deliveries?limit=100');

/** What was sent to CRMs, the newest first. */
export function Deliveries() {
  const { t } = useTranslation();
  const { data, error, refetch } = useQuery({
    queryKey: ['deliveries'],
    queryFn: readDeliveries,
    refetchInterval: 3000,
  });
  return (
    <Stack>
      <Title order={1} size="h2">
        {t('work.title')}
      </Title>
      {error !== null && <Problem error={error} again={() => void refetch()} />}
      {data?.deliveries.length === 0 && <Text>{t('work.none')}</Text>}
      <Table.ScrollContainer minWidth={640}>
        <Table striped>
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
            {data?.deliveries.map((delivery) => (
              <DeliveryRow key={delivery.workId} delivery={delivery} />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Stack>
  );
}

const colours = { queued: 'gray', retrying: 'yellow', succeeded: 'teal', dead: 'red', discarded: 'gray' } as const;

function DeliveryRow({ delivery }: { readonly delivery: Delivery }) {
  const { t, i18n } = useTranslation();
  const { state, destination, cause, attempts, updatedAt } = delivery;
  const last = attempts.at(-1);
  return (
    <Table.Tr>
      <Table.Td>
        <Badge color={colours[state]} variant="light" tt="none" miw="max-content">
          {t(`work.states.${state}`)}
        </Badge>
      </Table.Td>
      <Table.Td>
        {destination.kind} {destination.id}
      </Table.Td>
      <Table.Td>{cause}</Table.Td>
      <Table.Td>{attempts.length}</Table.Td>
      <Table.Td>{last?.failure?.message ?? last?.status}</Table.Td>
      <Table.Td>
        <time dateTime={updatedAt}>{formatTime(updatedAt, i18n.language)}</time>
      </Table.Td>
    </Table.Tr>
  );
}
