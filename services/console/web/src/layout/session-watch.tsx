import { Alert, Button, Dialog, Group, Modal, Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useLapsed } from '../api/lapse.ts';
import { useSignedIn } from '../api/session.ts';
import { forget } from '../api/session-changes.ts';
import { formatDuration } from '../i18n/format.ts';
import { ProviderLinks } from '../parts/provider-links.tsx';
import { PasswordForm, TokenForm } from '../parts/sign-in-forms.tsx';
import { useSessionEnd } from './use-session-end.ts';

/** Above dialogs of the pages. */
const zIndex = 1000;

/** Says that the session is about to end, and when it is over asks to sign in again without taking the page away. */
export function SessionWatch() {
  const lapsed = useLapsed();
  return (
    <>
      {!lapsed && <EndsSoon />}
      <SignInAgain opened={lapsed} />
    </>
  );
}

function EndsSoon() {
  const { t } = useTranslation();
  const { leftMs, canStay, stay } = useSessionEnd();
  return (
    <Dialog
      opened={leftMs !== undefined}
      zIndex={zIndex}
      size="lg"
      p={0}
      withBorder
      position={{ bottom: 16, right: 16 }}
      data-session="ends-soon"
    >
      <Alert color="yellow" role="alert" title={t('signIn.soon.title')}>
        <Text size="sm">{t(canStay ? 'signIn.soon.unused' : 'signIn.soon.longest')}</Text>
        <Group mt="sm" justify="space-between">
          {/* Each second told aloud would be too much. */}
          <Text size="sm" fw={700} aria-hidden>
            {formatDuration(leftMs ?? 0)}
          </Text>
          {canStay && (
            <Button size="xs" onClick={stay}>
              {t('signIn.soon.stay')}
            </Button>
          )}
        </Group>
      </Alert>
    </Dialog>
  );
}

function SignInAgain({ opened }: { readonly opened: boolean }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { tenantId, username, providerId } = useSignedIn();
  const navigate = useNavigate();
  /** The place is forgotten too: it may be none of theirs. */
  const leave = (): void => {
    void navigate('/', { replace: true });
    forget(client);
  };
  return (
    <Modal
      opened={opened}
      onClose={() => undefined}
      zIndex={zIndex}
      title={t('signIn.again.title')}
      withCloseButton={false}
      closeOnEscape={false}
      closeOnClickOutside={false}
      centered
      // Who passes by reads nothing of what is behind.
      overlayProps={{ blur: 12, backgroundOpacity: 0.6 }}
    >
      <Stack>
        <Text size="sm">{t('signIn.again.text')}</Text>
        {providerId !== undefined && <ProviderLinks tenant={tenantId} inNewTab />}
        {providerId === undefined && username === undefined && <TokenForm />}
        {providerId === undefined && username !== undefined && <PasswordForm known={{ tenant: tenantId, username }} />}
        <Button variant="subtle" size="compact-sm" onClick={leave}>
          {t('signIn.again.other')}
        </Button>
      </Stack>
    </Modal>
  );
}
