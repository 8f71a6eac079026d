import { Center, Stack, Text, Title } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { ask } from '../../api/client.ts';
import { Problem } from '../../parts/problem.tsx';

/** The window in which somebody signed in for a frame: gives its session to the frame that opened it, and closes. */
export function HandOver() {
  const { t } = useTranslation();
  const { mutate, isError, error } = useMutation({
    mutationFn: async () => {
      const opener = window.opener as Window | null;
      if (opener === null) throw new Error('no frame opened this window');
      const { handover } = await ask<{ handover: string }>('/v1/session/handover', { method: 'POST' });
      // Whoever opened the window, only a page of ours is told.
      opener.postMessage({ patchcord: 'handover', handover }, location.origin);
      window.close();
    },
  });
  useEffect(() => mutate(), [mutate]);
  return (
    <Center component="main" mih="100vh" p="md">
      <Stack>
        <Title order={1} size="h3">
          {t('embed.frame.signedIn')}
        </Title>
        <Text>{t('embed.frame.closeHelp')}</Text>
        {isError && <Problem error={error} again={() => mutate()} />}
      </Stack>
    </Center>
  );
}
