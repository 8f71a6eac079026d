import { Badge, Code, Select, Switch, TextInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import type { User } from '@patchcord/contracts';
import { useTranslation } from 'react-i18next';
import { useEntities } from '../../../api/config.ts';
import { EntityEditor } from '../parts/entity-editor.tsx';
import { EntityList } from '../parts/entity-list.tsx';
import { EntityPages } from '../parts/entity-pages.tsx';
import { SetPassword } from './set-password.tsx';

/** People who sign in. */
export const Users = () => <EntityPages list={<UserList />} editor={<UserEditor />} />;

function UserList() {
  const { t } = useTranslation();
  return (
    <EntityList
      kind="user"
      columns={[
        {
          heading: t('adminPeople.user.username'),
          cell: ({ username }) => <Code>{username}</Code>,
          text: ({ username }) => username,
        },
        { heading: t('adminPeople.user.role'), cell: ({ role }) => t(`adminPeople.roles.${role}`) },
        { heading: t('adminPeople.user.agent'), cell: ({ agentId }) => agentId, text: ({ agentId }) => agentId ?? '' },
        {
          heading: t('adminPeople.user.state'),
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

interface UserValues {
  readonly id: string;
  readonly name: string;
  readonly username: string;
  readonly role: User['role'];
  readonly agentId: string | null;
  readonly disabled: boolean;
  /** Who he is at an identity provider: kept, not edited. */
  readonly identity: User['identity'];
}

const empty: UserValues = {
  id: '',
  name: '',
  username: '',
  role: 'agent',
  agentId: null,
  disabled: false,
  identity: undefined,
};

const UserEditor = () => (
  <EntityEditor
    kind="user"
    empty={empty}
    toForm={({ id, name, username, role, agentId = null, disabled, identity }): UserValues => ({
      id,
      name,
      username,
      role,
      agentId,
      disabled,
      identity,
    })}
    toEntity={({ agentId, ...user }) => ({ ...user, ...(agentId === null ? {} : { agentId }) })}
  >
    {(form, stored) => (
      <>
        <UserFields form={form} />
        <SetPassword userId={stored?.id} />
      </>
    )}
  </EntityEditor>
);

const roles: readonly User['role'][] = ['agent', 'supervisor', 'admin'];

function UserFields({ form }: { readonly form: UseFormReturnType<UserValues> }) {
  const { t } = useTranslation();
  const { data: agents = [] } = useEntities('agent');
  return (
    <>
      <TextInput
        label={t('adminPeople.user.username')}
        description={t('adminPeople.user.usernameHelp')}
        autoComplete="off"
        required
        {...form.getInputProps('username')}
      />
      <Select
        label={t('adminPeople.user.role')}
        description={t(`adminPeople.roleHelp.${form.values.role}`)}
        data={roles.map((role) => ({ value: role, label: t(`adminPeople.roles.${role}`) }))}
        allowDeselect={false}
        {...form.getInputProps('role')}
      />
      <Select
        label={t('adminPeople.user.agent')}
        description={t('adminPeople.user.agentHelp')}
        data={agents.map(({ id, name }) => ({ value: id, label: `${name} (${id})` }))}
        required={form.values.role === 'agent'}
        searchable
        clearable
        {...form.getInputProps('agentId')}
      />
      <Switch
        label={t('adminPeople.user.disabled')}
        description={t('adminPeople.user.disabledHelp')}
        {...form.getInputProps('disabled', { type: 'checkbox' })}
      />
    </>
  );
}
