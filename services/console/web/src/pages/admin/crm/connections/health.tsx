import { Anchor, Card, Group, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import type { CrmHealth } from '@patchcord/contracts';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useCrmHealth } from '../../../../api/crm.ts';
import { formatTime } from '../../../../i18n/format.ts';
import { FailureText } from '../../../../parts/failure-text.tsx';
import { StatusBadge } from './status-badge.tsx';

/** How a stored connection is now, and why: what it answered last, what of its limits is left, what waits. */
export function Health({ id }: { readonly id: string }) {
  const { t } = useTranslation();
  const { data } = useCrmHealth();
  const health = data?.find(({ connectionId }) => connectionId === id);
  if (health === undefined) return null;
  return (
    <Card withBorder component="section" aria-label={t('adminCrm.health.title')}>
      <Stack gap="sm">
        <Group justify="space-between">
          <Title order={2} size="h5">
            {t('adminCrm.health.title')}
          </Title>
          <StatusBadge health={health} />
        </Group>
        <Text size="sm">{t(`adminCrm.health.means.${health.status}`)}</Text>
        <Facts health={health} />
        {health.work.waiting + health.work.dead > 0 && (
          <Anchor component={Link} to="/operations" size="sm">
            {t('adminCrm.health.toDeliveries')}
          </Anchor>
        )}
      </Stack>
    </Card>
  );
}

function Facts({ health }: { readonly health: CrmHealth }) {
  const { t, i18n } = useTranslation();
  const { recent, lastSuccessAt, lastFailure, limits, work, hold, breakers } = health;
  const at = (time: string): string => formatTime(time, i18n.language);
  const { quota } = limits;
  return (
    <SimpleGrid cols={{ base: 1, xs: 2, md: 3 }} component="dl" m={0}>
      <Fact name={t('adminCrm.health.lastSuccess')}>{lastSuccessAt === undefined ? '–' : at(lastSuccessAt)}</Fact>
      <Fact name={t('adminCrm.health.lastFailure')}>
        {lastFailure === undefined ? (
          '–'
        ) : (
          <>
            {at(lastFailure.at)}: <FailureText failure={lastFailure} />
          </>
        )}
      </Fact>
      <Fact name={t('adminCrm.health.recent')}>
        {t('adminCrm.health.requests', { count: recent.requests, failed: recent.failed })}
        {recent.p50Ms !== undefined &&
          ` · ${t('adminCrm.health.latency', { p50: Math.round(recent.p50Ms), p95: Math.round(recent.p95Ms ?? 0) })}`}
      </Fact>
      <Fact name={t('adminCrm.health.work')}>
        {t('adminCrm.health.waiting', { waiting: work.waiting, dead: work.dead })}
      </Fact>
      {quota !== undefined && (
        <Fact name={t('adminCrm.health.quota')}>
          {t('adminCrm.health.quotaLeft', { left: quota.left, of: quota.requests, at: at(quota.resetsAt) })}
        </Fact>
      )}
      {hold !== undefined && (
        <Fact name={t('adminCrm.health.hold')}>{t('adminCrm.health.holdUntil', { at: at(hold.until) })}</Fact>
      )}
      {breakers.length > 0 && (
        <Fact name={t('adminCrm.health.breakers')}>
          {breakers.map(({ of, since }) => t('adminCrm.health.breaker', { of, at: at(since) })).join('; ')}
        </Fact>
      )}
    </SimpleGrid>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <Text component="dt" size="xs" c="dimmed">
        {name}
      </Text>
      <Text component="dd" size="sm" m={0} style={{ overflowWrap: 'anywhere' }}>
        {children}
      </Text>
    </div>
  );
}
