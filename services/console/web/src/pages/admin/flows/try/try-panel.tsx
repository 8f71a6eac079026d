import { Badge, Button, CloseButton, Code, Group, Stack, Text, TextInput, Title } from '@mantine/core';
import { IconArrowBackUp, IconPhoneCall, IconRefresh } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Problem } from '../../../../parts/problem.tsx';
import { useEditing } from '../editing.ts';
import { ValuesInput } from '../fields/values-input.tsx';
import { TryLog } from './try-log.tsx';
import type { TryCaller, Trying } from './use-try.ts';
import { WhatNext } from './what-next.tsx';

/** A made-up call goes through the flow, step by step. */
export function TryPanel({ trying }: { readonly trying: Trying }) {
  const { t } = useTranslation();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <Stack gap="md" data-try>
      <Group justify="space-between" wrap="nowrap">
        <Group gap="xs">
          <Title order={2} size="h4" ref={heading} tabIndex={-1}>
            {t('flow.try.title')}
          </Title>
          <Badge variant="light" tt="none">
            {t('flow.try.badge')}
          </Badge>
        </Group>
        <CloseButton aria-label={t('flow.try.close')} onClick={() => trying.open(false)} />
      </Group>
      <Text size="sm" c="dimmed">
        {t('flow.try.help')}
      </Text>
      {trying.caller === undefined ? <CallerForm trying={trying} /> : <Call trying={trying} />}
    </Stack>
  );
}

const nobody: TryCaller = { ani: '', dnis: '', variables: {} };

function CallerForm({ trying }: { readonly trying: Trying }) {
  const { t } = useTranslation();
  const { problems } = useEditing();
  const [caller, setCaller] = useState(nobody);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        trying.call(caller);
      }}
    >
      <Stack gap="sm">
        {(['ani', 'dnis'] as const).map((name) => (
          <TextInput
            key={name}
            type="tel"
            label={t(`flow.try.${name}`)}
            placeholder={name === 'ani' ? '+14155550123' : '+12025550100'}
            value={caller[name]}
            onChange={({ currentTarget: { value } }) => setCaller((before) => ({ ...before, [name]: value }))}
          />
        ))}
        <ValuesInput
          label={t('flow.try.variables')}
          description={t('flow.try.variablesHelp')}
          begin="ivr."
          example="ivr.email"
          value={caller.variables}
          onChange={(variables) => setCaller((before) => ({ ...before, variables }))}
        />
        {problems.length > 0 && <Text size="sm">{t('flow.try.mendFirst')}</Text>}
        <Button
          type="submit"
          w="fit-content"
          disabled={problems.length > 0}
          leftSection={<IconPhoneCall size={16} aria-hidden />}
        >
          {t('flow.try.call')}
        </Button>
      </Stack>
    </form>
  );
}

function Call({ trying }: { readonly trying: Trying }) {
  const { t } = useTranslation();
  const { tried, inputs, error, pending } = trying;
  const isBehind = tried !== undefined && tried.steps.length !== inputs.length + 1;
  return (
    <Stack gap="md">
      {error !== null && <Problem error={error} />}
      {tried !== undefined && <TryLog tried={tried} inputs={inputs} />}
      {tried !== undefined && !isBehind && (
        <WhatNext key={inputs.length} step={tried.steps.at(-1)} onHappen={trying.happen} />
      )}
      <Group gap="xs">
        <Button
          size="xs"
          variant="default"
          disabled={inputs.length === 0 || pending}
          leftSection={<IconArrowBackUp size={14} aria-hidden />}
          onClick={trying.back}
        >
          {t('flow.try.back')}
        </Button>
        <Button
          size="xs"
          variant="default"
          disabled={inputs.length === 0}
          leftSection={<IconRefresh size={14} aria-hidden />}
          onClick={trying.again}
        >
          {t('flow.try.again')}
        </Button>
        <Button size="xs" variant="default" onClick={() => trying.call(undefined)}>
          {t('flow.try.other')}
        </Button>
      </Group>
      {tried !== undefined && Object.keys(tried.variables).length > 0 && (
        <div>
          <Title order={3} size="h6" mb={4}>
            {t('flow.try.session')}
          </Title>
          <Code block>
            {Object.entries(tried.variables)
              .map(([name, value]) => `${name} = ${JSON.stringify(value)}`)
              .join('\n')}
          </Code>
        </div>
      )}
    </Stack>
  );
}
