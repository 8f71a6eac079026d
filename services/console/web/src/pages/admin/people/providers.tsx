import { Accordion, Alert, Badge, Code, NumberInput, Select, Stack, Switch, TagsInput, TextInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import type { IdentityProvider, Role } from '@patchcord/contracts';
import { useTranslation } from 'react-i18next';
import { every } from '../../../parts/every.ts';
import { EntityEditor } from '../parts/entity-editor.tsx';
import { EntityList } from '../parts/entity-list.tsx';
import { EntityPages } from '../parts/entity-pages.tsx';
import { TimeoutField } from '../parts/limit-numbers.tsx';
import { NetworkPanel } from '../parts/network-fields.tsx';
import { SecretField } from '../parts/secret-field.tsx';
import { newKey, withoutKey } from '../parts/sortable-rows.tsx';
import { withoutBlanks } from '../parts/values.ts';
import { RolesOfClaim } from './roles-of-claim.tsx';

/** OpenID providers that people sign in with. */
export const Providers = () => <EntityPages list={<ProviderList />} editor={<ProviderEditor />} />;

function ProviderList() {
  const { t } = useTranslation();
  return (
    <EntityList
      kind="identity-provider"
      columns={[
        { heading: t('adminPeople.provider.issuer'), cell: ({ issuer }) => issuer, text: ({ issuer }) => issuer },
        {
          heading: t('adminPeople.provider.state'),
          cell: ({ disabled }) => (
            <Badge variant="light" color={disabled ? 'gray' : 'teal'} tt="none">
              {t(disabled ? 'adminPeople.user.disabled' : 'adminPeople.user.enabled')}
            </Badge>
          ),
        },
      ]}
    />
  );
}

export interface ProviderValues
  extends Omit<IdentityProvider, 'clientSecret' | 'roleClaim' | 'agentIdClaim' | 'roles' | 'scopes' | 'mailDomains'> {
  readonly clientSecret: string;
  readonly roleClaim: string;
  readonly agentIdClaim: string;
  readonly roles: readonly { readonly key: string; readonly value: string; readonly role: Role }[];
  readonly scopes: string[];
  readonly mailDomains: string[];
}

const empty: ProviderValues = {
  id: '',
  name: '',
  issuer: '',
  clientId: '',
  clientSecret: '',
  clientAuthentication: 'basic',
  scopes: ['profile', 'email'],
  usernameClaim: 'email',
  mailDomains: [],
  requireVerifiedMail: true,
  roleClaim: '',
  roles: [],
  agentIdClaim: '',
  createUsers: false,
  defaultRole: 'supervisor',
  endSession: false,
  disabled: false,
  clockToleranceSeconds: 30,
  timeoutMs: 10_000,
  tls: { verify: true, minVersion: 'TLSv1.2' },
  egress: { allowHttp: false, allowCidrs: [] },
};

const toForm = ({ roles, ...stored }: IdentityProvider): ProviderValues => {
  const { clientSecret = '', roleClaim = '', agentIdClaim = '' } = stored;
  return { ...stored, clientSecret, roleClaim, agentIdClaim, roles: roles.map((one) => ({ ...one, key: newKey() })) };
};

const toEntity = ({ clientSecret, roleClaim, agentIdClaim, roles, ...same }: ProviderValues): object => ({
  ...same,
  ...withoutBlanks({ clientSecret, roleClaim, agentIdClaim }),
  roles: roles.map(withoutKey),
});

export interface ProviderFieldsProps {
  readonly form: UseFormReturnType<ProviderValues>;
}

const ProviderEditor = () => (
  <EntityEditor kind="identity-provider" empty={empty} toForm={toForm} toEntity={toEntity}>
    {(form) => (
      <>
        <Client form={form} />
        <People form={form} />
        <RolesOfClaim form={form} />
        <Rare form={form} />
      </>
    )}
  </EntityEditor>
);

function Client({ form }: ProviderFieldsProps) {
  const { t } = useTranslation();
  const { id, clientSecret } = form.values;
  return (
    <>
      <Alert color="blue">
        {t('adminPeople.provider.redirect')}
        <Code>{`${location.origin}/v1/sign-in/callback`}</Code>
      </Alert>
      <TextInput
        label={t('adminPeople.provider.issuer')}
        description={t('adminPeople.provider.issuerHelp')}
        placeholder="https://login.example.com/realms/acme"
        required
        {...form.getInputProps('issuer')}
      />
      <TextInput label={t('adminPeople.provider.clientId')} required {...form.getInputProps('clientId')} />
      <SecretField
        label={t('adminPeople.provider.clientSecret')}
        suggested={`${id === '' ? 'provider' : id}-client-secret`}
        value={clientSecret}
        onChange={(secret) => form.setFieldValue('clientSecret', secret)}
        error={form.errors.clientSecret}
      />
    </>
  );
}

function People({ form }: ProviderFieldsProps) {
  const { t } = useTranslation();
  return (
    <>
      <TextInput
        label={t('adminPeople.provider.usernameClaim')}
        description={t('adminPeople.provider.usernameClaimHelp')}
        placeholder="email"
        {...form.getInputProps('usernameClaim')}
      />
      <Switch
        label={t('adminPeople.provider.requireVerifiedMail')}
        {...form.getInputProps('requireVerifiedMail', { type: 'checkbox' })}
      />
      <TagsInput
        label={t('adminPeople.provider.mailDomains')}
        description={t('adminPeople.provider.mailDomainsHelp')}
        placeholder="example.com"
        {...form.getInputProps('mailDomains')}
        error={form.errors.mailDomains ?? form.errors['mailDomains.0']}
      />
      <Switch
        label={t('adminPeople.provider.createUsers')}
        description={t('adminPeople.provider.createUsersHelp')}
        {...form.getInputProps('createUsers', { type: 'checkbox' })}
      />
      {form.values.createUsers && form.values.roleClaim === '' && (
        <Select
          label={t('adminPeople.provider.defaultRole')}
          data={every<Role>({ agent: true, supervisor: true, admin: true }).map((value) => ({
            value,
            label: t(`adminPeople.roles.${value}`),
          }))}
          allowDeselect={false}
          {...form.getInputProps('defaultRole')}
        />
      )}
    </>
  );
}

function Rare({ form }: ProviderFieldsProps) {
  const { t } = useTranslation();
  return (
    <>
      <Switch
        label={t('adminPeople.provider.endSession')}
        {...form.getInputProps('endSession', { type: 'checkbox' })}
      />
      <Switch label={t('adminPeople.provider.disabled')} {...form.getInputProps('disabled', { type: 'checkbox' })} />
      <Accordion variant="contained">
        <Accordion.Item value="rare">
          <Accordion.Control>{t('adminRouting.advanced')}</Accordion.Control>
          <Accordion.Panel>
            <Stack>
              <Select
                label={t('adminPeople.provider.clientAuthentication')}
                data={every<IdentityProvider['clientAuthentication']>({ basic: true, post: true }).map((value) => ({
                  value,
                  label: t(`adminPeople.provider.clientAuthentications.${value}`),
                }))}
                allowDeselect={false}
                {...form.getInputProps('clientAuthentication')}
              />
              <TagsInput label={t('adminPeople.provider.scopes')} {...form.getInputProps('scopes')} />
              <NumberInput
                label={t('adminPeople.provider.tolerance')}
                min={0}
                max={300}
                {...form.getInputProps('clockToleranceSeconds')}
              />
              <TimeoutField {...form.getInputProps('timeoutMs')} />
            </Stack>
          </Accordion.Panel>
        </Accordion.Item>
      </Accordion>
      <NetworkPanel network={form.values} onChange={(network) => form.setValues(network)} errors={form.errors} />
    </>
  );
}
