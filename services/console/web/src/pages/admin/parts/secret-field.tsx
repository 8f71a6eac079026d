import { Button, Group, PasswordInput, Textarea, TextInput } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSetSecret } from '../../../api/secrets.ts';
import { Problem } from '../../../parts/problem.tsx';
import { tell } from '../../../parts/tell.ts';

interface SecretFieldProps {
  readonly label: string;
  readonly description?: string;
  /** The id of the secret, as the entity holds it. */
  readonly value: string;
  readonly onChange: (id: string) => void;
  readonly error?: ReactNode;
  readonly required?: boolean;
  /** For what has several lines, such as a certificate in PEM. */
  readonly multiline?: boolean;
  /** What the id is made of where there is none yet, e.g. `mail-password`. */
  readonly suggested: string;
}

/** A reference to a secret, and a way to set its value. Only the id is part of the form. */
export function SecretField(props: SecretFieldProps) {
  const { label, description, value, onChange, error, required = false, multiline = false, suggested } = props;
  const { t } = useTranslation();
  const [typed, setTyped] = useState('');
  const set = useSetSecret();
  const store = (): void => {
    const id = value === '' ? suggested : value;
    set.mutate(
      { id, value: typed },
      {
        onSuccess: () => {
          setTyped('');
          onChange(id);
          tell(t('admin.secret.stored', { id }));
        },
      },
    );
  };
  return (
    <>
      <Group align="end" wrap="wrap">
        <TextInput
          label={label}
          description={description ?? t('admin.secret.idHelp')}
          placeholder={suggested}
          value={value}
          onChange={(event) => onChange(event.currentTarget.value)}
          error={error}
          required={required}
          flex={1}
          miw={220}
        />
        <ValueInput
          label={t('admin.secret.value', { label })}
          multiline={multiline}
          value={typed}
          onChange={setTyped}
        />
        <Button variant="light" disabled={typed === ''} loading={set.isPending} onClick={store}>
          {t('admin.secret.set')}
        </Button>
      </Group>
      {set.error !== null && <Problem error={set.error} />}
    </>
  );
}

interface ValueInputProps {
  readonly label: string;
  readonly multiline: boolean;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** A password field would take the ends of the lines out. */
function ValueInput({ label, multiline, value, onChange }: ValueInputProps) {
  if (multiline)
    return (
      <Textarea
        label={label}
        placeholder="-----BEGIN …"
        autoComplete="off"
        spellCheck={false}
        autosize
        minRows={1}
        maxRows={6}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        flex={1}
        miw={220}
      />
    );
  return (
    <PasswordInput
      label={label}
      placeholder="••••••••"
      autoComplete="off"
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      flex={1}
      miw={220}
    />
  );
}
