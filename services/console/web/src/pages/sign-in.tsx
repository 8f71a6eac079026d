import { Alert, Button, Card, Center, Divider, Stack, Title } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import type { en } from '../i18n/en/index.ts';
import { every } from '../parts/every.ts';
import { ProviderLinks, useProviders } from '../parts/provider-links.tsx';
import { PasswordForm, TokenForm } from '../parts/sign-in-forms.tsx';

/** By an identity provider of the tenant, by username and password, or by an API token. */
export function SignIn() {
  const { t } = useTranslation();
  const [parameters] = useSearchParams();
  const [byToken, setByToken] = useState(false);
  // A link to `/log-in?tenant=…` saves people the name.
  const [tenant, setTenant] = useState(parameters.get('tenant') ?? '');
  const problem = parameters.get('problem');
  const hasProviders = useProviders(tenant).length > 0;
  return (
    <Center component="main" mih="100vh" p="md">
      <Card withBorder w={380} maw="100%" padding="lg">
        <Stack>
          <Title order={1} size="h2">
            {t('signIn.title')}
          </Title>
          {problem !== null && <Alert color="red" role="alert" title={t(`signIn.problems.${problemOf(problem)}`)} />}
          {hasProviders && (
            <>
              <ProviderLinks tenant={tenant} />
              <Divider label={t('signIn.or')} />
            </>
          )}
          {byToken ? <TokenForm /> : <PasswordForm tenant={tenant} onTenant={setTenant} />}
          <Button variant="subtle" size="compact-sm" onClick={() => setByToken(!byToken)}>
            {t(byToken ? 'signIn.withPassword' : 'signIn.withToken')}
          </Button>
        </Stack>
      </Card>
    </Center>
  );
}

const problems: readonly string[] = every<Exclude<ProblemCode, 'other'>>({
  provider_unavailable: true,
  provider_answer_invalid: true,
  provider_refused: true,
  not_found: true,
  sign_in_unknown: true,
  person_unknown: true,
  person_disabled: true,
  person_refused: true,
  mail_refused: true,
  role_missing: true,
  username_missing: true,
  username_taken: true,
  too_many_tries: true,
});

type ProblemCode = keyof (typeof en)['signIn']['problems'];

const problemOf = (code: string): ProblemCode => (problems.includes(code) ? (code as ProblemCode) : 'other');
