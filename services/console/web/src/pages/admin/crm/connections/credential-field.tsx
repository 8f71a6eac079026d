import { Button, Code, Group, PasswordInput, Stack, Text } from '@mantine/core';
import { type KeyboardEvent, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSecrets, useSetSecret } from '../../../../api/secrets.ts';
import { Problem } from '../../../../parts/problem.tsx';

interface CredentialFieldProps {
  readonly label: string;
  readonly description?: string;
  readonly required?: boolean;
  /** Id of the secret; empty: there is none yet. */
  readonly value: string;
  /** Told the id once a first value is stored. */
  readonly onChange: (id: string) => void;
  /** What the id of a new secret is made of, e.g. `sales-password`. */
  readonly base: string;
  readonly error?: ReactNode;
}

/**
 * A password or a key. It is stored by itself, sealed, and cannot be read again: what the form holds is its id. A new value
 * takes the place of the old one under the same id.
 */
export function CredentialField({
  label,
  description,
  required = false,
  value,
  onChange,
  base,
  error,
}: CredentialFieldProps) {
  const { t } = useTranslation();
  const { typed, setTyped, set, store } = useStoring({ value, base, onChange });
  const onEnter = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    store();
  };
  return (
    <Stack gap={6}>
      <Group align="end" gap="xs" wrap="nowrap">
        <PasswordInput
          label={label}
          description={description}
          required={required}
          autoComplete="new-password"
          placeholder={value === '' ? undefined : t('adminCrm.credential.keep')}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          onKeyDown={onEnter}
          error={error !== undefined && error !== null}
          flex={1}
        />
        <Button variant="light" disabled={typed === ''} loading={set.isPending} onClick={store}>
          {t('adminCrm.credential.store')}
        </Button>
      </Group>
      {error !== undefined && error !== null && (
        <Text size="xs" c="var(--mantine-color-error)">
          {error}
        </Text>
      )}
      {set.error !== null && <Problem error={set.error} />}
      <State id={value} isTyped={typed !== ''} />
    </Stack>
  );
}

/** Under the id that is there, or else one that nobody has. */
function useStoring({ value, base, onChange }: Pick<CredentialFieldProps, 'value' | 'base' | 'onChange'>) {
  const [typed, setTyped] = useState('');
  const { data } = useSecrets();
  const set = useSetSecret();
  const store = (): void => {
    if (typed === '' || set.isPending) return;
    const id = value === '' ? freeId(base, new Set(data?.secrets.map((one) => one.id))) : value;
    set.mutate(
      { id, value: typed },
      {
        onSuccess: () => {
          setTyped('');
          set.reset();
          if (id !== value) onChange(id);
        },
      },
    );
  };
  return { typed, setTyped, set, store };
}

function State({ id, isTyped }: { readonly id: string; readonly isTyped: boolean }) {
  const { t, i18n } = useTranslation();
  const { data } = useSecrets();
  const stored = data?.secrets.find((one) => one.id === id);
  const at = (time: string): string =>
    new Intl.DateTimeFormat(i18n.language, { dateStyle: 'medium', timeStyle: 'short' }).format(Date.parse(time));
  return (
    <Text size="xs" role="status" c={isTyped ? 'orange' : 'dimmed'}>
      {isTyped && t('adminCrm.credential.typed')}
      {!isTyped && id === '' && t('adminCrm.credential.none')}
      {!isTyped && id !== '' && data !== undefined && (
        <>
          {stored === undefined
            ? t('adminCrm.credential.missing')
            : t('adminCrm.credential.stored', { at: at(stored.updatedAt) })}{' '}
          <Code fz="xs">{id}</Code>
        </>
      )}
    </Text>
  );
}

/** One that no other secret has: nobody's password is written over by chance. */
function freeId(base: string, taken: ReadonlySet<string>): string {
  const candidates = [base, ...Array.from({ length: taken.size + 1 }, (_, at) => `${base}-${at + 2}`)];
  return candidates.find((id) => !taken.has(id)) ?? base;
}
