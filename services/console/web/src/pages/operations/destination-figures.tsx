import { Accordion, Table, Text } from '@mantine/core';
import type { DestinationReport, DestinationsReply } from '@patchcord/contracts';
import { useTranslation } from 'react-i18next';
import { formatSpan, formatTime } from '../../i18n/format.ts';

interface DestinationFiguresProps {
  readonly report: DestinationReport;
  readonly replicas: DestinationsReply['replicas'];
}

/** The same in words and numbers: for whoever cannot see the charts, or wants to know exactly. */
export function DestinationFigures({ report, replicas }: DestinationFiguresProps) {
  const { t } = useTranslation();
  return (
    <Accordion variant="separated" chevronPosition="left" order={3}>
      <Accordion.Item value="limits">
        <Accordion.Control>{t('ops.destinations.limits')}</Accordion.Control>
        <Accordion.Panel>
          <Limits report={report} />
          <Breakers report={report} replicas={replicas} />
        </Accordion.Panel>
      </Accordion.Item>
      <Accordion.Item value="figures">
        <Accordion.Control>{t('ops.destinations.asTable')}</Accordion.Control>
        <Accordion.Panel>
          <Steps report={report} />
        </Accordion.Panel>
      </Accordion.Item>
    </Accordion>
  );
}

function Limits({ report: { limits } }: { readonly report: DestinationReport }) {
  const { t, i18n } = useTranslation();
  const { perSecond, concurrency, quota } = limits;
  return (
    <>
      <Text size="sm">
        {perSecond === undefined ? t('ops.destinations.noRate') : t('ops.destinations.rate', { perSecond })}
        {concurrency !== undefined && ` · ${t('ops.destinations.atOnce', { count: concurrency })}`}
      </Text>
      {quota !== undefined && (
        <Text size="sm">
          {t('ops.destinations.quota', { ...quota, resetsAt: formatTime(quota.resetsAt, i18n.language) })}
        </Text>
      )}
    </>
  );
}

/** Each replica has a breaker of its own; one that never asked has none yet. */
function Breakers({ report: { breakers }, replicas }: DestinationFiguresProps) {
  const { t, i18n } = useTranslation();
  const states = new Map(breakers.map((breaker) => [breaker.replica, breaker]));
  return (
    <Table mt="xs" verticalSpacing={4}>
      <Table.Thead>
        <Table.Tr>
          {(['replica', 'breaker', 'since'] as const).map((column) => (
            <Table.Th key={column} scope="col">
              {t(`ops.destinations.columns.${column}`)}
            </Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {replicas.map(({ replica }) => {
          const found = states.get(replica);
          return (
            <Table.Tr key={replica} data-replica-breaker={found?.state ?? 'closed'}>
              <Table.Td style={{ overflowWrap: 'anywhere' }}>{replica}</Table.Td>
              <Table.Td>{t(`ops.destinations.breakers.${found?.state ?? 'closed'}`)}</Table.Td>
              <Table.Td>{found === undefined ? '' : formatTime(found.since, i18n.language)}</Table.Td>
            </Table.Tr>
          );
        })}
      </Table.Tbody>
    </Table>
  );
}

const columns = ['time', 'requests', 'failed', 'p50', 'p95'] as const;

function Steps({ report: { key, steps } }: { readonly report: DestinationReport }) {
  const { t, i18n } = useTranslation();
  const span = (ms: number | undefined): string => (ms === undefined ? '' : `≤ ${formatSpan(ms, i18n.language)}`);
  return (
    <Table.ScrollContainer minWidth={360} mah={260}>
      <Table verticalSpacing={4}>
        <Table.Caption>{t('ops.destinations.caption', { key })}</Table.Caption>
        <Table.Thead>
          <Table.Tr>
            {columns.map((column) => (
              <Table.Th key={column} scope="col">
                {t(`ops.destinations.${column}`)}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {steps.toReversed().map(({ at, requests, failed, p50Ms, p95Ms }) => (
            <Table.Tr key={at}>
              <Table.Th scope="row" fw={400}>
                <time dateTime={at}>{formatTime(at, i18n.language)}</time>
              </Table.Th>
              <Table.Td>{requests}</Table.Td>
              <Table.Td>{failed}</Table.Td>
              <Table.Td>{span(p50Ms)}</Table.Td>
              <Table.Td>{span(p95Ms)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
