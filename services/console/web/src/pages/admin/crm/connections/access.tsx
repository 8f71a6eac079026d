import { Alert, Button, Fieldset, Group, List, Select, Stack, Text, TextInput } from '@mantine/core';
import type { SiteAuthentication } from '@patchcord/contracts';
import { IconKey } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useEntities } from '../../../../api/config.ts';
import type { CrmKind } from '../../../../api/crm.ts';
import { slugOf } from '../../parts/slug.ts';
import type { ConnectionForm } from './connection-editor.tsx';
import { Consent } from './consent.tsx';
import { CredentialField } from './credential-field.tsx';
import { type AuthenticationKind, NewAuthentication } from './new-authentication.tsx';

interface AccessProps {
  readonly form: ConnectionForm;
  readonly kind: CrmKind | undefined;
}

const byUser = 'username-password';

/** By what one gets into the CRM: a user with his password, or an authentication that holds a key or tokens. */
export function Access({ form, kind }: AccessProps) {
  const { t } = useTranslation();
  const by = kind?.signIn.by ?? [];
  const hasUser = by.includes(byUser);
  const isOpen = by.length === 0 || by.some((way) => way !== byUser);
  return (
    <Fieldset legend={t('adminCrm.access.title')}>
      <Stack>
        <Alert variant="light" color="blue" icon={<IconKey size={18} aria-hidden />}>
          <Text size="sm">{t('adminCrm.access.systemUser')}</Text>
          {kind !== undefined && (
            <List size="sm" mt={4}>
              <List.Item>{kind.signIn.hint}</List.Item>
            </List>
          )}
        </Alert>
        {hasUser && <UserFields form={form} />}
        {isOpen && <AuthenticationField form={form} ways={by} />}
        <AgentSystem form={form} />
      </Stack>
    </Fieldset>
  );
}

/** What ids of secrets begin with, so that people know whose they are. */
const baseOf = ({ id, name, connector }: ConnectionForm['values']): string => {
  if (id !== '') return id;
  return name === '' ? connector : slugOf(name);
};

function UserFields({ form }: { readonly form: ConnectionForm }) {
  const { t } = useTranslation();
  const base = baseOf(form.values);
  return (
    <>
      <TextInput
        label={t('adminCrm.access.username')}
        placeholder="cti"
        autoComplete="off"
        maw={480}
        {...form.getInputProps('username')}
      />
      <CredentialField
        label={t('adminCrm.access.password')}
        value={form.values.password}
        base={`${base}-password`}
        onChange={(id) => form.setFieldValue('password', id)}
        error={form.errors.password}
      />
      {(form.values.connector === 'bullhorn' || form.values.clientSecret !== '') && (
        <CredentialField
          label={t('adminCrm.access.clientSecret')}
          value={form.values.clientSecret}
          base={`${base}-client-secret`}
          onChange={(id) => form.setFieldValue('clientSecret', id)}
          error={form.errors.clientSecret}
        />
      )}
    </>
  );
}

function AuthenticationField({ form, ways }: { readonly form: ConnectionForm; readonly ways: readonly string[] }) {
  const { t } = useTranslation();
  const { data: authentications = [] } = useEntities('site-authentication');
  const [asked, setAsked] = useState(false);
  const chosen = authentications.find(({ id }) => id === form.values.authentication);
  const fits = ({ kind }: SiteAuthentication): boolean => ways.length === 0 || ways.includes(kind);
  const options = authentications.map((one) => ({
    value: one.id,
    label: `${one.name} (${t(`adminCrm.auth.kinds.${one.kind}`)})`,
  }));
  return (
    <Stack gap="xs">
      <Group align="end" gap="xs">
        <Select
          label={t('adminCrm.access.authentication')}
          description={t('adminCrm.access.authenticationHelp')}
          data={options}
          searchable
          clearable
          flex={1}
          miw={220}
          {...form.getInputProps('authentication')}
        />
        <Button variant="light" onClick={() => setAsked(true)}>
          {t('adminCrm.access.newAuthentication')}
        </Button>
      </Group>
      {chosen !== undefined && !fits(chosen) && <Text size="sm">{t('adminCrm.access.unusual')}</Text>}
      {chosen?.kind === 'oauth2-authorization-code' && <Consent id={chosen.id} />}
      {asked && (
        <NewAuthentication
          base={baseOf(form.values)}
          ways={ways as AuthenticationKind[]}
          egress={form.values.egress}
          onMade={(id) => form.setFieldValue('authentication', id)}
          onClose={() => setAsked(false)}
        />
      )}
    </Stack>
  );
}

/** By whose ids the CRM knows our agents. */
function AgentSystem({ form }: { readonly form: ConnectionForm }) {
  const { t } = useTranslation();
  const { data: systems = [] } = useEntities('external-system');
  return (
    <Select
      label={t('adminCrm.access.agentSystem')}
      description={t('adminCrm.access.agentSystemHelp')}
      data={systems.map(({ id, name }) => ({ value: id, label: name }))}
      searchable
      clearable
      {...form.getInputProps('agentSystem')}
    />
  );
}
