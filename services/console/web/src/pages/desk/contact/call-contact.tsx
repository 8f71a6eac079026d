import { Button, Paper, Radio, Skeleton, Stack, Table, Text, Title } from '@mantine/core';
import type { Contact } from '@patchcord/contracts';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Problem } from '../../../parts/problem.tsx';
import { NewContact } from './new-contact.tsx';
import { nameOf, useCallContact } from './use-call-contact.ts';

interface CallContactProps {
  readonly agentId: string;
  readonly callId: string;
}

/** Whom a call is about: the contact, a choice where several have the number, a form where nobody has. */
export function CallContact({ agentId, callId }: CallContactProps) {
  const { t } = useTranslation();
  const { read, choose, add } = useCallContact(agentId, callId);
  const { data } = read;
  if (data !== undefined && data.database === undefined) return null;
  return (
    <Paper withBorder p="sm" component="section" aria-labelledby="desk-contact">
      <Stack gap="sm">
        <Title order={2} size="h4" id="desk-contact">
          {t('desk.contact.title')}
        </Title>
        {read.isPending && <Skeleton h={60} aria-label={t('common.loading')} />}
        {read.error !== null && <Problem error={read.error} again={() => void read.refetch()} />}
        {data?.contact !== undefined && <Known contact={data.contact} />}
        {data !== undefined && data.candidates.length > 0 && (
          <Chooser key={callId} candidates={data.candidates} choosing={choose.isPending} onChoose={choose.mutate} />
        )}
        {choose.error !== null && <Problem error={choose.error} />}
        {data?.database !== undefined && data.contact === undefined && (
          <NewContact
            key={`new ${callId}`}
            database={data.database}
            number={data.number}
            opened={data.candidates.length === 0}
            adding={add}
          />
        )}
      </Stack>
    </Paper>
  );
}

/** What callers and databases hold is text, broken anywhere, and turns no direction but its own. */
function Known({ contact }: { readonly contact: Contact }) {
  return (
    <Stack gap={4} data-contact-id={contact.contactId}>
      <Text fw={600} component="bdi" style={{ overflowWrap: 'anywhere' }}>
        {nameOf(contact)}
      </Text>
      <Table layout="fixed" verticalSpacing={2}>
        <Table.Tbody>
          {Object.entries(contact.values).map(([column, value]) => (
            <Table.Tr key={column}>
              <Table.Th scope="row" w="40%" fw={500} style={{ overflowWrap: 'anywhere' }}>
                {column}
              </Table.Th>
              <Table.Td style={{ overflowWrap: 'anywhere' }}>
                <bdi>{value}</bdi>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Stack>
  );
}

interface ChooserProps {
  readonly candidates: readonly Contact[];
  readonly choosing: boolean;
  readonly onChoose: (contactId: string) => void;
}

function Chooser({ candidates, choosing, onChoose }: ChooserProps) {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState<string | null>(null);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (chosen !== null) onChoose(chosen);
      }}
    >
      <Stack gap="xs">
        <Radio.Group
          label={t('desk.contact.several', { count: candidates.length })}
          value={chosen}
          onChange={setChosen}
        >
          <Stack gap="xs" mt="xs" mah={260} style={{ overflowY: 'auto' }}>
            {candidates.map((contact) => (
              <Radio
                key={contact.contactId}
                value={contact.contactId}
                label={<bdi>{nameOf(contact)}</bdi>}
                description={<bdi>{Object.values(contact.values).slice(0, 4).join(' · ')}</bdi>}
                styles={{ body: { overflowWrap: 'anywhere' } }}
              />
            ))}
          </Stack>
        </Radio.Group>
        <Button type="submit" size="xs" disabled={chosen === null} loading={choosing}>
          {t('desk.contact.choose')}
        </Button>
      </Stack>
    </form>
  );
}
