import { Alert, Badge, Code, Group, Stack, Text, Title } from '@mantine/core';
import type { SiteTestReply } from '@patchcord/contracts';
import { useTranslation } from 'react-i18next';
import { FailureText } from '../../../parts/failure-text.tsx';
import { HeaderTable } from './request-view.tsx';

/** What a site answered to a request that was really sent; or why none came. */
export function TestAnswer({ reply: { answer, failure } }: { readonly reply: SiteTestReply }) {
  const { t } = useTranslation();
  const isGood = failure === undefined;
  return (
    <Stack gap="xs" role="status" aria-label={t('adminSites.preview.answer')}>
      <Group gap="xs">
        <Title order={2} size="h5">
          {t('adminSites.preview.answer')}
        </Title>
        {answer !== undefined && (
          <>
            <Badge variant="light" color={isGood ? 'teal' : 'red'}>
              {answer.status}
            </Badge>
            <Text size="sm">{t('adminSites.preview.took', { ms: answer.durationMs })}</Text>
          </>
        )}
      </Group>
      {failure !== undefined && (
        <Alert color="red" title={t('adminSites.preview.failed')}>
          <FailureText failure={failure} />
        </Alert>
      )}
      {answer !== undefined && (
        <>
          <HeaderTable headers={answer.headers} />
          {answer.body !== '' && (
            <Code block mah={320} style={{ overflow: 'auto' }} tabIndex={0}>
              {answer.body}
            </Code>
          )}
        </>
      )}
    </Stack>
  );
}
