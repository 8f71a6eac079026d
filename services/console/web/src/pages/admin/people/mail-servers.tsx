import { Alert, NumberInput, Select, Switch, TagsInput, Textarea, TextInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import type { MailServer } from '@patchcord/contracts';
import { useTranslation } from 'react-i18next';
import { every } from '../../../parts/every.ts';
import { EntityEditor } from '../parts/entity-editor.tsx';
import { EntityList } from '../parts/entity-list.tsx';
import { EntityPages } from '../parts/entity-pages.tsx';
import { ConcurrencyField, TimeoutField } from '../parts/limit-numbers.tsx';
import { SecretField } from '../parts/secret-field.tsx';
import { withoutBlanks } from '../parts/values.ts';

/** SMTP servers that automations send by. */
export const MailServers = () => <EntityPages list={<MailServerList />} editor={<MailServerEditor />} />;

function MailServerList() {
  const { t } = useTranslation();
  return (
    <EntityList
      kind="mail-server"
      columns={[
        {
          heading: t('adminPeople.mail.host'),
          cell: ({ host, port }) => `${host}:${port}`,
          text: ({ host }) => host,
        },
        {
          heading: t('adminPeople.mail.security'),
          cell: ({ security }) => t(`adminPeople.mail.securities.${security}`),
        },
        { heading: t('adminPeople.mail.from'), cell: ({ from }) => from, text: ({ from }) => from },
      ]}
    />
  );
}

interface MailValues {
  readonly id: string;
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly security: MailServer['security'];
  readonly username: string;
  readonly password: string;
  readonly from: string;
  readonly timeoutMs: number;
  readonly perSecond: number | '';
  readonly concurrency: number;
  readonly allowPlain: boolean;
  readonly allowCidrs: string[];
  readonly verify: boolean;
  readonly ca: string;
  readonly minVersion: MailServer['tls']['minVersion'];
}

const empty: MailValues = {
  id: '',
  name: '',
  host: '',
  port: 587,
  security: 'starttls',
  username: '',
  password: '',
  from: '',
  timeoutMs: 10_000,
  perSecond: '',
  concurrency: 5,
  allowPlain: false,
  allowCidrs: [],
  verify: true,
  ca: '',
  minVersion: 'TLSv1.2',
};

const toForm = ({ rateLimit, egress, tls, username = '', password = '', ...server }: MailServer): MailValues => ({
  ...server,
  username,
  password,
  perSecond: rateLimit?.perSecond ?? '',
  ...egress,
  verify: tls.verify,
  ca: tls.ca ?? '',
  minVersion: tls.minVersion,
});

const toEntity = ({ perSecond, allowPlain, allowCidrs, verify, ca, minVersion, ...server }: MailValues): object => ({
  ...withoutBlanks(server),
  ...(perSecond === '' ? {} : { rateLimit: { perSecond } }),
  egress: { allowPlain, allowCidrs },
  tls: { verify, minVersion, ...withoutBlanks({ ca }) },
});

const MailServerEditor = () => (
  <EntityEditor kind="mail-server" empty={empty} toForm={toForm} toEntity={toEntity}>
    {(form) => (
      <>
        <Address form={form} />
        <Access form={form} />
        <Limits form={form} />
      </>
    )}
  </EntityEditor>
);

type FieldsProps = { readonly form: UseFormReturnType<MailValues> };

const usualPorts = { starttls: 587, tls: 465, none: 25 } as const;

function Address({ form }: FieldsProps) {
  const { t } = useTranslation();
  const secure = (security: string | null): void => {
    const chosen = (security ?? 'starttls') as MailServer['security'];
    const wasUsual = form.values.port === usualPorts[form.values.security];
    form.setValues({ security: chosen, ...(wasUsual ? { port: usualPorts[chosen] } : {}) });
  };
  return (
    <>
      <TextInput
        label={t('adminPeople.mail.host')}
        placeholder="smtp.example.com"
        required
        {...form.getInputProps('host')}
      />
      <Select
        label={t('adminPeople.mail.security')}
        data={every<MailServer['security']>({ starttls: true, tls: true, none: true }).map((value) => ({
          value,
          label: t(`adminPeople.mail.securities.${value}`),
        }))}
        allowDeselect={false}
        {...form.getInputProps('security')}
        onChange={secure}
      />
      <NumberInput label={t('adminPeople.mail.port')} min={1} max={65_535} {...form.getInputProps('port')} />
      <TextInput
        label={t('adminPeople.mail.from')}
        description={t('adminPeople.mail.fromHelp')}
        placeholder="Orders <orders@example.com>"
        required
        {...form.getInputProps('from')}
      />
    </>
  );
}

function Access({ form }: FieldsProps) {
  const { t } = useTranslation();
  const { id, security } = form.values;
  return (
    <>
      <TextInput
        label={t('adminPeople.user.username')}
        description={t('adminPeople.mail.usernameHelp')}
        autoComplete="off"
        {...form.getInputProps('username')}
      />
      <SecretField
        label={t('adminPeople.mail.password')}
        suggested={`${id === '' ? 'mail' : id}-password`}
        value={form.values.password}
        onChange={(secret) => form.setFieldValue('password', secret)}
        error={form.errors.password}
      />
      {security === 'none' && (
        <Alert color="orange" title={t('adminPeople.mail.plain')}>
          <Switch
            label={t('adminPeople.mail.allowPlain')}
            {...form.getInputProps('allowPlain', { type: 'checkbox' })}
          />
        </Alert>
      )}
      {security !== 'none' && (
        <>
          <Switch
            label={t('adminPeople.mail.verify')}
            description={t('adminPeople.mail.verifyHelp')}
            {...form.getInputProps('verify', { type: 'checkbox' })}
          />
          <Textarea
            label={t('adminPeople.mail.ca')}
            description={t('adminPeople.mail.caHelp')}
            placeholder="-----BEGIN CERTIFICATE-----"
            autosize
            minRows={2}
            maxRows={8}
            {...form.getInputProps('ca')}
          />
          <Select
            label={t('adminPeople.mail.minVersion')}
            data={['TLSv1.2', 'TLSv1.3']}
            allowDeselect={false}
            {...form.getInputProps('minVersion')}
          />
        </>
      )}
    </>
  );
}

function Limits({ form }: FieldsProps) {
  const { t } = useTranslation();
  return (
    <>
      <TimeoutField {...form.getInputProps('timeoutMs')} />
      <NumberInput
        label={t('adminPeople.mail.perSecond')}
        description={t('adminPeople.mail.perSecondHelp')}
        min={0.1}
        max={10_000}
        {...form.getInputProps('perSecond')}
      />
      <ConcurrencyField label={t('adminPeople.mail.concurrency')} max={100} {...form.getInputProps('concurrency')} />
      <TagsInput
        label={t('adminPeople.mail.allowCidrs')}
        description={t('adminPeople.mail.allowCidrsHelp')}
        placeholder="10.20.0.0/16"
        {...form.getInputProps('allowCidrs')}
      />
    </>
  );
}
