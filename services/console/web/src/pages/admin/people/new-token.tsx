import { Button, Checkbox, type CheckboxGroupProps, Group, Modal, Select, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import type { Scope } from '@patchcord/contracts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { ApiError, ask } from '../../../api/client.ts';
import { useEntities } from '../../../api/config.ts';
import { every } from '../../../parts/every.ts';
import { Problem } from '../../../parts/problem.tsx';
import { formErrors } from '../parts/form-errors.ts';
import { withoutBlanks } from '../parts/values.ts';
import { ShownToken } from './shown-token.tsx';
import { tokensKey } from './token-view.ts';

const scopes = every<Scope>({
  'events:write': true,
  'sessions:read': true,
  'sessions:write': true,
  'routing:decide': true,
  'dispositions:read': true,
  'dispositions:write': true,
  'contacts:read': true,
  'contacts:write': true,
  'calls:control': true,
  'recordings:read': true,
  admin: true,
});

/** Asks what a new token may do, makes it, and shows its text once. */
export function NewToken({ opened, onClose }: { readonly opened: boolean; readonly onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t('adminPeople.token.new')}
      closeButtonProps={{ 'aria-label': t('common.close') }}
      size="lg"
    >
      <NewTokenForm onClose={onClose} />
    </Modal>
  );
}

function NewTokenForm({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { data: agents = [] } = useEntities('agent');
  const form = useForm({ initialValues: { name: '', scopes: [] as string[], agentId: null, expiresOn: '' } });
  const make = useMutation({
    mutationFn: ({ expiresOn, ...asked }: typeof form.values) =>
      ask<{ token: string }>('/v1/tokens', {
        method: 'POST',
        body: { ...withoutBlanks(asked), ...(expiresOn === '' ? {} : { expiresAt: endOfDay(expiresOn) }) },
      }),
    onSuccess: () => client.invalidateQueries({ queryKey: tokensKey }),
    onError: (error) => form.setErrors(error instanceof ApiError ? formErrors(error.issues) : {}),
  });
  if (make.data !== undefined) return <ShownToken token={make.data.token} onClose={onClose} />;
  return (
    <form onSubmit={form.onSubmit((values) => make.mutate(values))} noValidate>
      <Stack>
        {make.error !== null && <Problem error={make.error} />}
        <TextInput
          label={t('admin.fields.name')}
          description={t('adminPeople.token.nameHelp')}
          required
          data-autofocus
          {...form.getInputProps('name')}
        />
        <Scopes {...form.getInputProps('scopes')} />
        <Select
          label={t('adminPeople.token.agent')}
          description={t('adminPeople.token.agentHelp')}
          data={agents.map(({ id, name }) => ({ value: id, label: `${name} (${id})` }))}
          searchable
          clearable
          {...form.getInputProps('agentId')}
        />
        <TextInput
          type="date"
          label={t('adminPeople.token.expiresOn')}
          description={t('adminPeople.token.expiresHelp')}
          {...form.getInputProps('expiresOn')}
          error={form.errors.expiresAt}
        />
        <Group justify="end">
          <Button variant="default" onClick={onClose}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" loading={make.isPending}>
            {t('adminPeople.token.make')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** What it may do, each said in a sentence. */
function Scopes(input: Omit<CheckboxGroupProps, 'children'>) {
  const { t } = useTranslation();
  return (
    <Checkbox.Group
      label={t('adminPeople.token.scopes')}
      description={t('adminPeople.token.scopesHelp')}
      required
      {...input}
    >
      <Stack gap="xs" mt="xs">
        {scopes.map((scope) => (
          <Checkbox
            key={scope}
            value={scope}
            label={scope}
            description={t(`adminPeople.scopes.${scope.replace(':', '-') as ScopeKey}`)}
          />
        ))}
      </Stack>
    </Checkbox.Group>
  );
}

type ScopeKey = Scope extends infer One extends string
  ? One extends `${infer Left}:${infer Right}`
    ? `${Left}-${Right}`
    : One
  : never;

/** The day belongs to the life of the token, where the administrator is. */
const endOfDay = (day: string): string => new Date(`${day}T23:59:59`).toISOString();
