import { notifications } from '@mantine/notifications';
import { i18n } from '../i18n/index.ts';

/** Says in a corner of the page what was done, and to a screen reader. */
export const tell = (message: string): void =>
  void notifications.show({ message, closeButtonProps: { 'aria-label': i18n.t('common.close') } });
