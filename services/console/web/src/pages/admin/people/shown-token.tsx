import { Alert, Button, Code, CopyButton, Group, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

/** The text of a token, the only time that it is seen. */
export function ShownToken({ token, onClose }: { readonly token: string; readonly onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Stack>
      <Alert color="orange" role="alert" title={t('adminPeople.token.once')}>
        <Text size="sm">{t('adminPeople.token.onceHelp')}</Text>
      </Alert>
      <Code block style={{ overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }}>
        {token}
      </Code>
      <Group justify="end">
        <CopyButton value={token}>
          {({ copied, copy }) => (
            <Button variant="light" onClick={copy}>
              {t(copied ? 'adminPeople.token.copied' : 'adminPeople.token.copy')}
            </Button>
          )}
        </CopyButton>
        <Button onClick={onClose}>{t('adminPeople.token.done')}</Button>
      </Group>
    </Stack>
  );
}
