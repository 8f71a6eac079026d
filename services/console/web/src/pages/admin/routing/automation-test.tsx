import { Alert, Button, Code, Fieldset, Group, Select, Stack, Text, TextInput } from '@mantine/core';
import type { AutomationTestReply, AutomationWork } from '@patchcord/contracts';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ask } from '../../../api/client.ts';
import { FailureText } from '../../../parts/failure-text.tsx';
import { Problem } from '../../../parts/problem.tsx';
import { type Pair, PairRows } from '../parts/pair-rows.tsx';
import { valuesOf } from './automation-values.ts';

interface AutomationTestProps {
  /** As it stands in the form. */
  readonly automation: () => object;
  readonly events: readonly string[];
}

/** What the automation would do, for a call or made-up values; it is done only where that is asked for. */
export function AutomationTest({ automation, events }: AutomationTestProps) {
  const { t } = useTranslation();
  const [event, setEvent] = useState<string | null>(null);
  const [callId, setCallId] = useState('');
  const [values, setValues] = useState<readonly Pair[]>([{ name: '', value: '' }]);
  const test = useMutation({
    mutationFn: (send: boolean) => {
      const choices = { ...(event === null ? {} : { event }), ...(callId === '' ? {} : { callId }) };
      const body = { automation: { ...automation(), id: 'test' }, values: valuesOf(values), ...choices, send };
      return ask<AutomationTestReply>('/v1/automations/test', { method: 'POST', body });
    },
  });
  return (
    <Fieldset legend={t('adminRouting.automation.test')}>
      <Stack>
        <Group grow align="start" preventGrowOverflow={false}>
          <Select
            label={t('adminRouting.automation.on')}
            data={[...events]}
            clearable
            value={event}
            onChange={setEvent}
            miw={200}
          />
          <TextInput
            label={t('adminRouting.trigger.callId')}
            description={t('adminRouting.trigger.callIdHelp')}
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            value={callId}
            onChange={(changed) => setCallId(changed.currentTarget.value)}
            miw={200}
          />
        </Group>
        <PairRows
          label={t('adminRouting.trigger.values')}
          nameLabel={t('adminRouting.trigger.valueName')}
          valueLabel={t('adminRouting.rule.value')}
          namePlaceholder="ivr.email"
          valuePlaceholder="ann@example.com"
          pairs={values}
          onChange={setValues}
        />
        <Buttons busy={test.isPending ? test.variables : undefined} onRun={(send) => test.mutate(send)} />
        {test.error !== null && <Problem error={test.error} />}
        {test.data !== undefined && <Reply reply={test.data} />}
      </Stack>
    </Fieldset>
  );
}

interface ButtonsProps {
  /** What is under way: whether it is really done. */
  readonly busy: boolean | undefined;
  readonly onRun: (send: boolean) => void;
}

function Buttons({ busy, onRun }: ButtonsProps) {
  const { t } = useTranslation();
  return (
    <Group>
      <Button variant="light" onClick={() => onRun(false)} loading={busy === false}>
        {t('adminRouting.automation.show')}
      </Button>
      <Button variant="light" color="orange" onClick={() => onRun(true)} loading={busy === true}>
        {t('adminRouting.automation.doIt')}
      </Button>
    </Group>
  );
}

const colours = { rendered: 'blue', skipped: 'yellow', sent: 'teal', 'not-sent': 'red' } as const;

function Reply({ reply }: { readonly reply: AutomationTestReply }) {
  const { t } = useTranslation();
  const { outcome, why, failure, notes, work, answer, changes } = reply;
  return (
    <Stack role="status" gap="sm">
      <Alert color={colours[outcome]} title={t(`adminRouting.automation.outcomes.${outcome}`)}>
        {failure !== undefined && (
          <Text size="sm">
            <FailureText failure={failure} />
          </Text>
        )}
        {[why, ...notes]
          .filter((text) => text !== undefined)
          .map((text) => (
            <Text key={text} size="sm">
              {text}
            </Text>
          ))}
      </Alert>
      {work !== undefined && (
        <Code block tabIndex={0}>
          {workText(work)}
        </Code>
      )}
      {answer !== undefined && <Code block tabIndex={0}>{`${answer.status}\n${answer.body}`}</Code>}
      {changes !== undefined && (
        <>
          <Text size="sm">{t('adminRouting.automation.changes')}</Text>
          <Code block tabIndex={0}>
            {JSON.stringify(changes, null, 2)}
          </Code>
        </>
      )}
    </Stack>
  );
}

/** As it would leave us. */
function workText(work: AutomationWork): string {
  if (work.kind !== 'request') return JSON.stringify(work, null, 2);
  const { method, url, headers, body } = work.request;
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [`${method} ${url}`, ...lines, ...(body === undefined ? [] : ['', body])].join('\n');
}
