import type { UseFormReturnType } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { SecretField } from '../parts/secret-field.tsx';
import { slugOf } from '../parts/slug.ts';
import type { AuthenticationValues } from './authentication-values.ts';

export type AuthenticationForm = UseFormReturnType<AuthenticationValues>;

type SecretName =
  | 'password'
  | 'apiKey'
  | 'token'
  | 'clientSecret'
  | 'refreshToken'
  | 'first'
  | 'second'
  | 'certificate'
  | 'privateKey'
  | 'passphrase';

interface SecretProps {
  readonly form: AuthenticationForm;
  readonly field: SecretName;
  /** Where it is in the entity, if not at the field. */
  readonly path?: string;
  readonly required?: boolean;
  readonly multiline?: boolean;
}

/** A secret of the authentication: its id is made of the name. */
export function Secret({ form, field, path = field, required = false, multiline = false }: SecretProps) {
  const { t } = useTranslation();
  const base = form.values.id || slugOf(form.values.name) || 'authentication';
  return (
    <SecretField
      label={t(`adminAuthentications.secrets.${field}`)}
      value={form.values[field]}
      onChange={(id) => {
        form.clearFieldError(path);
        form.setFieldValue(field, id);
      }}
      error={form.errors[path]}
      required={required}
      multiline={multiline}
      suggested={slugOf(`${base} ${field.replaceAll(/([A-Z])/g, ' $1')}`)}
    />
  );
}
