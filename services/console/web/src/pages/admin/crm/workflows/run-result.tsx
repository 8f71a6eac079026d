import { Alert, Anchor, Badge, Stack, Table, Text } from '@mantine/core';
import type { CrmHit, RunWorkflowReply } from '@patchcord/contracts';
import { useTranslation } from 'react-i18next';
import { CallerText } from '../../../../parts/caller-text.tsx';
import { FailureText } from '../../../../parts/failure-text.tsx';

/** What came of a run: records that were found, a record that was written with each of its fields, or why nothing. */
export function RunResult({ reply }: { readonly reply: RunWorkflowReply }) {
  const { t } = useTranslation();
  const ms = Math.round(reply.durationMs);
  switch (reply.outcome) {
    case 'found':
      return (
        <Stack gap="xs">
          <Text fw={600}>{t('adminCrm.run.found', { count: reply.records.length, ms })}</Text>
          {reply.note !== undefined && <Text size="sm">{reply.note}</Text>}
          {reply.records.length > 0 && <Records records={reply.records} />}
        </Stack>
      );
    case 'written':
      return (
        <Stack gap="xs">
          <Text fw={600} c="teal">
            {t(reply.again ? 'adminCrm.run.changedRecord' : 'adminCrm.run.written', { ms })}
          </Text>
          <Records records={[reply.record]} />
          <Fields reply={reply} />
        </Stack>
      );
    case 'unable':
      return <Alert color="orange">{reply.message}</Alert>;
    case 'failed':
      return (
        <Alert color="red" title={t('adminCrm.run.failed', { ms })}>
          <FailureText failure={reply.failure} /> ({reply.failure.code})
        </Alert>
      );
    case 'timeout':
      return <Alert color="red">{t('adminCrm.run.timeout', { ms })}</Alert>;
  }
}

const shown = (value: unknown): string => {
  if (value === null || value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
};

function Records({ records }: { readonly records: readonly CrmHit[] }) {
  const { t } = useTranslation();
  return (
    <Table.ScrollContainer minWidth={420}>
      <Table fz="sm">
        <Table.Thead>
          <Table.Tr>
            {(['record', 'module', 'fields'] as const).map((heading) => (
              <Table.Th key={heading} scope="col">
                {t(`adminCrm.run.columns.${heading}`)}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {records.map(({ module, id, name, url, fields }) => (
            <Table.Tr key={`${module} ${id}`}>
              <Table.Th scope="row" fw={500}>
                {url !== undefined && /^https?:/i.test(url) ? (
                  <Anchor href={url} target="_blank" rel="noopener noreferrer" inherit>
                    <CallerText name={name === '' ? id : name} />
                  </Anchor>
                ) : (
                  <CallerText name={name === '' ? id : name} />
                )}
              </Table.Th>
              <Table.Td>{module}</Table.Td>
              <Table.Td style={{ overflowWrap: 'anywhere' }}>
                {Object.entries(fields)
                  .map(([field, value]) => `${field}: ${shown(value)}`)
                  .join(' · ')}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

const colours = { written: 'teal', cut: 'orange', dropped: 'orange', empty: 'gray', refused: 'red' } as const;

function Fields({ reply }: { readonly reply: Extract<RunWorkflowReply, { outcome: 'written' }> }) {
  const { t } = useTranslation();
  if (reply.fields.length === 0) return null;
  return (
    <Table fz="sm" maw={560}>
      <Table.Tbody>
        {reply.fields.map(({ field, outcome, message }) => (
          <Table.Tr key={field}>
            <Table.Th scope="row" fw={500}>
              {field}
            </Table.Th>
            <Table.Td>
              <Badge variant="light" color={colours[outcome]} tt="none" miw="max-content">
                {t(`adminCrm.run.fields.${outcome}`)}
              </Badge>{' '}
              {message}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
