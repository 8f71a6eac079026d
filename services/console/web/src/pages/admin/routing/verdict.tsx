import { Alert, Badge, Stack, Table, Text } from '@mantine/core';
import type { RouteDestination } from '@patchcord/contracts';
import { IconArrowRight } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { RoutingVerdict } from './routing-trial.tsx';

const colours = { matched: 'teal', 'no-rule': 'yellow', 'not-found': 'yellow', timeout: 'red', error: 'red' } as const;

/** Where the call would go, and why: what the CRM said, and the row that it met. */
export function Verdict({ verdict }: { readonly verdict: RoutingVerdict }) {
  const { t } = useTranslation();
  const { rule, decision } = verdict;
  if (rule === undefined || decision === undefined)
    return (
      <Alert color="yellow" role="status" title={t('adminRouting.test.noRule')}>
        {t('adminRouting.test.noRuleHelp')}
        <Beside verdict={verdict} />
      </Alert>
    );
  const { outcome, value, durationMs, reason, cached } = decision;
  return (
    <Stack role="status" gap="sm">
      <Alert
        color={colours[outcome]}
        title={
          <>
            {t(`adminRouting.test.outcomes.${outcome}`)} <IconArrowRight size={14} aria-hidden />{' '}
            <DestinationText destination={decision.destination} />
          </>
        }
      >
        <Stack gap={4}>
          <Text size="sm">{reason}</Text>
          <Text size="sm">
            {t('adminRouting.test.said', { rule: rule.name, value: value ?? '–', ms: Math.round(durationMs) })}
            {cached === true && ` ${t('adminRouting.test.cached')}`}
          </Text>
          <Beside verdict={verdict} />
        </Stack>
      </Alert>
      <Rows verdict={verdict} />
    </Stack>
  );
}

function Beside({ verdict: { campaign, known } }: { readonly verdict: RoutingVerdict }) {
  const { t } = useTranslation();
  return (
    <>
      <Text size="sm">
        {campaign === undefined
          ? t('adminRouting.test.noCampaign')
          : t('adminRouting.test.campaign', { name: campaign.name })}
      </Text>
      {known !== undefined && (
        <Text size="sm">
          {t('adminRouting.test.known', { count: known.contacts, database: known.database })}
          {known.match !== undefined && ` (${t(`adminRouting.test.matches.${known.match}`)})`}
        </Text>
      )}
    </>
  );
}

/** All rows of the rule, the one that was met marked. */
function Rows({ verdict: { rule, decision } }: { readonly verdict: RoutingVerdict }) {
  const { t } = useTranslation();
  if (rule === undefined || rule.rows.length === 0) return null;
  return (
    <Table.ScrollContainer minWidth={420}>
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">#</Table.Th>
            <Table.Th scope="col">{t('adminRouting.rule.operator')}</Table.Th>
            <Table.Th scope="col">{t('adminRouting.rule.value')}</Table.Th>
            <Table.Th scope="col">{t('adminRouting.rule.goesTo')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rule.rows.map(({ operator, value, destination }, at) => (
            <Table.Tr key={at} {...(decision?.row === at ? { bg: 'var(--mantine-color-teal-light)' } : {})}>
              <Table.Td>
                {at + 1}{' '}
                {decision?.row === at && (
                  <Badge color="teal" variant="light" tt="none">
                    {t('adminRouting.test.met')}
                  </Badge>
                )}
              </Table.Td>
              <Table.Td>{t(`adminRouting.operators.${operator}`)}</Table.Td>
              <Table.Td>{value}</Table.Td>
              <Table.Td>
                <DestinationText destination={destination} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function DestinationText({ destination: { type, target } }: { readonly destination: RouteDestination }) {
  const { t } = useTranslation();
  return <>{`${t(`adminRouting.destinations.${type}`)}${target === '' ? '' : ` ${target}`}`}</>;
}
