import { Button, Chip, Group, Select, Stack, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { countsOf, type LiveFilter } from './live-order.ts';
import type { LiveCall } from './use-live-calls.ts';

interface LiveFiltersProps {
  readonly calls: readonly LiveCall[];
  readonly filter: LiveFilter;
  readonly change: (filter: LiveFilter) => void;
}

/** Which calls are shown, with how many there are of each. */
export function LiveFilters({ calls, filter, change }: LiveFiltersProps) {
  const { t } = useTranslation();
  const states = countsOf(calls, 'state');
  const queues = countsOf(calls, 'queue');
  return (
    <Stack gap="sm">
      <Chip.Group
        value={filter.state ?? ''}
        onChange={(state) => change({ ...filter, state: state === '' ? null : state })}
      >
        <Group gap="xs" role="group" aria-label={t('live.filters.state')}>
          <Chip size="sm" variant="light" value="">
            {t('live.filters.all')} ({calls.length})
          </Chip>
          {states.map(({ value, count }) => (
            <Chip key={value} size="sm" variant="light" value={value} data-state-chip={value}>
              {t(`live.states.${value as LiveCall['state']}`)} ({count})
            </Chip>
          ))}
        </Group>
      </Chip.Group>
      <Group align="flex-end" gap="sm">
        <TextInput
          w={240}
          label={t('live.filters.text')}
          placeholder={t('live.filters.textExample')}
          leftSection={<IconSearch size={16} aria-hidden />}
          value={filter.text}
          onChange={({ currentTarget }) => change({ ...filter, text: currentTarget.value })}
        />
        <Select
          w={190}
          clearable
          label={t('live.filters.queue')}
          placeholder={t('live.filters.allQueues')}
          data={queues.map(({ value, count }) => ({ value, label: `${value} (${count})` }))}
          value={filter.queue}
          onChange={(queue) => change({ ...filter, queue })}
        />
        <FindCall />
      </Group>
    </Stack>
  );
}

/** A call that is over is found by its id, as it stands in a CRM or in a log. */
function FindCall() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [callId, setCallId] = useState('');
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (callId.trim() !== '') void navigate(`/live/${encodeURIComponent(callId.trim())}`);
      }}
    >
      <Group align="flex-end" gap="xs" wrap="nowrap">
        <TextInput
          miw={250}
          label={t('live.find.label')}
          placeholder="c-berlin-1795218080"
          value={callId}
          onChange={({ currentTarget }) => setCallId(currentTarget.value)}
        />
        <Button type="submit" variant="default">
          {t('live.find.go')}
        </Button>
      </Group>
    </form>
  );
}
