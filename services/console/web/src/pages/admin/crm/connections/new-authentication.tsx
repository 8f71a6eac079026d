import { Button, Group, Modal, Select, Stack, TagsInput, TextInput } from '@mantine/core';
import { type UseFormReturnType, useForm } from '@mantine/form';
import type { SiteAuthentication } from '@patchcord/contracts';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../../../../api/client.ts';
import { useSaveEntity } from '../../../../api/config.ts';
import { Problem } from '../../../../parts/problem.tsx';
import { formErrors } from '../../parts/form-errors.ts';
import { slugOf } from '../../parts/slug.ts';
import { type AuthenticationValues, authenticationOf, fieldsOf, kinds, valuesOf } from './authentication-form.ts';
import { CredentialField } from './credential-field.tsx';

export type AuthenticationKind = SiteAuthentication['kind'];

interface NewAuthenticationProps {
  /** What names and ids begin with. */
  readonly base: string;
  /** Kinds that the CRM takes, the best first. */
  readonly ways: readonly AuthenticationKind[];
  readonly egress: { readonly allowHttp: boolean; readonly allowCidrs: string[] };
  readonly onMade: (id: string) => void;
  readonly onClose: () => void;
}

/** Makes the authentication that a CRM wants, without leaving its form. */
export function NewAuthentication({ base, ways, egress, onMade, onClose }: NewAuthenticationProps) {
  const { t } = useTranslation();
  const { form, save, submit } = useMaking({ base, ways, egress, onMade, onClose });
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={t('adminCrm.auth.title')}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <form
        noValidate
        onSubmit={(event) => {
          // The dialog lies within the form of the connection, as React sees it.
          event.stopPropagation();
          form.onSubmit(submit)(event);
        }}
      >
        <Stack>
          {save.error !== null && <Problem error={save.error} words={{ revision_conflict: t('admin.editor.taken') }} />}
          <TextInput
            label={t('admin.fields.name')}
            description={t('adminCrm.auth.nameHelp')}
            placeholder={base}
            data-autofocus
            {...form.getInputProps('name')}
          />
          <Select
            label={t('adminCrm.auth.kind')}
            data={kinds.map((kind) => ({ value: kind, label: t(`adminCrm.auth.kinds.${kind}`) }))}
            allowDeselect={false}
            {...form.getInputProps('kind')}
          />
          <Fields form={form} base={form.values.name === '' ? base : slugOf(form.values.name)} />
          <Group justify="end">
            <Button variant="default" onClick={onClose}>
              {t('common.cancel')}
            </Button>
            <Button type="submit" loading={save.isPending}>
              {t('common.save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

function useMaking({ base, ways, egress, onMade, onClose }: NewAuthenticationProps) {
  const save = useSaveEntity('site-authentication');
  const first = kinds.find((kind) => ways.includes(kind)) ?? 'api-key';
  const form = useForm<AuthenticationValues>({ initialValues: valuesOf(first) });
  const submit = (values: AuthenticationValues): void => {
    const name = values.name === '' ? base : values.name;
    const id = slugOf(name);
    save.mutate(
      { id, entity: { id, name, ...authenticationOf(values, egress) } },
      {
        onSuccess: () => {
          onMade(id);
          onClose();
        },
        onError: (error) => form.setErrors(error instanceof ApiError ? formErrors(error.issues) : {}),
      },
    );
  };
  return { form, save, submit };
}

const examples: Partial<Record<keyof AuthenticationValues, string>> = {
  field: 'X-Api-Key',
  username: 'cti',
  tokenUrl: 'https://login.example.com/oauth2/token',
  authorizationUrl: 'https://login.example.com/oauth2/authorize',
};

const choicesOf = {
  in: [
    ['header', 'inHeader'],
    ['query', 'inQuery'],
  ],
  clientAuthentication: [
    ['basic', 'clientBasic'],
    ['post', 'clientPost'],
  ],
} as const;

function Fields({ form, base }: { readonly form: UseFormReturnType<AuthenticationValues>; readonly base: string }) {
  const { t } = useTranslation();
  return fieldsOf[form.values.kind].map((field) => {
    if (field === 'scopes')
      return <TagsInput key={field} label={t('adminCrm.auth.fields.scopes')} {...form.getInputProps(field)} />;
    if (field === 'clientAuthentication' || field === 'in')
      return (
        <Select
          key={field}
          label={t(`adminCrm.auth.fields.${field}`)}
          data={choicesOf[field].map(([value, text]) => ({ value, label: t(`adminCrm.auth.${text}`) }))}
          allowDeselect={false}
          {...form.getInputProps(field)}
        />
      );
    if (
      field === 'password' ||
      field === 'key' ||
      field === 'token' ||
      field === 'clientSecret' ||
      field === 'refreshToken'
    )
      return (
        <CredentialField
          key={field}
          label={t(`adminCrm.auth.fields.${field}`)}
          {...(field === 'key' ? { description: t('adminCrm.auth.keyHelp') } : {})}
          value={form.values[field]}
          base={`${base}-${slugOf(field)}`}
          onChange={(id) => form.setFieldValue(field, id)}
          error={form.errors[field]}
        />
      );
    return (
      <TextInput
        key={field}
        label={t(`adminCrm.auth.fields.${field}`)}
        placeholder={examples[field]}
        autoComplete="off"
        required={field !== 'prefix'}
        {...form.getInputProps(field)}
      />
    );
  });
}
