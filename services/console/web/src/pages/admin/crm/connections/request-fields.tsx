import { Code, Group, Select, SimpleGrid, Stack, Switch, TagsInput, Text, Textarea, TextInput } from '@mantine/core';
import type { CrmOperation } from '@patchcord/contracts';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { PairRows } from '../../parts/pair-rows.tsx';
import type { AnswerValues, RequestValues, SayingValues } from './described-form.ts';
import { placeholdersFor } from './request-placeholders.ts';

interface RequestFieldsProps {
  readonly operation: CrmOperation;
  readonly values: RequestValues;
  readonly onChange: (values: RequestValues) => void;
  readonly errors: Readonly<Record<string, ReactNode>>;
}

/** One request to a CRM of one's own, and how its answer is read. */
export function RequestFields({ operation, values, onChange, errors }: RequestFieldsProps) {
  const { t } = useTranslation();
  const set = (part: Partial<RequestValues>): void => onChange({ ...values, ...part });
  const errorOf = (field: string): ReactNode => errors[`described.requests.${operation}.${field}`];
  return (
    <Stack>
      <Placeholders operation={operation} />
      <SimpleGrid cols={{ base: 1, sm: 3 }}>
        <Select
          label={t('adminCrm.described.method')}
          data={['GET', 'POST', 'PUT', 'PATCH', 'DELETE']}
          allowDeselect={false}
          value={values.method}
          onChange={(method) => set({ method: method as RequestValues['method'] })}
        />
        <TextInput
          label={t('adminCrm.described.path')}
          description={t('adminCrm.described.pathHelp')}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          placeholder="contacts"
          value={values.path}
          onChange={(event) => set({ path: event.currentTarget.value })}
          error={errorOf('path')}
        />
        <Select
          label={t('adminCrm.described.body')}
          data={(['none', 'json', 'form', 'xml'] as const).map((kind) => ({
            value: kind,
            label: t(`adminCrm.described.bodies.${kind}`),
          }))}
          allowDeselect={false}
          value={values.body}
          onChange={(body) => set({ body: body as RequestValues['body'] })}
        />
      </SimpleGrid>
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        {(['query', 'headers'] as const).map((list) => (
          <PairRows
            key={list}
            label={t(`adminCrm.described.${list}`)}
            nameLabel={t('adminCrm.described.parameter')}
            valueLabel={t('adminCrm.advanced.value')}
            pairs={values[list]}
            onChange={(pairs) => set({ [list]: pairs })}
          />
        ))}
      </SimpleGrid>
      <Body values={values} set={set} errorOf={errorOf} />
      <Answer
        values={values.answer}
        onChange={(answer) => set({ answer })}
        errorOf={(field) => errorOf(`answer.${field}`)}
      />
    </Stack>
  );
}

/** What can be inserted into the texts of a request. */
function Placeholders({ operation }: Pick<RequestFieldsProps, 'operation'>) {
  const { t } = useTranslation();
  const names = placeholdersFor(operation);
  if (names.length === 0) return null;
  return (
    <Group gap={6}>
      <Text size="sm">{t('adminCrm.described.placeholders')}</Text>
      {names.map((name) => (
        <Code key={name}>{`{${name}}`}</Code>
      ))}
    </Group>
  );
}

interface BodyProps {
  readonly values: RequestValues;
  readonly set: (part: Partial<RequestValues>) => void;
  readonly errorOf: (field: string) => ReactNode;
}

/** A JSON body has any shape: it is written as it is sent. */
function Body({ values, set, errorOf }: BodyProps) {
  const { t } = useTranslation();
  const { body } = values;
  if (body === 'none') return null;
  if (body === 'form')
    return (
      <PairRows
        label={t('adminCrm.described.bodies.form')}
        nameLabel={t('adminCrm.described.parameter')}
        valueLabel={t('adminCrm.advanced.value')}
        pairs={values.form}
        onChange={(form) => set({ form })}
      />
    );
  const isJson = body === 'json';
  return (
    <Textarea
      label={t(`adminCrm.described.bodies.${body}`)}
      description={isJson ? t('adminCrm.described.jsonHelp') : undefined}
      autosize
      minRows={4}
      maxRows={16}
      ff="monospace"
      value={isJson ? values.json : values.xml}
      onChange={(event) => set({ [body]: event.currentTarget.value })}
      error={isJson && !isJsonObject(values.json) ? t('adminCrm.described.notJson') : errorOf(body)}
    />
  );
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

interface AnswerProps {
  readonly values: AnswerValues;
  readonly onChange: (values: AnswerValues) => void;
  readonly errorOf: (field: string) => ReactNode;
}

const places = ['records', 'id', 'modifiedAt', 'url', 'next', 'total', 'separator'] as const;
const examples = {
  records: 'data.items',
  id: 'id',
  modifiedAt: 'changed',
  url: 'link',
  next: 'page.next',
  total: 'page.total',
  separator: ';',
};

function Answer({ values, onChange, errorOf }: AnswerProps) {
  const { t } = useTranslation();
  const set = (part: Partial<AnswerValues>): void => onChange({ ...values, ...part });
  return (
    <Stack role="group" aria-label={t('adminCrm.described.answer')}>
      <div>
        <Text fw={500}>{t('adminCrm.described.answer')}</Text>
        <Text size="sm" c="dimmed">
          {t('adminCrm.described.answerHelp')}
        </Text>
      </div>
      <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }}>
        <Select
          label={t('adminCrm.described.format')}
          data={['json', 'xml', 'lines', 'pairs']}
          allowDeselect={false}
          value={values.format}
          onChange={(format) => set({ format: format as AnswerValues['format'] })}
        />
        {places.map((place) => (
          <TextInput
            key={place}
            label={t(`adminCrm.described.places.${place}`)}
            placeholder={examples[place]}
            value={values[place]}
            onChange={(event) => set({ [place]: event.currentTarget.value })}
            error={errorOf(place)}
          />
        ))}
        <TagsInput
          label={t('adminCrm.described.places.name')}
          value={values.name}
          onChange={(name) => set({ name })}
          maxTags={5}
          error={errorOf('name')}
        />
        <TagsInput
          label={t('adminCrm.described.notFound')}
          value={values.notFoundStatus}
          onChange={(notFoundStatus) => set({ notFoundStatus })}
        />
      </SimpleGrid>
      <PairRows
        label={t('adminCrm.described.fields')}
        nameLabel={t('adminCrm.field.field')}
        valueLabel={t('adminCrm.described.place')}
        pairs={values.fields}
        onChange={(fields) => set({ fields })}
      />
      <Sayings values={values} set={set} />
      <Switch
        label={t('adminCrm.described.matchesItself')}
        description={t('adminCrm.described.matchesItselfHelp')}
        checked={values.matchesItself}
        onChange={(event) => set({ matchesItself: event.currentTarget.checked })}
      />
    </Stack>
  );
}

interface SayingsProps {
  readonly values: AnswerValues;
  readonly set: (part: Partial<AnswerValues>) => void;
}

/** What an answer means by what stands in it, whatever its status. */
function Sayings({ values, set }: SayingsProps) {
  const { t } = useTranslation();
  return (
    <SimpleGrid cols={{ base: 1, md: 3 }}>
      {(['success', 'none', 'busy'] as const).map((saying) => (
        <Saying
          key={saying}
          label={t(`adminCrm.described.sayings.${saying}`)}
          values={values[saying]}
          onChange={(next) => set({ [saying]: next })}
        />
      ))}
    </SimpleGrid>
  );
}

interface SayingProps {
  readonly label: string;
  readonly values: SayingValues;
  readonly onChange: (values: SayingValues) => void;
}

function Saying({ label, values, onChange }: SayingProps) {
  const { t } = useTranslation();
  return (
    <Stack gap={6} role="group" aria-label={label}>
      <TextInput
        label={label}
        placeholder="status.code"
        value={values.path}
        onChange={(event) => onChange({ ...values, path: event.currentTarget.value })}
      />
      <TagsInput
        aria-label={`${label}: ${t('adminCrm.described.is')}`}
        placeholder={t('adminCrm.described.is')}
        value={values.is}
        onChange={(is) => onChange({ ...values, is })}
      />
    </Stack>
  );
}
