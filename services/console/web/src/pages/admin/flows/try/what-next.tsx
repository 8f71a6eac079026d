import { Button, Group, Paper, Select, Stack, Text, TextInput, Title } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useEditing } from '../editing.ts';
import { ValuesInput } from '../fields/values-input.tsx';
import { moduleOf } from '../model/draft.ts';
import type { Heard, TryInput, TryOutcome, TryStep } from '../model/way.ts';
import classes from './try.module.css';

interface WhatNextProps {
  readonly step: TryStep | undefined;
  readonly onHappen: (input: TryInput) => void;
}

/** What the call does now, and what may happen to it. */
export function WhatNext({ step, onHappen }: WhatNextProps) {
  const { t } = useTranslation();
  if (step === undefined) return undefined;
  const { instruction } = step;
  return (
    <Paper withBorder p="sm" data-now={instruction.do}>
      <Stack gap="sm">
        <Title order={3} size="h6">
          {t(`flow.try.now.${instruction.do}`)}
        </Title>
        <Prompts heard={instruction.prompts ?? instruction.filler ?? []} />
        <Choices step={step} onHappen={onHappen} />
      </Stack>
    </Paper>
  );
}

function Prompts({ heard }: { readonly heard: readonly Heard[] }) {
  const { t } = useTranslation();
  if (heard.length === 0) return undefined;
  return (
    <blockquote className={classes.heard}>
      {heard.map((one, at) => (
        <Text key={at} size="sm">
          {'text' in one ? one.text : t('flow.try.sound', { name: one.sound })}
        </Text>
      ))}
    </blockquote>
  );
}

function Choices({ step, onHappen }: { readonly step: TryStep; readonly onHappen: WhatNextProps['onHappen'] }) {
  const { t } = useTranslation();
  const act = (input: TryInput, words: ReactNode) => (
    <Button size="xs" variant="default" onClick={() => onHappen(input)}>
      {words}
    </Button>
  );
  const { instruction } = step;
  const hangUp = act({ type: 'hung-up' }, t('flow.try.hangUp'));
  switch (instruction.do) {
    case 'play':
      return (
        <Group gap="xs">
          <Button size="xs" data-autofocus onClick={() => onHappen({ type: 'played' })}>
            {t('flow.try.played')}
          </Button>
          {hangUp}
        </Group>
      );
    case 'read':
      return <Keys step={step} onHappen={onHappen} more={hangUp} />;
    case 'wait':
      return <Waiting step={step} onHappen={onHappen} more={hangUp} />;
    case 'identify':
      return (
        <Group gap="xs">
          {act({ type: 'identified', outcome: 'success', id: '1' }, t('flow.try.known'))}
          {act({ type: 'identified', outcome: 'failure' }, t('flow.try.unknown'))}
          {hangUp}
        </Group>
      );
    case 'leave':
      return <Left step={step} onHappen={onHappen} />;
  }
}

const places = ['queue', 'transfer', 'voicemail', 'play-recording', 'ivr', 'hangup', 'continue'] as const;

function Left({
  step: { instruction },
  onHappen,
}: {
  readonly step: TryStep;
  readonly onHappen: WhatNextProps['onHappen'];
}) {
  const { t } = useTranslation();
  const { to = 'continue', target = '', returns = false } = instruction.leave ?? {};
  const place = places.find((one) => one === to) ?? 'continue';
  return (
    <>
      <Text size="sm">{t(`flow.try.leaves.${place}`, { target })}</Text>
      {returns && (
        <Group gap="xs">
          <Button size="xs" variant="default" onClick={() => onHappen({ type: 'timeout' })}>
            {t('flow.try.returns')}
          </Button>
        </Group>
      )}
    </>
  );
}

interface AskedProps {
  readonly step: TryStep;
  readonly onHappen: WhatNextProps['onHappen'];
  readonly more: ReactNode;
}

function Keys({ step, onHappen, more }: AskedProps) {
  const { t } = useTranslation();
  const [digits, setDigits] = useState('');
  const { maxDigits = 1, terminators = [] } = step.instruction;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (digits !== '') onHappen({ type: 'digits', digits });
      }}
    >
      <Stack gap="sm">
        <TextInput
          label={t('flow.try.keys')}
          description={
            terminators.length === 0
              ? t('flow.try.keysHelp', { count: maxDigits })
              : t('flow.try.keysEnd', { count: maxDigits, keys: terminators.join(' ') })
          }
          inputMode="tel"
          autoComplete="off"
          data-autofocus
          value={digits}
          onChange={(event) => setDigits(event.currentTarget.value.replace(/[^0-9*#A-D]/g, ''))}
        />
        <Group gap="xs">
          <Button size="xs" type="submit" disabled={digits === ''}>
            {t('flow.try.enter')}
          </Button>
          <Button size="xs" variant="default" onClick={() => onHappen({ type: 'timeout' })}>
            {t('flow.try.nothing')}
          </Button>
          {more}
        </Group>
      </Stack>
    </form>
  );
}

const workflowOutcomes: readonly TryOutcome[] = ['found', 'several', 'none', 'done', 'failed'];

/** A call that waits for a system: what that one answers is made up too. */
function Waiting({ step, onHappen, more }: AskedProps) {
  const { t } = useTranslation();
  const { draft } = useEditing();
  const module = moduleOf(draft, step.module);
  const expression = typeof module?.expression === 'string' ? module.expression.replace(/[{}\s]/g, '') : '';
  const [variables, setVariables] = useState<Readonly<Record<string, unknown>>>(
    /^(ivr|app)\./.test(expression) ? { [expression]: '' } : {},
  );
  const outcomes: readonly TryOutcome[] = module?.type === 'crm-workflow' ? workflowOutcomes : ['succeeded', 'failed'];
  const [outcome, setOutcome] = useState<TryOutcome>(outcomes[0] ?? 'succeeded');
  const asks = module?.type === 'http-action' || module?.type === 'crm-workflow';
  return (
    <Stack gap="sm">
      {asks && (
        <Select
          label={t('flow.try.outcome')}
          allowDeselect={false}
          data={outcomes.map((value) => ({ value, label: t(`flow.try.outcomes.${value}`) }))}
          value={outcome}
          onChange={(value) => setOutcome((value ?? 'succeeded') as TryOutcome)}
        />
      )}
      <ValuesInput
        label={t('flow.try.written')}
        begin="ivr."
        example="ivr.email"
        value={variables}
        onChange={setVariables}
      />
      <Group gap="xs">
        <Button
          size="xs"
          onClick={() => onHappen(asks ? { type: 'answered', outcome, variables } : { type: 'variables', variables })}
        >
          {t(asks ? 'flow.try.answers' : 'flow.try.write')}
        </Button>
        <Button size="xs" variant="default" onClick={() => onHappen({ type: 'timeout' })}>
          {t('flow.try.timeIsOver')}
        </Button>
        {more}
      </Group>
    </Stack>
  );
}
