import { Badge } from '@mantine/core';
import type { Delivery } from '@patchcord/contracts';
import { useTranslation } from 'react-i18next';

const stateColours = {
  queued: 'gray',
  retrying: 'yellow',
  succeeded: 'teal',
  dead: 'red',
  discarded: 'gray',
} as const;

export function DeliveryState({ state }: { readonly state: Delivery['state'] }) {
  const { t } = useTranslation();
  return (
    <Badge color={stateColours[state]} variant="light" tt="none" miw="max-content">
      {t(`work.states.${state}`)}
    </Badge>
  );
}
