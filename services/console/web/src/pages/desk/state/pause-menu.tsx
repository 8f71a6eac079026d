import { Button, type ButtonProps, Group, Menu, Modal, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useDisclosure } from '@mantine/hooks';
import { IconChevronDown, IconPlayerPause } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

interface PauseMenuProps extends Pick<ButtonProps, 'size' | 'disabled' | 'loading'> {
  /** Those of the tenant; none: the usual ones. */
  readonly reasons: readonly string[];
  readonly onPause: (reason: string) => void;
}

const usual = ['break', 'lunch', 'meeting', 'training'] as const;

/** A pause always has a reason: who plans the team's day asks for it. */
export function PauseMenu({ reasons, onPause, ...button }: PauseMenuProps) {
  const { t } = useTranslation();
  const [opened, { open, close }] = useDisclosure();
  const shown = reasons.length > 0 ? reasons : usual.map((reason) => t(`desk.pauses.${reason}`));
  return (
    <>
      <Menu position="bottom-start">
        <Menu.Target>
          <Button
            variant="light"
            leftSection={<IconPlayerPause size={16} aria-hidden />}
            rightSection={<IconChevronDown size={16} aria-hidden />}
            {...button}
          >
            {t('desk.pause')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {shown.map((reason) => (
            <Menu.Item key={reason} onClick={() => onPause(reason)}>
              {reason}
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Item onClick={open}>{t('desk.otherReason')}</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Modal
        opened={opened}
        onClose={close}
        title={t('desk.pause')}
        closeButtonProps={{ 'aria-label': t('common.close') }}
      >
        <ReasonForm
          onCancel={close}
          onReason={(reason) => {
            close();
            onPause(reason);
          }}
        />
      </Modal>
    </>
  );
}

interface ReasonFormProps {
  readonly onReason: (reason: string) => void;
  readonly onCancel: () => void;
}

function ReasonForm({ onReason, onCancel }: ReasonFormProps) {
  const { t } = useTranslation();
  const form = useForm({ mode: 'uncontrolled', initialValues: { reason: '' } });
  return (
    <form onSubmit={form.onSubmit(({ reason }) => onReason(reason.trim()))}>
      <Stack>
        <TextInput
          label={t('desk.reason')}
          placeholder={t('desk.reasonExample')}
          maxLength={80}
          required
          data-autofocus
          {...form.getInputProps('reason')}
        />
        <Group justify="flex-end">
          <Button variant="subtle" onClick={onCancel}>
            {t('common.cancel')}
          </Button>
          <Button type="submit">{t('desk.pause')}</Button>
        </Group>
      </Stack>
    </form>
  );
}
