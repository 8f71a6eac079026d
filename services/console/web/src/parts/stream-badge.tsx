import { Badge } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { StreamState } from '../live/use-event-stream.ts';

const colours = { connecting: 'yellow', open: 'teal', lost: 'red' } as const;

/** Whether what is shown is of this moment. */
export function StreamBadge({ state }: { readonly state: StreamState }) {
  const { t } = useTranslation();
  return (
    <Badge role="status" variant="dot" tt="none" color={colours[state]} data-stream={state}>
      {t(`shell.stream.${state}`)}
    </Badge>
  );
}
