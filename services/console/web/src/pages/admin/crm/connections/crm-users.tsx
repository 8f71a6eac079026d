import { Alert, Anchor, Badge, Button, Group, List, Stack, Table, Text, Title } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { ApiError, ask } from '../../../../api/client.ts';
import { useEntities } from '../../../../api/config.ts';
import { Problem } from '../../../../parts/problem.tsx';
import { editorPath } from '../../sections.ts';

interface CrmUser {
  readonly id: string;
  readonly name: string;
  readonly email?: string;
  readonly username?: string;
}

interface Report {
  readonly system: string;
  readonly matched: readonly {
    readonly agentId: string;
    readonly user: CrmUser;
    readonly by: 'username' | 'email';
    readonly change: 'new' | 'same' | 'changed';
    readonly before?: string;
  }[];
  readonly ambiguous: readonly { readonly user: CrmUser; readonly agentIds: readonly string[] }[];
  readonly unmatchedUsers: readonly CrmUser[];
  readonly unmatchedAgents: readonly string[];
  readonly written: number;
}

/** Whose users of the CRM our agents are: first looked at, then written into the agents. */
export function CrmUsers() {
  const { t } = useTranslation();
  const { id = '' } = useParams();
  const match = useMatch(id);
  const report = match.data;
  const changes = report?.matched.filter(({ change }) => change !== 'same').length ?? 0;
  const needsSystem = match.error instanceof ApiError && match.error.issues.some(({ path }) => path === 'agentSystem');
  return (
    <Stack maw={1100}>
      <Title order={1} size="h2">
        {t('adminCrm.users.title')}
      </Title>
      <Text c="dimmed" maw={720}>
        {t('adminCrm.users.about')}
      </Text>
      <Group>
        <Button loading={match.isPending && match.variables === false} onClick={() => match.mutate(false)}>
          {t('adminCrm.users.look')}
        </Button>
        <Button component={Link} to={editorPath('crm-connection', id)} variant="default">
          {t('adminCrm.users.back')}
        </Button>
      </Group>
      {match.error !== null && (
        <>
          <Problem error={match.error} />
          {needsSystem && <Text size="sm">{t('adminCrm.users.needsSystem')}</Text>}
        </>
      )}
      {report !== undefined && (
        <>
          <Alert role="status" color={match.variables === true ? 'teal' : 'blue'}>
            {match.variables === true
              ? t('adminCrm.users.written', { count: report.written })
              : t('adminCrm.users.dryRun', { count: changes })}
          </Alert>
          <Matched report={report} />
          {changes > 0 && match.variables !== true && (
            <Group>
              <Button color="orange" onClick={() => match.mutate(true)}>
                {t('adminCrm.users.write', { count: changes })}
              </Button>
            </Group>
          )}
          <Others report={report} />
        </>
      )}
    </Stack>
  );
}

function useMatch(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (confirm: boolean) =>
      ask<Report>(`/v1/crm-connections/${encodeURIComponent(id)}/users/match`, { method: 'POST', body: { confirm } }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['config', 'agent'] }),
  });
}

const userText = ({ name, username, email }: CrmUser): string =>
  [name, username ?? email].filter((part) => part !== undefined && part !== '').join(' · ');

const colours = { new: 'teal', changed: 'orange', same: 'gray' } as const;

function Matched({ report }: { readonly report: Report }) {
  const { t } = useTranslation();
  const { data: agents = [] } = useEntities('agent');
  const nameOf = (agentId: string): string => agents.find(({ id }) => id === agentId)?.name ?? agentId;
  if (report.matched.length === 0) return <Text>{t('adminCrm.users.none')}</Text>;
  return (
    <Table.ScrollContainer minWidth={560}>
      <Table striped>
        <Table.Thead>
          <Table.Tr>
            {(['agent', 'user', 'by', 'change'] as const).map((heading) => (
              <Table.Th key={heading} scope="col">
                {t(`adminCrm.users.columns.${heading}`)}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {report.matched.map(({ agentId, user, by, change, before }) => (
            <Table.Tr key={agentId}>
              <Table.Th scope="row" fw={500}>
                <Anchor component={Link} to={editorPath('agent', agentId)} inherit>
                  {nameOf(agentId)}
                </Anchor>{' '}
                ({agentId})
              </Table.Th>
              <Table.Td>{userText(user)}</Table.Td>
              <Table.Td>{t(`adminCrm.users.by.${by}`)}</Table.Td>
              <Table.Td>
                <Badge variant="light" color={colours[change]} tt="none">
                  {t(`adminCrm.users.changes.${change}`)}
                </Badge>
                {before !== undefined && change === 'changed' && ` ${t('adminCrm.users.before', { before })}`}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function Others({ report }: { readonly report: Report }) {
  const { t } = useTranslation();
  const { ambiguous, unmatchedUsers, unmatchedAgents } = report;
  return (
    <>
      {ambiguous.length > 0 && (
        <Part title={t('adminCrm.users.ambiguous')}>
          {ambiguous.map(({ user, agentIds }) => (
            <List.Item key={user.id}>
              {userText(user)}: {agentIds.join(', ')}
            </List.Item>
          ))}
        </Part>
      )}
      {unmatchedUsers.length > 0 && (
        <Part title={t('adminCrm.users.unmatchedUsers')}>
          {unmatchedUsers.map((user) => (
            <List.Item key={user.id}>{userText(user)}</List.Item>
          ))}
        </Part>
      )}
      {unmatchedAgents.length > 0 && (
        <Part title={t('adminCrm.users.unmatchedAgents')}>
          {unmatchedAgents.map((agentId) => (
            <List.Item key={agentId}>{agentId}</List.Item>
          ))}
        </Part>
      )}
    </>
  );
}

function Part({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section>
      <Title order={2} size="h5">
        {title}
      </Title>
      <List size="sm">{children}</List>
    </section>
  );
}
