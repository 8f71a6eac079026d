import { Select, SimpleGrid, Stack, TextInput } from '@mantine/core';
import type { SiteAuthentication, SiteAuthenticationKind } from '@patchcord/contracts';
import { useTranslation } from 'react-i18next';
import { every } from '../../../parts/every.ts';
import { type AuthenticationForm, Secret } from './authentication-secret.tsx';
import { LoginFields, OauthFields } from './token-fields.tsx';

const kinds = every<SiteAuthenticationKind>({
  basic: true,
  'api-key': true,
  bearer: true,
  'login-token': true,
  'oauth2-client-credentials': true,
  'oauth2-refresh-token': true,
  'oauth2-authorization-code': true,
  hmac: true,
  'mutual-tls': true,
});

/** The kind, and what that kind needs. */
export function AuthenticationFields({ form }: { readonly form: AuthenticationForm }) {
  const { t } = useTranslation();
  return (
    <Stack>
      <Select
        label={t('adminAuthentications.kind')}
        description={t(`adminAuthentications.kindHelp.${form.values.kind}`)}
        data={kinds.map((value) => ({ value, label: t(`adminAuthentications.kinds.${value}`) }))}
        allowDeselect={false}
        maw={520}
        {...form.getInputProps('kind')}
      />
      <OfKind form={form} />
    </Stack>
  );
}

function OfKind({ form }: { readonly form: AuthenticationForm }) {
  switch (form.values.kind) {
    case 'basic':
      return <Basic form={form} />;
    case 'api-key':
      return <ApiKey form={form} />;
    case 'bearer':
      return <Secret form={form} field="token" required />;
    case 'hmac':
      return (
        <>
          <Secret form={form} field="first" path="secrets.0" required />
          <Secret form={form} field="second" path="secrets.1" />
        </>
      );
    case 'mutual-tls':
      return (
        <>
          <Secret form={form} field="certificate" required multiline />
          <Secret form={form} field="privateKey" required multiline />
          <Secret form={form} field="passphrase" />
        </>
      );
    case 'login-token':
      return <LoginFields form={form} />;
    default:
      return <OauthFields form={form} />;
  }
}

function Basic({ form }: { readonly form: AuthenticationForm }) {
  const { t } = useTranslation();
  return (
    <>
      <TextInput
        label={t('adminAuthentications.username')}
        autoComplete="off"
        required
        {...form.getInputProps('username')}
      />
      <Secret form={form} field="password" required />
    </>
  );
}

function ApiKey({ form }: { readonly form: AuthenticationForm }) {
  const { t } = useTranslation();
  return (
    <>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <Select
          label={t('adminAuthentications.in')}
          data={every<Extract<SiteAuthentication, { kind: 'api-key' }>['in']>({ header: true, query: true }).map(
            (value) => ({
              value,
              label: t(`adminAuthentications.places.${value}`),
            }),
          )}
          allowDeselect={false}
          {...form.getInputProps('in')}
        />
        <TextInput
          label={t('adminAuthentications.field')}
          placeholder={form.values.in === 'header' ? 'X-Api-Key' : 'api_key'}
          required
          {...form.getInputProps('field')}
        />
      </SimpleGrid>
      <Secret form={form} field="apiKey" path="key" required />
    </>
  );
}
