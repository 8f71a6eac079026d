import { Button, Card, Checkbox, Group, Select, Stack, Switch, Textarea, Title } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import type { Channel, loggedOutcomes, Memorialization } from '@patchcord/contracts';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useEntities } from '../../../../api/config.ts';
import { useModules } from '../../../../api/crm-fields.ts';
import { every } from '../../../../parts/every.ts';
import { EntityEditor } from '../../parts/entity-editor.tsx';
import { EntityList } from '../../parts/entity-list.tsx';
import { EntityPages } from '../../parts/entity-pages.tsx';
import { ConnectionSelect, ModulePicker, Unread } from '../pickers.tsx';
import { TextWithItems } from '../text-with-items.tsx';
import {
  emptyMemorialization,
  type MemorializationValues,
  memorializationForm,
  memorializationOf,
} from './memorialization-form.ts';
import { Preview } from './preview.tsx';
import { Rows } from './rows.tsx';

type MemorializationForm = UseFormReturnType<MemorializationValues>;

/** What is written into a CRM when a conversation is over. */
export const Memorializations = () => <EntityPages list={<MemorializationList />} editor={<MemorializationEditor />} />;

function MemorializationList() {
  const { t } = useTranslation();
  const { data: connections = [] } = useEntities('crm-connection');
  const nameOf = (id: string): string => connections.find((one) => one.id === id)?.name ?? id;
  return (
    <EntityList
      kind="memorialization"
      columns={[
        {
          heading: t('adminCrm.mapping.connection'),
          cell: ({ connection }) => nameOf(connection),
          text: ({ connection }) => nameOf(connection),
        },
        {
          heading: t('adminCrm.memorialization.writes'),
          cell: ({ timeline, entities }) =>
            [
              ...(timeline === false ? [] : [t('adminCrm.memorialization.timeline')]),
              ...entities.map((one) => one.module),
            ].join(', '),
        },
      ]}
    />
  );
}

const MemorializationEditor = () => (
  <EntityEditor
    kind="memorialization"
    empty={emptyMemorialization}
    toForm={memorializationForm}
    toEntity={memorializationOf}
  >
    {(form) => (
      <>
        <When form={form} />
        <Timeline form={form} />
        <Entities form={form} />
        <Preview draft={memorializationOf(form.values)} connection={form.values.connection} />
      </>
    )}
  </EntityEditor>
);

/** Where, and of which conversations. */
function When({ form }: { readonly form: MemorializationForm }) {
  const { t } = useTranslation();
  const { connection } = form.values;
  return (
    <>
      <Textarea
        label={t('adminCrm.memorialization.description')}
        autosize
        minRows={1}
        {...form.getInputProps('description')}
      />
      <Group grow align="start" preventGrowOverflow={false}>
        <ConnectionSelect
          value={connection}
          onChange={(id) => form.setFieldValue('connection', id)}
          error={form.errors.connection}
        />
        <Select
          label={t('adminCrm.memorialization.log')}
          description={t(`adminCrm.memorialization.logHelp.${form.values.log}`)}
          data={every<Memorialization['log']>({ interaction: true, call: true }).map((one) => ({
            value: one,
            label: t(`adminCrm.memorialization.logs.${one}`),
          }))}
          allowDeselect={false}
          {...form.getInputProps('log')}
        />
      </Group>
      <Unread connection={connection} />
      <Group align="start" gap="xl">
        <Checkbox.Group label={t('adminCrm.memorialization.channels')} {...form.getInputProps('channels')}>
          <Group mt={6}>
            {every<Channel>({ voice: true, digital: true }).map((one) => (
              <Checkbox key={one} value={one} label={t(`adminCrm.item.channels.${one}`)} />
            ))}
          </Group>
        </Checkbox.Group>
        <Checkbox.Group label={t('adminCrm.logging.outcomes')} {...form.getInputProps('outcomes')}>
          <Group mt={6}>
            {every<(typeof loggedOutcomes)[number]>({
              answered: true,
              missed: true,
              abandoned: true,
              failed: true,
            }).map((one) => (
              <Checkbox key={one} value={one} label={t(`adminCrm.outcomes.${one}`)} />
            ))}
          </Group>
        </Checkbox.Group>
      </Group>
    </>
  );
}

/** The entry in the CRM's timeline. Its fields are those of the module in which the CRM keeps calls. */
function Timeline({ form }: { readonly form: MemorializationForm }) {
  const { t } = useTranslation();
  const { connection, hasTimeline, timeline } = form.values;
  const { data } = useModules(connection);
  const module = data?.about.calls.module ?? '';
  return (
    <Card withBorder component="section" aria-label={t('adminCrm.memorialization.timeline')}>
      <Stack>
        <Title order={2} size="h4">
          {t('adminCrm.memorialization.timeline')}
        </Title>
        <Switch
          label={t('adminCrm.memorialization.hasTimeline')}
          {...form.getInputProps('hasTimeline', { type: 'checkbox' })}
          error={form.errors.timeline}
        />
        {hasTimeline && (
          <>
            <TextWithItems
              of="record"
              label={t('adminCrm.memorialization.subject')}
              description={t('adminCrm.memorialization.subjectHelp')}
              placeholder="Call with {customer.name|customer.number}"
              value={timeline.subject}
              onChange={(subject) => form.setFieldValue('timeline.subject', subject)}
              error={form.errors['timeline.subject']}
            />
            <TextWithItems
              of="record"
              label={t('adminCrm.memorialization.notes')}
              description={t('adminCrm.memorialization.notesHelp')}
              lines={3}
              value={timeline.notes}
              onChange={(notes) => form.setFieldValue('timeline.notes', notes)}
              error={form.errors['timeline.notes']}
            />
            <Switch
              label={t('adminCrm.memorialization.link')}
              {...form.getInputProps('timeline.link', { type: 'checkbox' })}
            />
            <Rows
              title={t('adminCrm.memorialization.callFields', { module })}
              connection={connection}
              module={module}
              rows={timeline.fields}
              onChange={(fields) => form.setFieldValue('timeline.fields', fields)}
              errorOf={(field) => form.errors[`timeline.fields.${field}`]}
            />
          </>
        )}
      </Stack>
    </Card>
  );
}

/** Records that are linked to the conversation, and which of their fields are written. */
function Entities({ form }: { readonly form: MemorializationForm }) {
  const { t } = useTranslation();
  const { connection, entities } = form.values;
  return (
    <Stack>
      {entities.map(({ module, fields }, at) => (
        <Card key={at} withBorder component="section" aria-label={t('adminCrm.memorialization.linked', { module })}>
          <Stack>
            <Group justify="space-between">
              <Title order={2} size="h4">
                {t('adminCrm.memorialization.linked', { module })}
              </Title>
              <Button
                variant="subtle"
                color="red"
                size="compact-sm"
                leftSection={<IconTrash size={14} aria-hidden />}
                onClick={() => form.removeListItem('entities', at)}
              >
                {t('adminCrm.mapping.removeModule')}
              </Button>
            </Group>
            <ModulePicker
              connection={connection}
              label={t('adminCrm.mapping.module')}
              required
              value={module}
              onChange={(next) => form.setFieldValue(`entities.${at}.module`, next)}
              error={form.errors[`entities.${at}.module`]}
            />
            {module !== '' && <Unread connection={connection} module={module} />}
            <Rows
              title={t('adminCrm.memorialization.fields')}
              connection={connection}
              module={module}
              rows={fields}
              onChange={(next) => form.setFieldValue(`entities.${at}.fields`, next)}
              errorOf={(field) => form.errors[`entities.${at}.fields.${field}`]}
            />
          </Stack>
        </Card>
      ))}
      <Button
        variant="light"
        leftSection={<IconPlus size={16} aria-hidden />}
        style={{ alignSelf: 'start' }}
        onClick={() => form.insertListItem('entities', { module: '', fields: [] })}
      >
        {t('adminCrm.memorialization.addEntity')}
      </Button>
    </Stack>
  );
}
