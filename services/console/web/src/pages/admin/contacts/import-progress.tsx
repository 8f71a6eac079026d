import { Badge, Group, Progress, SimpleGrid, Stack, Text } from '@mantine/core';
import type { ContactImport } from '@patchcord/contracts';
import { useTranslation } from 'react-i18next';
import { useImports } from '../../../api/imports.ts';
import { formatTime } from '../../../i18n/format.ts';
import { BadLines } from './bad-lines.tsx';

interface ImportProgressProps {
  readonly importId: string;
  /** Of the file; of a CRM it is told how many records there are. */
  readonly bytes?: number;
}

/** How far an import is, live; when it is over, what became of it. */
export function ImportProgress({ importId, bytes }: ImportProgressProps) {
  const { t, i18n } = useTranslation();
  const { data: imports } = useImports(true);
  const found = imports?.find((one) => one.importId === importId);
  const percent = found === undefined ? 0 : percentOf(found, bytes);
  return (
    <Stack data-import={found?.state ?? 'running'}>
      <Group gap="xs" role="status">
        <Badge variant="light" tt="none" color={colours[found?.state ?? 'running']}>
          {t(`adminContacts.states.${found?.state ?? 'running'}`)}
        </Badge>
        {found?.message !== undefined && <Text size="sm">{found.message}</Text>}
        {found?.waitingUntil !== undefined && (
          <Text size="sm">{t('adminContacts.crm.waits', { at: formatTime(found.waitingUntil, i18n.language) })}</Text>
        )}
      </Group>
      <Progress.Root size="lg">
        <Progress.Section
          value={percent}
          animated={found?.state === 'running'}
          aria-label={t('adminContacts.import.progress')}
        />
      </Progress.Root>
      {found !== undefined && <Counts of={found} />}
      {found !== undefined && found.state !== 'running' && <BadLines importId={importId} refused={found.refused} />}
    </Stack>
  );
}

const colours: Readonly<Record<ContactImport['state'], string>> = {
  running: 'blue',
  done: 'teal',
  failed: 'red',
  interrupted: 'orange',
  cancelled: 'orange',
};

function percentOf({ state, bytes, total, lines }: ContactImport, ofFile: number | undefined): number {
  if (state === 'done') return 100;
  const [read, all] = ofFile === undefined ? [lines, total] : [bytes, ofFile];
  return all === undefined || all === 0 ? 0 : Math.min(100, Math.round((read / all) * 100));
}

const counts = ['lines', 'added', 'updated', 'unchanged', 'refused'] as const;

function Counts({ of }: { readonly of: ContactImport }) {
  const { t, i18n } = useTranslation();
  return (
    <SimpleGrid cols={{ base: 2, xs: 5 }} component="dl" m={0}>
      {counts.map((name) => (
        <div key={name}>
          <Text component="dt" size="sm" c="dimmed">
            {t(`adminContacts.counts.${name}`)}
          </Text>
          <Text component="dd" m={0} fz="lg" fw={600} data-count={name}>
            {of[name].toLocaleString(i18n.language)}
          </Text>
        </div>
      ))}
    </SimpleGrid>
  );
}
