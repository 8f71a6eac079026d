import { Anchor, Stack, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

export function Missing() {
  const { t } = useTranslation();
  return (
    <Stack>
      <Title order={1}>{t('missing.title')}</Title>
      <Anchor component={Link} to="/">
        {t('missing.back')}
      </Anchor>
    </Stack>
  );
}
