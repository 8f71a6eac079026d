import { Stack, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { RoutingTrial } from './routing-trial.tsx';

/** What would happen to a caller now. */
export function RoutingTest() {
  const { t } = useTranslation();
  return (
    <Stack maw={1100}>
      <Title order={1} size="h2">
        {t('admin.tools.routing-test')}
      </Title>
      <Text c="dimmed">{t('adminRouting.test.intro')}</Text>
      <RoutingTrial />
    </Stack>
  );
}
