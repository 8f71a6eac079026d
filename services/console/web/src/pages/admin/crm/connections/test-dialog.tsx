import { Alert, Button, Group, Modal, Stack, Switch, Text, TextInput } from '@mantine/core';
import { IconPlugConnected } from '@tabler/icons-react';
import { type SyntheticEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCrmTest } from '../../../../api/crm.ts';
import { Problem } from '../../../../parts/problem.tsx';
import { TestResult } from './test-result.tsx';

interface TestDialogProps {
  /** As it would be stored. */
  readonly draft: object;
  /** Of a stored connection that was not changed. */
  readonly id?: string;
  readonly onClose: () => void;
}

/** Tries a connection step by step: its configuration, the log-in, a search, a call. Also one that nobody stored yet. */
export function TestDialog({ draft, id, onClose }: TestDialogProps) {
  const { t } = useTranslation();
  const [phone, setPhone] = useState('');
  const [logCall, setLogCall] = useState(false);
  const test = useCrmTest();
  const run = (event: SyntheticEvent): void => {
    event.preventDefault();
    // The dialog lies within the form of the connection, as React sees it.
    event.stopPropagation();
    if (!test.isPending) test.mutate({ draft, phone, logCall, ...(id === undefined ? {} : { id }) });
  };
  return (
    <Modal
      opened
      onClose={onClose}
      size="xl"
      title={t('adminCrm.test.title')}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <Stack>
        {id === undefined && <Text size="sm">{t('adminCrm.test.draft')}</Text>}
        <form onSubmit={run} noValidate>
          <Stack>
            <TextInput
              label={t('adminCrm.test.phone')}
              description={t('adminCrm.test.phoneHelp')}
              placeholder="+14155550123"
              type="tel"
              value={phone}
              onChange={(event) => setPhone(event.currentTarget.value)}
              data-autofocus
            />
            <Switch
              label={t('adminCrm.test.logCall')}
              description={t('adminCrm.test.logCallHelp')}
              checked={logCall}
              onChange={(event) => setLogCall(event.currentTarget.checked)}
            />
            {logCall && <Alert color="orange">{t('adminCrm.test.writes')}</Alert>}
            <Group>
              <Button type="submit" loading={test.isPending} leftSection={<IconPlugConnected size={16} aria-hidden />}>
                {t('adminCrm.test.run')}
              </Button>
            </Group>
          </Stack>
        </form>
        <div role="status">
          {test.isPending && <Text size="sm">{t('adminCrm.test.running')}</Text>}
          {test.data !== undefined && !test.isPending && <TestResult reply={test.data} />}
        </div>
        {test.error !== null && <Problem error={test.error} />}
      </Stack>
    </Modal>
  );
}
