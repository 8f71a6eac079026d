import { Alert, Badge, Button, Fieldset, Group, Stack, Table, Text, TextInput } from '@mantine/core';
import type { Condition } from '@patchcord/contracts';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ask } from '../../../api/client.ts';
import { Problem } from '../../../parts/problem.tsx';
import { type Pair, PairRows, recordOf } from '../parts/pair-rows.tsx';

interface Tested {
  readonly fires: boolean;
  readonly conditions: readonly (Condition & {
    readonly value?: unknown;
    readonly met: boolean;
    readonly note?: string;
  })[];
  readonly notes: readonly string[];
}

/** Whether the trigger, as it stands in the form, would fire: with the values of a call, made-up ones, or both. */
export function TriggerTest({ trigger }: { readonly trigger: () => object }) {
  const { t } = useTranslation();
  const [callId, setCallId] = useState('');
  const [values, setValues] = useState<readonly Pair[]>([{ name: '', value: '' }]);
  const test = useMutation({
    mutationFn: () =>
      ask<Tested>('/v1/triggers/test', {
        method: 'POST',
        body: { ...trigger(), id: 'test', session: recordOf(values), ...(callId === '' ? {} : { callId }) },
      }),
  });
  return (
    <Fieldset legend={t('adminRouting.trigger.test')}>
      <Stack>
        <Text size="sm" c="dimmed">
          {t('adminRouting.trigger.testHelp')}
        </Text>
        <PairRows
          label={t('adminRouting.trigger.values')}
          nameLabel={t('adminRouting.trigger.valueName')}
          valueLabel={t('adminRouting.rule.value')}
          namePlaceholder="ivr.premium"
          valuePlaceholder="true"
          pairs={values}
          onChange={setValues}
        />
        <TextInput
          label={t('adminRouting.trigger.callId')}
          description={t('adminRouting.trigger.callIdHelp')}
          value={callId}
          onChange={(event) => setCallId(event.currentTarget.value)}
          maw={420}
        />
        <Group>
          <Button variant="light" onClick={() => test.mutate()} loading={test.isPending}>
            {t('adminRouting.trigger.run')}
          </Button>
        </Group>
        {test.error !== null && <Problem error={test.error} />}
        {test.data !== undefined && <Outcome tested={test.data} />}
      </Stack>
    </Fieldset>
  );
}

function Outcome({ tested: { fires, conditions, notes } }: { readonly tested: Tested }) {
  const { t } = useTranslation();
  return (
    <Stack role="status" gap="sm">
      <Alert
        color={fires ? 'teal' : 'yellow'}
        title={t(fires ? 'adminRouting.trigger.fires' : 'adminRouting.trigger.firesNot')}
      >
        {notes.join(' ')}
      </Alert>
      <Table.ScrollContainer minWidth={480}>
        <Table>
          <Table.Thead>
            <Table.Tr>
              {(['condition', 'valueNow', 'verdict'] as const).map((column) => (
                <Table.Th key={column} scope="col">
                  {t(`adminRouting.trigger.columns.${column}`)}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {conditions.map(({ expression, operator, expectation, value, met, note }, at) => (
              <Table.Tr key={at}>
                <Table.Td>{`${expression} ${operator} ${expectation}`}</Table.Td>
                <Table.Td>
                  {value === undefined ? t('admin.history.absent') : JSON.stringify(value)}
                  {note !== undefined && (
                    <Text size="xs" c="dimmed">
                      {note}
                    </Text>
                  )}
                </Table.Td>
                <Table.Td>
                  <Badge variant="light" color={met ? 'teal' : 'red'} tt="none">
                    {t(met ? 'adminRouting.trigger.met' : 'adminRouting.trigger.notMet')}
                  </Badge>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Stack>
  );
}
