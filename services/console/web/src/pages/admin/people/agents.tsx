import { Code, Fieldset, Stack, Text, TextInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { useEntities } from '../../../api/config.ts';
import { EntityEditor } from '../parts/entity-editor.tsx';
import { EntityList } from '../parts/entity-list.tsx';
import { EntityPages } from '../parts/entity-pages.tsx';
import { withoutBlanks } from '../parts/values.ts';

/** People who take calls, as the PBX names them. */
export const Agents = () => <EntityPages list={<AgentList />} editor={<AgentEditor />} />;

function AgentList() {
  const { t } = useTranslation();
  return (
    <EntityList
      kind="agent"
      columns={[
        { heading: t('admin.fields.id'), cell: ({ id }) => <Code>{id}</Code> },
        {
          heading: t('adminPeople.agent.interface'),
          cell: ({ id, interface: phone }) => phone ?? `PJSIP/${id}`,
          text: ({ interface: phone }) => phone ?? '',
        },
        {
          heading: t('adminPeople.agent.externalIds'),
          cell: ({ externalIds }) =>
            Object.entries(externalIds)
              .map(([system, id]) => `${system}: ${id}`)
              .join(', '),
          text: ({ externalIds }) => Object.values(externalIds).join(' '),
        },
      ]}
    />
  );
}

interface AgentValues {
  readonly id: string;
  readonly name: string;
  readonly username: string;
  readonly interface: string;
  readonly pbxId: string;
  readonly externalIds: Readonly<Record<string, string>>;
}

const empty: AgentValues = { id: '', name: '', username: '', interface: '', pbxId: '', externalIds: {} };

const AgentEditor = () => (
  <EntityEditor
    kind="agent"
    empty={empty}
    toForm={({ username = '', interface: phone = '', pbxId = '', ...agent }): AgentValues => ({
      ...agent,
      username,
      interface: phone,
      pbxId,
    })}
    toEntity={({ externalIds, ...agent }) => ({ ...withoutBlanks(agent), externalIds: withoutBlanks(externalIds) })}
  >
    {(form) => <AgentFields form={form} />}
  </EntityEditor>
);

function AgentFields({ form }: { readonly form: UseFormReturnType<AgentValues> }) {
  const { t } = useTranslation();
  const { id } = form.values;
  return (
    <>
      <Text size="sm" c="dimmed">
        {t('adminPeople.agent.idHelp')}
      </Text>
      <TextInput
        label={t('adminPeople.agent.interface')}
        description={t('adminPeople.agent.interfaceHelp')}
        placeholder={id === '' ? 'PJSIP/1001' : `PJSIP/${id}`}
        {...form.getInputProps('interface')}
      />
      <TextInput
        label={t('adminPeople.user.username')}
        description={t('adminPeople.agent.usernameHelp')}
        {...form.getInputProps('username')}
      />
      <TextInput
        label={t('adminPeople.agent.pbx')}
        description={t('adminPeople.agent.pbxHelp')}
        {...form.getInputProps('pbxId')}
      />
      <ExternalIds form={form} />
    </>
  );
}

/** What each CRM calls him. */
function ExternalIds({ form }: { readonly form: UseFormReturnType<AgentValues> }) {
  const { t } = useTranslation();
  const { data: systems = [] } = useEntities('external-system');
  return (
    <Fieldset legend={t('adminPeople.agent.externalIds')}>
      {systems.length === 0 && <Text size="sm">{t('adminPeople.agent.noSystems')}</Text>}
      <Stack>
        {systems.map(({ id, name }) => (
          <TextInput
            key={id}
            label={t('adminPeople.agent.idIn', { system: name })}
            {...form.getInputProps(`externalIds.${id}`)}
            value={form.values.externalIds[id] ?? ''}
          />
        ))}
      </Stack>
    </Fieldset>
  );
}
