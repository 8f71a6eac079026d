import { Badge, Group, Text } from '@mantine/core';
import type { CrmHealth } from '@patchcord/contracts';
import { IconAlertTriangle, IconCircleCheck, IconCircleDashed, IconClockPause, IconPlugOff } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { FailureText } from '../../../../parts/failure-text.tsx';

const looks = {
  ok: { color: 'teal', Icon: IconCircleCheck },
  failing: { color: 'red', Icon: IconAlertTriangle },
  held: { color: 'orange', Icon: IconClockPause },
  disabled: { color: 'gray', Icon: IconPlugOff },
  unused: { color: 'gray', Icon: IconCircleDashed },
} as const satisfies Record<CrmHealth['status'], unknown>;

/** How a connection is, and of one that is not well: why. */
export function StatusBadge({ health }: { readonly health: CrmHealth }) {
  const { t } = useTranslation();
  const { status, lastFailure } = health;
  const { color, Icon } = looks[status];
  return (
    <Group gap="xs">
      <Badge variant="light" color={color} tt="none" miw="max-content" leftSection={<Icon size={14} aria-hidden />}>
        {t(`adminCrm.health.status.${status}`)}
      </Badge>
      {(status === 'failing' || status === 'held') && lastFailure !== undefined && (
        <Text size="sm">
          <FailureText failure={lastFailure} />
        </Text>
      )}
    </Group>
  );
}
