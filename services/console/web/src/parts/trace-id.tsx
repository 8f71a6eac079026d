import { ActionIcon, Anchor, CopyButton, Group, Text, Tooltip } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { ask } from '../api/client.ts';

/** Where people look at traces, with `{traceId}` in it; undefined: nobody said. */
function useTraceUrl(): string | undefined {
  const { data } = useQuery({
    queryKey: ['operations', 'links'],
    queryFn: () => ask<{ traceUrl?: string }>('/v1/operations/links'),
    staleTime: Number.POSITIVE_INFINITY,
  });
  return data?.traceUrl;
}

/** The id of a trace: short to look at, copied in full, and a link where there is a viewer. */
export function TraceId({ id }: { readonly id: string }) {
  const { t } = useTranslation();
  const url = useTraceUrl();
  const short = `${id.slice(0, 8)}…`;
  return (
    <Group gap={4} wrap="nowrap" component="span" display="inline-flex" data-trace-id={id}>
      <Text span size="xs" c="dimmed">
        {t('timeline.traceLabel')}
      </Text>
      {url === undefined ? (
        <Text span size="xs" ff="monospace" title={id}>
          {short}
        </Text>
      ) : (
        <Anchor
          href={url.replaceAll('{traceId}', encodeURIComponent(id))}
          target="_blank"
          rel="noreferrer"
          size="xs"
          ff="monospace"
          title={id}
        >
          {short}
        </Anchor>
      )}
      <CopyButton value={id}>
        {({ copied, copy }) => (
          <Tooltip label={t(copied ? 'timeline.copied' : 'timeline.copy')}>
            <ActionIcon
              size="xs"
              variant="subtle"
              color="gray"
              onClick={copy}
              aria-label={`${t(copied ? 'timeline.copied' : 'timeline.copy')} ${short}`}
            >
              {copied ? <IconCheck size={12} aria-hidden /> : <IconCopy size={12} aria-hidden />}
            </ActionIcon>
          </Tooltip>
        )}
      </CopyButton>
    </Group>
  );
}
