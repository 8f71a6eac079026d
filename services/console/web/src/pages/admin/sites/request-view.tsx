import { Badge, Code, Group, Stack, Table, Text } from '@mantine/core';
import type { SiteTestReply } from '@patchcord/contracts';
import { useTranslation } from 'react-i18next';
import { FailureText } from '../../../parts/failure-text.tsx';

/** Credentials are there by their names only. */
const dotted = (text: string): string => text.replaceAll('***', '••••••');

/** The request, as it goes over the wire. */
export function Rendered({ reply }: { readonly reply: SiteTestReply }) {
  const { t } = useTranslation();
  const { request, failure, notes } = reply;
  return (
    <Stack gap="xs" role="region" aria-label={t('adminSites.preview.request')}>
      {failure !== undefined && reply.outcome === 'not-sent' && (
        <Text c="var(--mantine-color-error)" size="sm">
          <FailureText failure={failure} />
        </Text>
      )}
      {request !== undefined && (
        <>
          <Group gap="xs" wrap="nowrap" align="start">
            <Badge size="lg" variant="light">
              {request.method}
            </Badge>
            <Code style={{ overflowWrap: 'anywhere' }} data-preview="url" flex={1}>
              {dotted(request.url)}
            </Code>
          </Group>
          <HeaderTable headers={request.headers} />
          {request.body !== undefined && (
            <Code block data-preview="body" tabIndex={0} aria-label={t('adminSites.preview.body')}>
              {request.body}
            </Code>
          )}
        </>
      )}
      {notes.map((note) => (
        <Text key={note} size="sm" c="dimmed">
          {note}
        </Text>
      ))}
    </Stack>
  );
}

/** Header fields of a request or of an answer. */
export function HeaderTable({ headers }: { readonly headers: Readonly<Record<string, string>> }) {
  return (
    <Table fz="sm" withRowBorders={false} verticalSpacing={2} layout="fixed">
      <Table.Tbody>
        {Object.entries(headers).map(([name, value]) => (
          <Table.Tr key={name}>
            <Table.Th scope="row" fw={500} w="35%" style={{ overflowWrap: 'anywhere' }}>
              {name}
            </Table.Th>
            <Table.Td style={{ overflowWrap: 'anywhere' }}>{dotted(value)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
