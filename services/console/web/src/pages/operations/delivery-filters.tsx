import { Button, Group, Select, TextInput } from '@mantine/core';
import type { CrmDestination, deliveryState, SiteMoment, WorkCause } from '@patchcord/contracts';
import { IconSearch, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { every } from '../../parts/every.ts';
import { siteMoments } from '../../parts/site-moments.ts';
import type { DeliveryFilter } from './use-deliveries.ts';
import { useDestinationKeys } from './use-destinations.ts';

const states = every<(typeof deliveryState)['options'][number]>({
  queued: true,
  retrying: true,
  succeeded: true,
  dead: true,
  discarded: true,
});
const kinds = every<CrmDestination['kind']>({ site: true, crm: true, automation: true, mail: true });
const causes: readonly WorkCause[] = [
  ...siteMoments,
  ...every<Exclude<WorkCause, SiteMoment>>({
    disposition: true,
    'after-call': true,
    automation: true,
    presence: true,
    test: true,
  }),
];
/** Beside each other where there is room, and of one width on a phone. */
const size = { flex: '1 1 150px', maw: 230 } as const;

const times = ['hour', 'day', 'week', 'own'] as const;

interface FilterProps {
  readonly filter: DeliveryFilter;
}

/** What of the log is looked at. */
export function DeliveryFilters({ filter }: FilterProps) {
  const { t } = useTranslation();
  const { of, set, text, setText } = filter;
  return (
    <Group align="flex-end" gap="sm" role="search" aria-label={t('work.filters.label')}>
      <Choices filter={filter} />
      <Times filter={filter} />
      <TextInput
        {...size}
        label={t('work.filters.callId')}
        placeholder="c-berlin-1795218080"
        value={of.callId ?? ''}
        onChange={({ currentTarget }) => set('callId', currentTarget.value)}
      />
      <TextInput
        {...size}
        label={t('work.filters.text')}
        placeholder={t('work.filters.textExample')}
        leftSection={<IconSearch size={16} aria-hidden />}
        value={text}
        onChange={({ currentTarget }) => setText(currentTarget.value)}
      />
      {filter.isOn && (
        <Button variant="subtle" leftSection={<IconX size={16} aria-hidden />} onClick={filter.clear}>
          {t('work.filters.clear')}
        </Button>
      )}
    </Group>
  );
}

function Choices({ filter: { of, set } }: FilterProps) {
  const { t } = useTranslation();
  const destinations = new Set([...useDestinationKeys(), ...(of.destination === undefined ? [] : [of.destination])]);
  const choice = (name: 'state' | 'destination' | 'kind' | 'cause') =>
    ({
      label: t(`work.filters.${name}`),
      placeholder: t('work.filters.all'),
      value: of[name] ?? null,
      onChange: (value: string | null) => set(name, value),
      clearable: true,
      ...size,
    }) as const;
  return (
    <>
      <Select {...choice('state')} data={states.map((value) => ({ value, label: t(`work.states.${value}`) }))} />
      <Select
        {...choice('destination')}
        searchable
        nothingFoundMessage={t('work.filters.noDestination')}
        data={[...destinations]}
      />
      <Select {...choice('kind')} data={kinds.map((value) => ({ value, label: t(`work.kinds.${value}`) }))} />
      <Select {...choice('cause')} data={causes.map((value) => ({ value, label: t(`work.causes.${value}`) }))} />
    </>
  );
}

function Times({ filter }: FilterProps) {
  const { t } = useTranslation();
  const { of, set, from, to, setFrom, setTo } = filter;
  return (
    <>
      <Select
        {...size}
        clearable
        value={of.span ?? null}
        label={t('work.filters.time')}
        placeholder={t('work.filters.always')}
        data={times.map((value) => ({ value, label: t(`work.filters.times.${value}`) }))}
        onChange={(value) => set('span', value)}
      />
      {of.span === 'own' && (
        <>
          <TextInput
            {...size}
            type="datetime-local"
            label={t('work.filters.from')}
            value={from}
            onChange={({ currentTarget }) => setFrom(currentTarget.value)}
          />
          <TextInput
            {...size}
            type="datetime-local"
            label={t('work.filters.to')}
            value={to}
            onChange={({ currentTarget }) => setTo(currentTarget.value)}
          />
        </>
      )}
    </>
  );
}
