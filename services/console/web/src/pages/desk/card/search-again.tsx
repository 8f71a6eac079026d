import { Button, Modal, Radio, Select, Stack, TextInput } from '@mantine/core';
import { type UseFormReturnType, useForm } from '@mantine/form';
import type { Card, CardAction } from '@patchcord/contracts';
import { useTranslation } from 'react-i18next';
import type { Choices } from './card-api.ts';
import { RunState } from './run-state.tsx';
import { useRun } from './use-run.ts';

export interface ActionDialogProps {
  readonly cardId: string;
  readonly card: Card;
  readonly choices: Choices;
  readonly opened: boolean;
  readonly onClose: () => void;
}

type Search = Omit<Extract<CardAction, { kind: 'search' }>, 'kind'>;
interface Values {
  readonly how: string;
  readonly number: string;
  readonly connection: string;
  readonly entity: string;
  readonly filter: string;
}

/** Searches further: once more, by another number, by a search that is configured, or in the CRM's own query language. */
export function SearchAgain(props: ActionDialogProps) {
  const { t } = useTranslation();
  return (
    <Modal opened={props.opened} onClose={props.onClose} title={t('card.search.title')} size="lg" {...closing(t)}>
      <SearchForm {...props} />
    </Modal>
  );
}

export const closing = (t: (key: 'common.close') => string) => ({
  closeButtonProps: { 'aria-label': t('common.close') },
});

const again = 'again';
const byNumber = 'number';
const byFilter = 'filter';
const workflowPrefix = 'workflow:';

function SearchForm({ cardId, card, choices, onClose }: ActionDialogProps) {
  const { t } = useTranslation();
  const run = useRun(cardId, card);
  const forFilter = (value: string, { how }: Values) =>
    needOf(how, choices) === 'filter' && value.trim() === '' ? t('card.required') : null;
  const form = useForm<Values>({
    initialValues: {
      how: again,
      number: '',
      connection: choices.connections[0]?.id ?? '',
      entity: '',
      filter: '',
    },
    validate: {
      number: (value, { how }) => (how === byNumber && value.trim() === '' ? t('card.required') : null),
      entity: forFilter,
      filter: forFilter,
    },
  });
  return (
    <form onSubmit={form.onSubmit((values) => run.start({ kind: 'search', body: bodyOf(values, choices) }))} noValidate>
      <Stack>
        <Ways form={form} choices={choices} />
        <Asked form={form} choices={choices} />
        <RunState run={run} />
        <Button type="submit" loading={run.isUnderWay}>
          {t('card.search.submit')}
        </Button>
        {run.runs.length > 0 && !run.isUnderWay && (
          <Button variant="default" onClick={onClose}>
            {t('card.search.look')}
          </Button>
        )}
      </Stack>
    </form>
  );
}

/** What the chosen way has to be told. */
function Asked({ form, choices }: { readonly form: UseFormReturnType<Values>; readonly choices: Choices }) {
  const { t } = useTranslation();
  const need = needOf(form.values.how, choices);
  return (
    <>
      {need === 'number' && (
        <TextInput
          label={t('card.search.number')}
          description={t(form.values.how === byNumber ? 'card.search.numberHelp' : 'card.search.numberOptional')}
          placeholder="+14155550123"
          type="tel"
          maxLength={64}
          {...form.getInputProps('number')}
        />
      )}
      {form.values.how === byFilter && (
        <Select
          label={t('card.search.crm')}
          data={choices.connections.map(({ id, name }) => ({ value: id, label: name }))}
          allowDeselect={false}
          {...form.getInputProps('connection')}
        />
      )}
      {need === 'filter' && (
        <>
          <TextInput
            label={t('card.search.entity')}
            description={t('card.search.entityHelp')}
            placeholder="Contact"
            maxLength={128}
            {...form.getInputProps('entity')}
          />
          <TextInput
            label={t('card.search.filter')}
            description={t('card.search.filterHelp')}
            placeholder="LastName = 'Weber'"
            maxLength={4096}
            {...form.getInputProps('filter')}
          />
        </>
      )}
    </>
  );
}

function Ways({ form, choices }: { readonly form: UseFormReturnType<Values>; readonly choices: Choices }) {
  const { t } = useTranslation();
  return (
    <Radio.Group label={t('card.search.how')} {...form.getInputProps('how')}>
      <Stack gap="xs" mt="xs">
        <Radio value={again} label={t('card.search.again')} description={t('card.search.againHelp')} />
        <Radio value={byNumber} label={t('card.search.byNumber')} />
        {choices.searches.map(({ id, name }) => (
          <Radio key={id} value={`${workflowPrefix}${id}`} label={name} description={t('card.search.configured')} />
        ))}
        {choices.connections.length > 0 && <Radio value={byFilter} label={t('card.search.byFilter')} />}
      </Stack>
    </Radio.Group>
  );
}

function needOf(how: string, { searches }: Choices): 'nothing' | 'number' | 'filter' {
  if (how === byNumber) return 'number';
  if (how === byFilter) return 'filter';
  return searches.find(({ id }) => how === `${workflowPrefix}${id}`)?.needs ?? 'nothing';
}

function bodyOf({ how, number, connection, entity, filter }: Values, choices: Choices): Search {
  const need = needOf(how, choices);
  return {
    ...(how.startsWith(workflowPrefix) ? { workflow: how.slice(workflowPrefix.length) } : {}),
    ...(need === 'number' && number.trim() !== '' ? { phoneNumber: number.trim() } : {}),
    ...(need === 'filter' ? { search: { entity: entity.trim(), filter: filter.trim() } } : {}),
    ...(how === byFilter ? { connection } : {}),
  };
}
