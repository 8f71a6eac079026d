import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useBlocker } from 'react-router';

/** State of the way on after what was typed has been stored: the form is clean only when it is drawn again. */
export const justSaved = 'saved';

/** Asks before what was typed and not saved is lost: on the way to another page, and when the tab is closed. */
export function LeaveQuestion({ when }: { readonly when: boolean }) {
  const { t } = useTranslation();
  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) =>
      when && nextLocation.state !== justSaved && currentLocation.pathname !== nextLocation.pathname,
  );
  useEffect(() => {
    if (!when) return;
    const stay = (event: BeforeUnloadEvent): void => event.preventDefault();
    addEventListener('beforeunload', stay);
    return () => removeEventListener('beforeunload', stay);
  }, [when]);
  return (
    <Modal
      opened={blocker.state === 'blocked'}
      onClose={() => blocker.reset?.()}
      title={t('admin.leave.title')}
      closeButtonProps={{ 'aria-label': t('common.close') }}
      centered
    >
      <Stack>
        <Text>{t('admin.leave.what')}</Text>
        <Group justify="end">
          <Button variant="default" onClick={() => blocker.reset?.()} data-autofocus>
            {t('admin.leave.stay')}
          </Button>
          <Button color="red" onClick={() => blocker.proceed?.()}>
            {t('admin.leave.leave')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
