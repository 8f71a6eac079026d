import { Alert, Button, Dialog, Group, Modal, Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useLapsed } from '../api/lapse.ts';
import { useSignedIn } from '../api/session.ts';
import { forget } from '../api/session-changes.ts';
import { homePath } from '../embed/frame/place.ts';
import { formatDuration } from '../i18n/format.ts';
import { ProviderLinks } from '../parts/provider-links.tsx';
import { PasswordForm, TokenForm } from '../parts/sign-in-forms.tsx';
import { useSessionEnd } from './use-session-end.ts';

/** Above dialogs of the pages. */
const zIndex = 1000;

interface SessionWatchProps {
  /** By what one signs in again. Default: as one did before. */
  readonly children?: ReactNode;
}

/** Says that the session is about to end, and when it is over asks to sign in again without taking the page away. */
export function SessionWatch({ children = <AsBefore /> }: SessionWatchProps) {
  const lapsed = useLapsed();
  return (
    <>
      {!lapsed && <EndsSoon />}
      <SignInAgain opened={lapsed}>{children}</SignInAgain>
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

function SignInAgain({ opened, children }: { readonly opened: boolean; readonly children: ReactNode }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  /** The place is forgotten too: it may be none of theirs. */
  const leave = (): void => {
    void navigate(homePath, { replace: true });
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
        {children}
        <Button variant="subtle" size="compact-sm" onClick={leave}>
          {t('signIn.again.other')}
        </Button>
      </Stack>
    </Modal>
  );
}

function AsBefore() {
  const { tenantId, username, providerId } = useSignedIn();
  if (providerId !== undefined) return <ProviderLinks tenant={tenantId} inNewTab />;
  return username === undefined ? <TokenForm /> : <PasswordForm known={{ tenant: tenantId, username }} />;
}
