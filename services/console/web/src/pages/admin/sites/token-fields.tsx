import { Accordion, NumberInput, Select, SimpleGrid, Stack, TagsInput, TextInput } from '@mantine/core';
import type { SiteAuthentication } from '@patchcord/contracts';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { every } from '../../../parts/every.ts';
import { NetworkFields } from '../parts/network-fields.tsx';
import { PairRows } from '../parts/pair-rows.tsx';
import { type AuthenticationForm, Secret } from './authentication-secret.tsx';

interface FormProps {
  readonly form: AuthenticationForm;
}

/** A login by username and password, whose answer holds a token. */
export function LoginFields({ form }: FormProps) {
  const { t } = useTranslation();
  const texts = ['usernameField', 'passwordField', 'tokenField', 'lifetimeField', 'header'] as const;
  return (
    <>
      <TokenUrl form={form} />
      <TextInput
        label={t('adminAuthentications.username')}
        autoComplete="off"
        required
        {...form.getInputProps('username')}
      />
      <Secret form={form} field="password" required />
      <Rare form={form}>
        <SimpleGrid cols={{ base: 1, sm: 3 }}>
          {texts.map((field) => (
            <TextInput
              key={field}
              label={t(`adminAuthentications.login.${field}`)}
              required
              {...form.getInputProps(field)}
            />
          ))}
          <NumberInput
            label={t('adminAuthentications.login.lifetimeSeconds')}
            min={0}
            allowDecimal={false}
            {...form.getInputProps('lifetimeSeconds')}
          />
        </SimpleGrid>
      </Rare>
    </>
  );
}

/** A client of an authorization server: by itself, by a refresh token, or with the consent of a person. */
export function OauthFields({ form }: FormProps) {
  const { t } = useTranslation();
  const { kind } = form.values;
  return (
    <>
      {kind === 'oauth2-authorization-code' && (
        <TextInput
          label={t('adminAuthentications.authorizationUrl')}
          description={t('adminAuthentications.authorizationHelp')}
          placeholder="https://login.example/authorize"
          required
          {...form.getInputProps('authorizationUrl')}
        />
      )}
      <TokenUrl form={form} />
      <TextInput
        label={t('adminAuthentications.clientId')}
        autoComplete="off"
        required
        {...form.getInputProps('clientId')}
      />
      <Secret form={form} field="clientSecret" />
      {kind === 'oauth2-refresh-token' && <Secret form={form} field="refreshToken" required />}
      <TagsInput
        label={t('adminAuthentications.scopes')}
        description={t('adminAuthentications.scopesHelp')}
        {...form.getInputProps('scopes')}
        value={[...form.values.scopes]}
      />
      <Rare form={form}>
        <Select
          label={t('adminAuthentications.clientAuthentication')}
          data={every<Extract<SiteAuthentication, { kind: 'oauth2-client-credentials' }>['clientAuthentication']>({
            basic: true,
            post: true,
          }).map((value) => ({
            value,
            label: t(`adminAuthentications.clientBy.${value}`),
          }))}
          allowDeselect={false}
          {...form.getInputProps('clientAuthentication')}
        />
        <PairRows
          label={t('adminAuthentications.extra')}
          description={t('adminAuthentications.extraHelp')}
          nameLabel={t('adminSites.headers.name')}
          valueLabel={t('adminSites.headers.value')}
          namePlaceholder="audience"
          pairs={form.values.extra}
          onChange={(extra) => form.setFieldValue('extra', extra)}
        />
      </Rare>
    </>
  );
}

function TokenUrl({ form }: FormProps) {
  const { t } = useTranslation();
  return (
    <TextInput
      label={t('adminAuthentications.tokenUrl')}
      description={t('adminAuthentications.tokenUrlHelp')}
      placeholder="https://login.example/oauth/token"
      required
      {...form.getInputProps('tokenUrl')}
    />
  );
}

/** What few need: how long is waited, what stands before the token, and the network. */
function Rare({ form, children }: FormProps & { readonly children: ReactNode }) {
  const { t } = useTranslation();
  return (
    <Accordion variant="separated" multiple>
      <Accordion.Item value="advanced">
        <Accordion.Control>{t('adminAuthentications.advanced')}</Accordion.Control>
        <Accordion.Panel>
          <Stack>
            <SimpleGrid cols={{ base: 1, sm: 2 }}>
              <NumberInput
                label={t('adminSites.site.timeout')}
                min={0.1}
                max={60}
                {...form.getInputProps('timeoutSeconds')}
                error={form.errors.timeoutMs}
              />
              <TextInput
                label={t('adminAuthentications.prefix')}
                description={t('adminAuthentications.prefixHelp')}
                {...form.getInputProps('prefix')}
              />
            </SimpleGrid>
            {children}
          </Stack>
        </Accordion.Panel>
      </Accordion.Item>
      <Accordion.Item value="network">
        <Accordion.Control>{t('admin.network.title')}</Accordion.Control>
        <Accordion.Panel>
          <NetworkFields values={form.values} onChange={(part) => form.setValues(part)} errors={form.errors} />
        </Accordion.Panel>
      </Accordion.Item>
    </Accordion>
  );
}
