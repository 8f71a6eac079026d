import { Badge, Code, Group, List, Text } from '@mantine/core';
import type { Memorialized } from '@patchcord/contracts';
import {
  IconCheck,
  IconDatabase,
  IconFileText,
  IconPhone,
  IconRoute,
  IconSend,
  IconTransform,
  IconVariable,
  IconX,
} from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { formatSpan } from '../../../i18n/format.ts';
import { DeliveryEntry, deliveryColour } from './delivery-entry.tsx';
import type { Decision, Entry, WorkflowEntry } from './story.ts';
import { Changes, Values } from './values.tsx';

export interface Parts {
  readonly icon: ReactNode;
  readonly title: ReactNode;
  readonly text: ReactNode;
  readonly colour: string;
}

/** How an entry is shown. */
export function partsOf(entry: Entry): Parts {
  switch (entry.kind) {
    case 'event':
      return eventParts(entry);
    case 'decision':
      return {
        icon: <IconRoute size={16} aria-hidden />,
        title: <DecisionTitle {...entry} />,
        text: <Reason {...entry.decision} />,
        colour: 'grape',
      };
    case 'workflow':
      return {
        icon: <IconTransform size={16} aria-hidden />,
        title: <WorkflowTitle entry={entry} />,
        text: <WorkflowText entry={entry} />,
        colour: entry.outcome === 'failed' || entry.outcome === 'timeout' ? 'red' : 'indigo',
      };
    case 'disposition':
      return {
        icon: <IconCheck size={16} aria-hidden />,
        title: entry.entry.disposition.name,
        text: <Text size="sm">{entry.entry.disposition.comments}</Text>,
        colour: 'blue',
      };
    case 'memorialization':
      return {
        icon: <IconFileText size={16} aria-hidden />,
        title: <MemorializedTitle of={entry.memorialized} />,
        text: <Steps of={entry.memorialized} />,
        colour: 'blue',
      };
    case 'delivery':
      return {
        icon: entry.delivery.state === 'dead' ? <IconX size={16} aria-hidden /> : <IconSend size={16} aria-hidden />,
        title: `${entry.delivery.destination.kind}-${entry.delivery.destination.id}`,
        text: <DeliveryEntry delivery={entry.delivery} />,
        colour: deliveryColour(entry.delivery),
      };
  }
}

function eventParts({ name, data, before }: Extract<Entry, { kind: 'event' }>): Parts {
  if (before === undefined)
    return {
      icon: <IconPhone size={16} aria-hidden />,
      title: <EventTitle name={name} />,
      text: <Values of={data} />,
      colour: 'teal',
    };
  const { changes, variables } = data as { changes?: Record<string, unknown>; variables?: Record<string, unknown> };
  return {
    icon: changes === undefined ? <IconVariable size={16} aria-hidden /> : <IconDatabase size={16} aria-hidden />,
    title: <EventTitle name={name} by={data.by as { kind?: string; id?: string } | undefined} />,
    text: <Changes changes={changes ?? variables ?? {}} before={before} />,
    colour: 'gray',
  };
}

interface EventTitleProps {
  readonly name: string;
  readonly by?: { readonly kind?: string; readonly id?: string } | undefined;
}

function EventTitle({ name, by }: EventTitleProps) {
  const { t } = useTranslation();
  const key = name.replace('call.', '') as 'offered';
  return (
    <Group gap="xs">
      <span>{t(`timeline.events.${key}`, { defaultValue: name })}</span>
      {by !== undefined && (
        <Badge variant="light" color="gray" tt="none">
          {[by.kind, by.id].filter((part) => part !== undefined).join(' ')}
        </Badge>
      )}
      <Code fz={11}>{name}</Code>
    </Group>
  );
}

function DecisionTitle({ ruleId, decision }: { readonly ruleId: string; readonly decision: Decision }) {
  const { t } = useTranslation();
  const { destination, outcome, row } = decision;
  const where = [destination?.type, destination?.target].filter((part) => part !== undefined).join(' ');
  return (
    <Group gap="xs">
      {t('timeline.decision', { rule: ruleId, destination: where })}
      <Badge variant="light" tt="none">
        {row === undefined ? outcome : t('timeline.row', { row: row + 1 })}
      </Badge>
    </Group>
  );
}

function Reason({ reason, value, durationMs }: Decision) {
  const { t, i18n } = useTranslation();
  return (
    <Text size="sm">
      {value !== undefined && (
        <>
          {t('timeline.value')} <Code>{value}</Code>
          {' · '}
        </>
      )}
      {reason}
      {durationMs !== undefined && ` · ${formatSpan(durationMs, i18n.language)}`}
    </Text>
  );
}

function WorkflowTitle({ entry: { workflowId, outcome } }: { readonly entry: WorkflowEntry }) {
  const { t } = useTranslation();
  return (
    <Group gap="xs">
      {t('timeline.workflow', { id: workflowId })}
      <Badge variant="light" tt="none">
        {t(`timeline.workflowOutcomes.${outcome}`)}
      </Badge>
    </Group>
  );
}

function WorkflowText({ entry }: { readonly entry: WorkflowEntry }) {
  const { i18n } = useTranslation();
  const { durationMs, message, code, records, fields } = entry;
  const told = [
    message ?? code,
    records.map(({ module, id }) => `${module} ${id}`).join(', '),
    fields.map(({ field, outcome }) => `${field}: ${outcome}`).join(', '),
    durationMs === undefined ? '' : formatSpan(durationMs, i18n.language),
  ];
  return <Text size="sm">{told.filter((part) => part !== undefined && part !== '').join(' · ')}</Text>;
}

function MemorializedTitle({ of: { memorializationId, connection } }: { readonly of: Memorialized }) {
  const { t } = useTranslation();
  return t('timeline.memorialized', { id: memorializationId, connection });
}

const outcomeColours = {
  written: 'teal',
  unchanged: 'gray',
  superseded: 'gray',
  unable: 'orange',
  discarded: 'red',
} as const;

function Steps({ of: { steps } }: { readonly of: Memorialized }) {
  const { t } = useTranslation();
  return (
    <List size="sm" listStyleType="none">
      {steps.map(({ step, workId, outcome, record, message, fields }) => (
        <List.Item key={workId} data-step={step}>
          <Group gap="xs">
            <span>{t(`timeline.steps.${step}`)}</span>
            <Badge color={outcomeColours[outcome]} variant="light" tt="none">
              {t(`timeline.stepOutcomes.${outcome}`)}
            </Badge>
            {record !== undefined && <Code>{`${record.module} ${record.id}`}</Code>}
          </Group>
          {message}
          {fields.length > 0 && (
            <Text size="xs" c="dimmed">
              {fields.map(({ field, outcome: became }) => `${field}: ${became}`).join(' · ')}
            </Text>
          )}
        </List.Item>
      ))}
    </List>
  );
}
