import { Button, Fieldset, PasswordInput, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ask } from '../../../api/client.ts';
import { Problem } from '../../../parts/problem.tsx';
import { tell } from '../../../parts/tell.ts';

/** A new password for a stored user. It is no field of his: it goes to an address of its own and is never read. */
export function SetPassword({ userId }: { readonly userId: string | undefined }) {
  const { t } = useTranslation();
  const [password, setPassword] = useState('');
  const set = useMutation({
    mutationFn: () =>
      ask<void>(`/v1/users/${encodeURIComponent(userId ?? '')}/password`, { method: 'PUT', body: { password } }),
    onSuccess: () => {
      setPassword('');
      tell(t('adminPeople.user.passwordSet'));
    },
  });
  if (userId === undefined) return <Text size="sm">{t('adminPeople.user.passwordFirst')}</Text>;
  return (
    <Fieldset legend={t('adminPeople.user.password')}>
      <Stack align="start">
        {set.error !== null && <Problem error={set.error} />}
        <PasswordInput
          label={t('adminPeople.user.newPassword')}
          description={t('adminPeople.user.passwordHelp')}
          autoComplete="new-password"
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          w="100%"
          maw={420}
        />
        <Button variant="light" disabled={password === ''} loading={set.isPending} onClick={() => set.mutate()}>
          {t('adminPeople.user.password')}
        </Button>
      </Stack>
    </Fieldset>
  );
}
