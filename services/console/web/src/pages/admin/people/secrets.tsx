import {
  Alert,
  Anchor,
  Button,
  Code,
  Fieldset,
  Group,
  List,
  PasswordInput,
  Stack,
  Table,
  Text,
  TextInput,
  Title,
} from '@mantine/core';
import { useForm } from '@mantine/form';
import type { ConfigKind, SecretInfo } from '@patchcord/contracts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { ask } from '../../../api/client.ts';
import { useSetSecret } from '../../../api/secrets.ts';
import { formatTime } from '../../../i18n/format.ts';
import { Problem } from '../../../parts/problem.tsx';
import { tell } from '../../../parts/tell.ts';
import { editorPath } from '../sections.ts';

interface SecretUse {
  readonly kind: ConfigKind;
  readonly id: string;
}

interface SecretReport {
  readonly secrets: readonly (SecretInfo & { readonly usedBy: readonly SecretUse[] })[];
  readonly missing: readonly { readonly id: string; readonly usedBy: readonly SecretUse[] }[];
}

/** Passwords and keys by their ids: which there are, what needs them, which are missing. Values are only ever written. */
export function Secrets() {
  const { t } = useTranslation();
  const form = useForm({ initialValues: { id: '', value: '' } });
  const { data, error, refetch } = useQuery({
    queryKey: ['secrets'],
    queryFn: () => ask<SecretReport>('/v1/secrets'),
  });
  return (
    <Stack maw={900}>
      <Title order={1} size="h2">
        {t('admin.tools.secrets')}
      </Title>
      <Text c="dimmed">{t('admin.toolsAbout.secrets')}</Text>
      {error !== null && <Problem error={error} again={() => void refetch()} />}
      {data !== undefined && data.missing.length > 0 && (
        <Missing missing={data.missing} onPick={(id) => form.setValues({ id })} />
      )}
      <SetSecret form={form} />
      {data?.secrets.length === 0 && <Text>{t('admin.list.none')}</Text>}
      {data !== undefined && data.secrets.length > 0 && <SecretTable secrets={data.secrets} />}
    </Stack>
  );
}

interface MissingProps {
  readonly missing: SecretReport['missing'];
  readonly onPick: (id: string) => void;
}

function Missing({ missing, onPick }: MissingProps) {
  const { t } = useTranslation();
  return (
    <Alert color="orange" title={t('adminPeople.secret.missing')}>
      <List size="sm">
        {missing.map(({ id, usedBy }) => (
          <List.Item key={id}>
            <Anchor component="button" type="button" inherit onClick={() => onPick(id)}>
              {id}
            </Anchor>
            : <Users usedBy={usedBy} />
          </List.Item>
        ))}
      </List>
    </Alert>
  );
}

const Users = ({ usedBy }: { readonly usedBy: readonly SecretUse[] }) => {
  const { t } = useTranslation();
  return (
    <Group component="span" gap="xs" display="inline-flex">
      {usedBy.map(({ kind, id }) => (
        <Anchor key={`${kind} ${id}`} component={Link} to={editorPath(kind, id)} inherit>
          {t(`admin.kinds.${kind}`)} {id}
        </Anchor>
      ))}
    </Group>
  );
};

function SetSecret({ form }: { readonly form: ReturnType<typeof useForm<{ id: string; value: string }>> }) {
  const { t } = useTranslation();
  const set = useSetSecret();
  const store = form.onSubmit((values) =>
    set.mutate(values, {
      onSuccess: () => {
        form.reset();
        tell(t('admin.secret.stored', { id: values.id }));
      },
    }),
  );
  return (
    <Fieldset legend={t('adminPeople.secret.set')}>
      <form onSubmit={store}>
        <Stack>
          {set.error !== null && <Problem error={set.error} />}
          <TextInput label={t('admin.fields.id')} placeholder="crm-password" required {...form.getInputProps('id')} />
          <PasswordInput
            label={t('adminPeople.secret.value')}
            description={t('adminPeople.secret.valueHelp')}
            autoComplete="off"
            required
            {...form.getInputProps('value')}
          />
          <Group>
            <Button type="submit" loading={set.isPending}>
              {t('adminPeople.secret.set')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Fieldset>
  );
}

function SecretTable({ secrets }: Pick<SecretReport, 'secrets'>) {
  const { t, i18n } = useTranslation();
  const client = useQueryClient();
  const remove = useMutation({
    mutationFn: (id: string) => ask<void>(`/v1/secrets/${encodeURIComponent(id)}`, { method: 'DELETE' }),
    onSettled: () => client.invalidateQueries({ queryKey: ['secrets'] }),
  });
  return (
    <>
      {remove.error !== null && <Problem error={remove.error} />}
      <Table.ScrollContainer minWidth={560}>
        <Table striped>
          <Table.Thead>
            <Table.Tr>
              {[t('admin.fields.id'), t('adminPeople.secret.usedBy'), t('adminPeople.secret.changed')].map(
                (heading) => (
                  <Table.Th key={heading} scope="col">
                    {heading}
                  </Table.Th>
                ),
              )}
              <Table.Td />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {secrets.map(({ id, usedBy, updatedAt, actor }) => (
              <Table.Tr key={id} data-entity={id}>
                <Table.Th scope="row" fw={500}>
                  <Code>{id}</Code>
                </Table.Th>
                <Table.Td>
                  <Users usedBy={usedBy} />
                </Table.Td>
                <Table.Td>
                  <time dateTime={updatedAt}>{formatTime(updatedAt, i18n.language)}</time> {actor}
                </Table.Td>
                <Table.Td ta="end">
                  <Button
                    size="compact-sm"
                    variant="subtle"
                    color="red"
                    aria-label={t('adminPeople.secret.removeThis', { id })}
                    disabled={usedBy.length > 0}
                    loading={remove.isPending && remove.variables === id}
                    onClick={() => remove.mutate(id)}
                  >
                    {t('admin.delete.do')}
                  </Button>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </>
  );
}
