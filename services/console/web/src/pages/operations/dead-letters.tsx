import { Alert, Button, Group, Stack, Text, TextInput, Title } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { Problem } from '../../parts/problem.tsx';
import { StreamBadge } from '../../parts/stream-badge.tsx';
import { LetterDialog } from './letter-dialog.tsx';
import { LetterTable } from './letter-table.tsx';
import { useDeliveryChanges } from './use-changes.ts';
import { allLetters, type Letter, type LetterFilter, noLetterFilter, useDeadLetters } from './use-dead-letters.ts';
import type { Deed } from './use-letter-run.ts';

type Chosen = ReadonlyMap<string, Letter>;

/** What could not be delivered or processed, until somebody brings it back to life or gives it up. */
export function DeadLetters() {
  const { t } = useTranslation();
  const [params] = useSearchParams();
  const [filter, setFilter] = useState<LetterFilter>({
    ...noLetterFilter,
    consumer: params.get('consumer') ?? '',
    callId: params.get('callId') ?? '',
  });
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetchingNextPage } = useDeadLetters(filter);
  const stream = useDeliveryChanges('dead-letters');
  const [chosen, setChosen] = useState<Chosen>(new Map());
  const [deed, setDeed] = useState<Deed>();
  const letters = data?.pages.flatMap(({ deadLetters }) => deadLetters) ?? [];
  const { matched = 0, open = 0 } = data?.pages[0] ?? {};
  const change = (changed: LetterFilter): void => {
    setFilter(changed);
    setChosen(new Map());
  };
  return (
    <Stack>
      <Group justify="space-between">
        <Title order={1} size="h2">
          {t('ops.dead.title')}
        </Title>
        <StreamBadge state={stream} />
      </Group>
      <Text maw={720}>{t('ops.dead.meaning')}</Text>
      <LetterFilters filter={filter} change={change} />
      {error !== null && <Problem error={error} again={() => void refetch()} />}
      <Text role="status" size="sm" c="dimmed">
        {data !== undefined && t('ops.dead.count', { count: matched, open })}
      </Text>
      {data !== undefined && letters.length === 0 && (
        <Alert color="teal" title={t(open === 0 ? 'ops.dead.none' : 'ops.dead.noneFits')} />
      )}
      {letters.length > 0 && (
        <>
          <Choice filter={filter} matched={matched} chosen={chosen} choose={setChosen} act={setDeed} />
          <LetterTable letters={letters} chosen={chosen} choose={setChosen} />
        </>
      )}
      {hasNextPage && (
        <Button variant="default" w="fit-content" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t('work.older')}
        </Button>
      )}
      {deed !== undefined && (
        <LetterDialog
          deed={deed}
          letters={[...chosen.values()]}
          close={() => {
            setDeed(undefined);
            setChosen(new Map());
          }}
        />
      )}
    </Stack>
  );
}

interface LetterFiltersProps {
  readonly filter: LetterFilter;
  readonly change: (filter: LetterFilter) => void;
}

const examples = { consumer: 'site-orders', code: 'http_503', callId: 'c-berlin-1795218080' } as const;

function LetterFilters({ filter, change }: LetterFiltersProps) {
  const { t } = useTranslation();
  return (
    <Group gap="sm" align="flex-end" role="search" aria-label={t('work.filters.label')}>
      {(['consumer', 'code', 'callId'] as const).map((name) => (
        <TextInput
          key={name}
          flex="1 1 150px"
          maw={230}
          label={t(`ops.dead.filters.${name}`)}
          placeholder={examples[name]}
          value={filter[name]}
          onChange={({ currentTarget }) => change({ ...filter, [name]: currentTarget.value })}
        />
      ))}
      <TextInput
        flex="1 1 150px"
        maw={230}
        label={t('work.filters.text')}
        placeholder={t('ops.dead.filters.textExample')}
        leftSection={<IconSearch size={16} aria-hidden />}
        value={filter.text}
        onChange={({ currentTarget }) => change({ ...filter, text: currentTarget.value })}
      />
    </Group>
  );
}

interface ChoiceProps {
  readonly filter: LetterFilter;
  readonly matched: number;
  readonly chosen: Chosen;
  readonly choose: (chosen: Chosen) => void;
  readonly act: (deed: Deed) => void;
}

/** What is done with those that are chosen. */
function Choice({ filter, matched, chosen, choose, act }: ChoiceProps) {
  const { t } = useTranslation();
  const all = useMutation({
    mutationFn: () => allLetters(filter),
    onSuccess: (letters) => choose(new Map(letters.map((letter) => [letter.id, letter]))),
  });
  const none = chosen.size === 0;
  return (
    <Stack gap="xs">
      {all.error !== null && <Problem error={all.error} />}
      <Group gap="xs">
        <Button variant="default" size="xs" loading={all.isPending} onClick={() => all.mutate()}>
          {t('ops.dead.chooseAll', { count: matched })}
        </Button>
        <Button variant="default" size="xs" disabled={none} onClick={() => choose(new Map())}>
          {t('ops.dead.chooseNone')}
        </Button>
        <Button size="xs" disabled={none} onClick={() => act('replay')}>
          {t('ops.dead.replay')}
        </Button>
        <Button size="xs" variant="light" color="red" disabled={none} onClick={() => act('discard')}>
          {t('ops.dead.discard')}
        </Button>
        <Text role="status" size="sm">
          {none ? '' : t('ops.dead.chosen', { count: chosen.size })}
        </Text>
      </Group>
    </Stack>
  );
}
