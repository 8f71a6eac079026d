import {
  Alert,
  Badge,
  Button,
  Card,
  Group,
  NumberInput,
  Select,
  SimpleGrid,
  Stack,
  Table,
  Text,
  Textarea,
  TextInput,
  Title,
} from '@mantine/core';
import type { Channel, MemorializationPreviewReply, PreviewedField } from '@patchcord/contracts';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ask } from '../../../../api/client.ts';
import { useEntities } from '../../../../api/config.ts';
import { every } from '../../../../parts/every.ts';
import { Problem } from '../../../../parts/problem.tsx';

interface Sample {
  readonly channel: 'voice' | 'digital';
  readonly number: string;
  readonly name: string;
  readonly agentId: string | null;
  readonly disposition: string;
  readonly comments: string;
  readonly talkSeconds: number | string;
}

const first: Sample = {
  channel: 'voice',
  number: '+14155550123',
  name: 'Joe Caller',
  agentId: null,
  disposition: 'Solved',
  comments: '',
  talkSeconds: 61,
};

interface PreviewProps {
  /** As it would be stored. */
  readonly draft: object;
  readonly connection: string;
}

/** What would be written for a made-up call, stored or not. Nothing is written. */
export function Preview({ draft, connection }: PreviewProps) {
  const { t } = useTranslation();
  const [sample, setSample] = useState(first);
  const preview = useMutation({
    mutationFn: () => {
      const { agentId, ...given } = sample;
      const made = agentId === null ? given : { ...given, agentId };
      const body = { memorialization: draft, sample: made };
      return ask<MemorializationPreviewReply>('/v1/memorialization/preview', { method: 'POST', body });
    },
  });
  return (
    <Card withBorder component="section" aria-label={t('adminCrm.preview.title')}>
      <Stack>
        <Title order={2} size="h4">
          {t('adminCrm.preview.title')}
        </Title>
        <Text size="sm" c="dimmed">
          {t('adminCrm.preview.about')}
        </Text>
        <SampleFields sample={sample} set={(part) => setSample((was) => ({ ...was, ...part }))} />
        <Group>
          <Button
            variant="light"
            disabled={connection === ''}
            loading={preview.isPending}
            onClick={() => preview.mutate()}
          >
            {t('adminCrm.preview.show')}
          </Button>
        </Group>
        {preview.error !== null && <Problem error={preview.error} />}
        <div role="status">{preview.data !== undefined && <Previewed reply={preview.data} />}</div>
      </Stack>
    </Card>
  );
}

interface SampleFieldsProps {
  readonly sample: Sample;
  readonly set: (part: Partial<Sample>) => void;
}

function SampleFields({ sample, set }: SampleFieldsProps) {
  const { t } = useTranslation();
  const { data: agents = [] } = useEntities('agent');
  return (
    <>
      <SimpleGrid cols={{ base: 1, xs: 2, md: 3 }}>
        <Select
          label={t('adminCrm.preview.channel')}
          data={every<Channel>({ voice: true, digital: true }).map((one) => ({
            value: one,
            label: t(`adminCrm.item.channels.${one}`),
          }))}
          allowDeselect={false}
          value={sample.channel}
          onChange={(channel) => set({ channel: channel as Sample['channel'] })}
        />
        {(['number', 'name', 'disposition'] as const).map((field) => (
          <TextInput
            key={field}
            label={t(`adminCrm.preview.${field}`)}
            value={sample[field]}
            onChange={(event) => set({ [field]: event.currentTarget.value })}
          />
        ))}
        <Select
          label={t('adminCrm.preview.agent')}
          data={agents.map(({ id, name }) => ({ value: id, label: name }))}
          searchable
          clearable
          value={sample.agentId}
          onChange={(agentId) => set({ agentId })}
        />
        <NumberInput
          label={t('adminCrm.preview.talkSeconds')}
          min={0}
          value={sample.talkSeconds}
          onChange={(talkSeconds) => set({ talkSeconds })}
        />
      </SimpleGrid>
      <Textarea
        label={t('adminCrm.preview.comments')}
        autosize
        minRows={2}
        maxRows={6}
        value={sample.comments}
        onChange={(event) => set({ comments: event.currentTarget.value })}
      />
    </>
  );
}

function Previewed({ reply }: { readonly reply: MemorializationPreviewReply }) {
  const { t } = useTranslation();
  const { timeline, why, entities, unread } = reply;
  return (
    <Stack>
      {unread.map(({ module, message }) => (
        <Alert key={module} color="orange">
          {t('adminCrm.preview.unread', { module, message })}
        </Alert>
      ))}
      {why !== undefined && <Text size="sm">{t('adminCrm.preview.noTimeline', { why })}</Text>}
      {timeline !== undefined && (
        <Written
          title={t('adminCrm.preview.timeline', { module: timeline.module })}
          fields={[...timeline.texts.map((one) => ({ ...one, field: nameOf(one.field) })), ...timeline.fields]}
        />
      )}
      {entities.map(({ module, fields }) => (
        <Written key={module} title={t('adminCrm.memorialization.linked', { module })} fields={fields} />
      ))}
    </Stack>
  );

  /** The entry's own texts have no names in the CRM's words. */
  function nameOf(field: string): string {
    const name = (['subject', 'notes', 'disposition', 'recordingUrl'] as const).find((one) => one === field);
    return name === undefined ? field : t(`adminCrm.preview.texts.${name}`);
  }
}

const colours = { written: 'teal', cut: 'orange', dropped: 'red', empty: 'gray' } as const;

function Written({ title, fields }: { readonly title: string; readonly fields: readonly PreviewedField[] }) {
  const { t } = useTranslation();
  return (
    <div>
      <Title order={3} size="h6">
        {title}
      </Title>
      <Table.ScrollContainer minWidth={480}>
        <Table fz="sm">
          <Table.Thead>
            <Table.Tr>
              {(['field', 'value', 'outcome'] as const).map((heading) => (
                <Table.Th key={heading} scope="col">
                  {t(`adminCrm.preview.columns.${heading}`)}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {fields.map(({ field, value, outcome, maxLength }) => (
              <Table.Tr key={field} data-preview={field} data-outcome={outcome}>
                <Table.Th scope="row" fw={500}>
                  {field}
                </Table.Th>
                <Table.Td style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
                  {value === undefined ? '' : String(value)}
                </Table.Td>
                <Table.Td>
                  <Badge variant="light" color={colours[outcome]} tt="none" miw="max-content">
                    {t(`adminCrm.preview.outcomes.${outcome}`)}
                  </Badge>
                  {(outcome === 'cut' || outcome === 'dropped') && maxLength !== undefined && (
                    <Text size="xs">{t('adminCrm.preview.most', { count: maxLength })}</Text>
                  )}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </div>
  );
}
