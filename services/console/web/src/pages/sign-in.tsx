import { Button, Card, Center, Stack, Title } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { PasswordForm, TokenForm } from '../parts/sign-in-forms.tsx';

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
