import { Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { useSignIn } from '../api/session.ts';
import { Problem } from './problem.tsx';

interface PasswordFormProps {
  /** Who signs in again: only the password is asked for. */
  readonly known?: { readonly tenant: string; readonly username: string };
  readonly tenant?: string;
  readonly onTenant?: (tenant: string) => void;
}

export function PasswordForm({ known, tenant = '', onTenant = () => undefined }: PasswordFormProps) {
  const { t } = useTranslation();
  const signIn = useSignIn();
  const words = { unauthorized: t('signIn.refused.password'), too_many_tries: t('signIn.refused.limited') };
  const initialValues = { username: '', password: '', tenant, ...known };
  const form = useForm({ mode: 'uncontrolled', initialValues });
  const submit = form.onSubmit(({ username, password, tenant }) =>
    signIn.mutate({ username, password, ...(tenant === '' ? {} : { tenant }) }),
  );
  const name = form.getInputProps('username');
  const ofTenant = form.getInputProps('tenant');
  return (
    <form onSubmit={submit}>
      <Stack>
        {signIn.error !== null && <Problem error={signIn.error} words={words} />}
        <TextInput
          label={t('signIn.username')}
          autoComplete="username"
          required
          readOnly={known !== undefined}
          {...name}
        />
        <PasswordInput
          label={t('signIn.password')}
          autoComplete="current-password"
          required
          data-autofocus={known !== undefined}
          {...form.getInputProps('password')}
        />
        {known === undefined && (
          <TextInput
            label={t('signIn.tenant')}
            description={t('signIn.tenantHelp')}
            autoComplete="organization"
            {...ofTenant}
            onBlur={(event) => onTenant(event.currentTarget.value.trim())}
          />
        )}
        <Button type="submit" loading={signIn.isPending}>
          {t('signIn.submit')}
        </Button>
      </Stack>
    </form>
  );
}

export function TokenForm() {
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
