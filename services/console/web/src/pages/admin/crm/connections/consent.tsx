import { Alert, Button, Group, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { ask } from '../../../../api/client.ts';
import { Problem } from '../../../../parts/problem.tsx';

/** A person allows us once, in a window of the CRM's own, to act for the user he is there. */
export function Consent({ id }: { readonly id: string }) {
  const { t } = useTranslation();
  const begin = useMutation({
    mutationFn: () =>
      ask<{ url: string }>(`/v1/site-authentications/${encodeURIComponent(id)}/consent`, { method: 'POST', body: {} }),
    onSuccess: ({ url }) => void window.open(url, '_blank', 'noopener'),
  });
  return (
    <Alert color="blue" variant="light" title={t('adminCrm.consent.title')}>
      <Text size="sm">{t('adminCrm.consent.what')}</Text>
      {begin.error !== null && <Problem error={begin.error} />}
      <Group mt="sm">
        <Button variant="light" loading={begin.isPending} onClick={() => begin.mutate()}>
          {t('adminCrm.consent.begin')}
        </Button>
        {begin.isSuccess && (
          <Text size="sm" role="status">
            {t('adminCrm.consent.begun')}
          </Text>
        )}
      </Group>
    </Alert>
  );
}
