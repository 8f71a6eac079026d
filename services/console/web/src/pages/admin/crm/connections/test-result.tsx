import { Alert, Anchor, Badge, Button, CopyButton, Group, List, Stack, Table, Text } from '@mantine/core';
import type { CrmTestReply, CrmTestStep } from '@patchcord/contracts';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { CallerText } from '../../../../parts/caller-text.tsx';
import { FailureText } from '../../../../parts/failure-text.tsx';
import { remedyOf } from './remedies.ts';

const colours = { done: 'teal', failed: 'red', unable: 'orange', skipped: 'gray' } as const;

/** What came of each step, how long it took, and what to do about what failed. */
export function TestResult({ reply }: { readonly reply: CrmTestReply }) {
  const { t } = useTranslation();
  const { outcome, steps, user, hits, call, durationMs } = reply;
  const failed = steps.find((step) => step.outcome === 'failed');
  return (
    <Stack>
      <Text fw={600} c={outcome === 'passed' ? 'teal' : 'red'} data-outcome={outcome}>
        {t(`adminCrm.test.${outcome}`, { ms: Math.round(durationMs) })}
      </Text>
      <Steps steps={steps} />
      {failed !== undefined && <Remedy step={failed} />}
      {user !== undefined && <Text size="sm">{t('adminCrm.test.user', { user })}</Text>}
      {hits !== undefined && hits.length > 0 && (
        <Named title={t('adminCrm.test.found', { count: hits.length })}>
          <List size="sm">
            {hits.map((hit) => (
              <List.Item key={`${hit.module} ${hit.id}`}>
                <RecordName name={hit.name} url={hit.url} /> ({hit.module}
                {hit.field === undefined ? '' : ` · ${hit.field}`})
              </List.Item>
            ))}
          </List>
        </Named>
      )}
      {call !== undefined && (
        <Named title={t('adminCrm.test.logged')}>
          <Text size="sm">
            <RecordName name={`${call.module} ${call.id}`} url={call.url} />
          </Text>
        </Named>
      )}
    </Stack>
  );
}

function Named({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <div>
      <Text size="sm" fw={500}>
        {title}
      </Text>
      {children}
    </div>
  );
}

function RecordName({ name, url }: { readonly name: string; readonly url: string | undefined }) {
  if (url === undefined || !/^https?:/i.test(url)) return <CallerText name={name} />;
  return (
    <Anchor href={url} target="_blank" rel="noopener noreferrer" inherit>
      <CallerText name={name} />
    </Anchor>
  );
}

function Steps({ steps }: { readonly steps: readonly CrmTestStep[] }) {
  const { t } = useTranslation();
  return (
    <Table.ScrollContainer minWidth={420}>
      <Table fz="sm" verticalSpacing="xs">
        <Table.Thead>
          <Table.Tr>
            {(['step', 'outcome', 'time', 'message'] as const).map((heading) => (
              <Table.Th key={heading} scope="col">
                {t(`adminCrm.test.columns.${heading}`)}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {steps.map(({ step, outcome, durationMs, message, failure }) => (
            <Table.Tr key={step} data-step={step} data-outcome={outcome}>
              <Table.Th scope="row" fw={500}>
                {t(`adminCrm.test.steps.${step}`)}
              </Table.Th>
              <Table.Td>
                <Badge variant="light" color={colours[outcome]} tt="none" miw="max-content">
                  {t(`adminCrm.test.outcomes.${outcome}`)}
                </Badge>
              </Table.Td>
              <Table.Td style={{ whiteSpace: 'nowrap' }}>{Math.round(durationMs)} ms</Table.Td>
              <Table.Td style={{ overflowWrap: 'anywhere' }}>
                {failure === undefined ? message : <FailureText failure={{ ...failure, message }} />}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

/** What can be done; it can be copied for whoever looks after the CRM. */
function Remedy({ step }: { readonly step: CrmTestStep }) {
  const { t } = useTranslation();
  const what = t(`adminCrm.remedies.${remedyOf(step)}`);
  const { code, status } = step.failure ?? {};
  const told = [
    `${t(`adminCrm.test.steps.${step.step}`)}: ${step.message}`,
    [code, status].filter((part) => part !== undefined).join(' '),
    what,
  ];
  return (
    <Alert color="red" variant="light" title={t('adminCrm.test.remedy')}>
      <Text size="sm">{what}</Text>
      <Group mt="sm">
        <CopyButton value={told.filter((line) => line !== '').join('\n')}>
          {({ copied, copy }) => (
            <Button
              size="xs"
              variant="light"
              color="red"
              onClick={copy}
              leftSection={copied ? <IconCheck size={14} aria-hidden /> : <IconCopy size={14} aria-hidden />}
            >
              {t(copied ? 'adminCrm.test.copied' : 'adminCrm.test.copy')}
            </Button>
          )}
        </CopyButton>
      </Group>
    </Alert>
  );
}
