import { Alert, Anchor, Button, Fieldset, Group, Stack, Text, TextInput } from '@mantine/core';
import type { SiteAuthentication, SiteTestReply } from '@patchcord/contracts';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ask } from '../../../api/client.ts';
import { useEntities } from '../../../api/config.ts';
import { Problem } from '../../../parts/problem.tsx';
import { type NetworkValues, networkOf } from '../parts/network.ts';
import { Rendered } from './request-view.tsx';
import { TestAnswer } from './test-answer.tsx';

interface AuthenticationTestProps {
  readonly stored: SiteAuthentication | undefined;
  readonly isChanged: boolean;
  /** Of the form: a test may go where its own requests may go. */
  readonly network: NetworkValues;
}

/** Sends a GET with the stored authentication: to an address, or to the one of a site that has it. */
export function AuthenticationTest({ stored, isChanged, network }: AuthenticationTestProps) {
  const { t } = useTranslation();
  const { data: sites = [] } = useEntities('external-site');
  const own = sites.find(({ authentication }) => authentication !== undefined && authentication === stored?.id);
  const [typed, setTyped] = useState('');
  const url = typed || own?.url || '';
  const test = useMutation({
    mutationFn: () => {
      const { tls, egress } = own ?? networkOf(network);
      // One parameter, so that nothing of a call is sent to an address that only tries a login.
      const parameters = [{ family: 'fixed', key: '1', name: 'patchcord-test' }];
      const site = { url, method: 'GET', trigger: 'server', authentication: stored?.id, parameters, tls, egress };
      return ask<SiteTestReply>('/v1/external-sites/test', { method: 'POST', body: { site, send: true } });
    },
  });
  if (stored === undefined) return <Text size="sm">{t('adminAuthentications.test.saveFirst')}</Text>;
  return (
    <Fieldset legend={t('adminAuthentications.test.title')}>
      <Stack>
        {stored.kind === 'oauth2-authorization-code' && <Consent id={stored.id} />}
        {isChanged && <Alert color="orange">{t('adminAuthentications.test.changed')}</Alert>}
        <Group align="end">
          <TextInput
            label={t('adminAuthentications.test.url')}
            description={t('adminAuthentications.test.urlHelp')}
            placeholder={own?.url ?? 'https://crm.example/me'}
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
            flex={1}
            miw={240}
          />
          <Button variant="light" disabled={url === ''} loading={test.isPending} onClick={() => test.mutate()}>
            {t('adminAuthentications.test.send')}
          </Button>
        </Group>
        {test.error !== null && <Problem error={test.error} />}
        {test.data !== undefined && (
          <>
            <Rendered reply={test.data} />
            <TestAnswer reply={test.data} />
          </>
        )}
      </Stack>
    </Fieldset>
  );
}

/** The consent of a person, in a tab of its own. */
function Consent({ id }: { readonly id: string }) {
  const { t } = useTranslation();
  const begin = useMutation({
    mutationFn: () =>
      ask<{ url: string }>(`/v1/site-authentications/${encodeURIComponent(id)}/consent`, { method: 'POST' }),
    onSuccess: ({ url }) => void open(url, '_blank', 'noopener'),
  });
  return (
    <Stack gap="xs" align="start">
      <Text size="sm">{t('adminAuthentications.consent.help')}</Text>
      {begin.error !== null && <Problem error={begin.error} />}
      <Button variant="default" loading={begin.isPending} onClick={() => begin.mutate()}>
        {t('adminAuthentications.consent.begin')}
      </Button>
      {begin.data !== undefined && (
        <Anchor href={begin.data.url} target="_blank" rel="noopener">
          {t('adminAuthentications.consent.open')}
        </Anchor>
      )}
    </Stack>
  );
}
