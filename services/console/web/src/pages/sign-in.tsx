import { Button, Card, Center, PasswordInput, Stack, TextInput, Title } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSignIn } from '../api/session.ts';
import { Problem } from '../parts/problem.tsx';

/** By username and password, or by an API token. */
export function SignIn() {
  const { t } = useTranslation();
  const [byToken, setByToken] = useState(false);
  return (
    <Center component="main" mih="100vh" p="md">
      <Card withBorder w={380} maw="100%" padding="lg">
        <Stack>
          <Title order={1} size="h2">
            {t('signIn.title')}
          </Title>
          {byToken ? <TokenForm /> : <PasswordForm />}
          <Button variant="subtle" size="compact-sm" onClick={() => setByToken(!byToken)}>
            {t(byToken ? 'signIn.withPassword' : 'signIn.withToken')}
          </Button>
        </Stack>
      </Card>
    </Center>
  );
}

function PasswordForm() {
  const { t } = useTranslation();
  const signIn = useSignIn();
  const words = { unauthorized: t('signIn.refused.password'), too_many_tries: t('signIn.refused.limited') };
  const form = useForm({ mode: 'uncontrolled', initialValues: { username: '', password: '', tenant: '' } });
  const submit = form.onSubmit(({ username, password, tenant }) =>
    signIn.mutate({ username, password, ...(tenant === '' ? {} : { tenant }) }),
  );
  return (
    <form onSubmit={submit}>
      <Stack>
        {signIn.error !== null && <Problem error={signIn.error} words={words} />}
        <TextInput label={t('signIn.username')} autoComplete="username" required {...form.getInputProps('username')} />
        <PasswordInput
          label={t('signIn.password')}
          autoComplete="current-password"
          required
          {...form.getInputProps('password')}
        />
        <TextInput
          label={t('signIn.tenant')}
          description={t('signIn.tenantHelp')}
          autoComplete="organization"
          {...form.getInputProps('tenant')}
        />
        <Button type="submit" loading={signIn.isPending}>
          {t('signIn.submit')}
        </Button>
      </Stack>
    </form>
  );
}

function TokenForm() {
  const { t } = useTranslation();
  const signIn = useSignIn();
  const form = useForm({ mode: 'uncontrolled', initialValues: { token: '' } });
  return (
    <form onSubmit={form.onSubmit(({ token }) => signIn.mutate({ token: token.trim() }))}>
      <Stack>
        {signIn.error !== null && <Problem error={signIn.error} words={{ unauthorized: t('signIn.refused.token') }} />}
        <PasswordInput
          label={t('signIn.token')}
          description={t('signIn.tokenHelp')}
          placeholder="pc_…"
          autoComplete="off"
          required
          {...form.getInputProps('token')}
        />
        <Button type="submit" loading={signIn.isPending}>
          {t('signIn.submit')}
        </Button>
      </Stack>
    </form>
  );
}
