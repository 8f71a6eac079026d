import { Anchor, Button, Group, Paper, Stack, Text, ThemeIcon } from '@mantine/core';
import { IconCheck, IconPhone, IconPhoneIncoming, IconPlayerStop } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Problem } from '../parts/problem.tsx';
import classes from './demo-guide.module.css';
import { type DemoState, useDemo, useDemoDeed } from './use-demo.ts';

/** What a newcomer does first, with the demo's telephone. It ticks off what really happened. */
export function DemoGuide({ address }: { readonly address: string }) {
  const { t } = useTranslation();
  const demo = useDemo(address);
  if (demo === undefined) return null;
  const done = [demo.steps.rang, demo.steps.answered, demo.steps.disposed];
  const next = done.indexOf(false);
  return (
    <Paper component="section" withBorder p="md" mb="md" aria-label={t('embed.demo.title')} data-demo={demo.phone}>
      <Group justify="space-between" align="flex-start" gap="md">
        <Stack gap={4}>
          <Text fw={700}>{t('embed.demo.title')}</Text>
          <Text size="sm" c="dimmed" role="status">
            {t(`embed.demo.now.${situationOf(demo)}`)}
          </Text>
        </Stack>
        <Phone address={address} demo={demo} />
      </Group>
      <ol className={classes.steps}>
        {(['call', 'answer', 'dispose'] as const).map((step, at) => (
          <Step
            key={step}
            number={at + 1}
            done={done[at] === true}
            current={at === next}
            text={t(`embed.demo.${step}`)}
          />
        ))}
      </ol>
      <Text size="sm" mt="sm" fw={demo.steps.arrived ? 600 : 400}>
        {demo.steps.arrived ? t('embed.demo.arrived') : t('embed.demo.look')}{' '}
        <Anchor href={demo.crmUrl} target="_blank" inherit>
          {t('embed.demo.crm')}
        </Anchor>
      </Text>
    </Paper>
  );
}

function situationOf({ phone, calls, takesCalls, afterCallWork }: DemoState) {
  if (phone !== 'idle') return phone;
  if (!calls) return 'idle';
  if (!takesCalls) return 'away';
  return afterCallWork ? 'after' : 'soon';
}

interface PhoneProps {
  readonly address: string;
  readonly demo: DemoState;
}

function Phone({ address, demo: { phone, calls } }: PhoneProps) {
  const { t } = useTranslation();
  const deed = useDemoDeed(address);
  const button = (what: 'start' | 'stop' | 'answer') => ({
    loading: deed.isPending && deed.variables === what,
    onClick: () => deed.mutate(what),
  });
  return (
    <Stack gap="xs">
      <Group gap="xs">
        {phone === 'ringing' && (
          <Button {...button('answer')} leftSection={<IconPhoneIncoming size={18} aria-hidden />}>
            {t('embed.demo.pickUp')}
          </Button>
        )}
        {calls ? (
          <Button {...button('stop')} variant="default" leftSection={<IconPlayerStop size={18} aria-hidden />}>
            {t('embed.demo.stop')}
          </Button>
        ) : (
          <Button {...button('start')} leftSection={<IconPhone size={18} aria-hidden />}>
            {t('embed.demo.start')}
          </Button>
        )}
      </Group>
      {deed.isError && <Problem error={deed.error} />}
    </Stack>
  );
}

interface StepProps {
  readonly number: number;
  readonly done: boolean;
  readonly current: boolean;
  readonly text: string;
}

function Step({ number, done, current, text }: StepProps) {
  const { t } = useTranslation();
  return (
    <li className={classes.step} aria-current={current ? 'step' : undefined} data-done={done}>
      <ThemeIcon size={26} radius="xl" variant={done ? 'filled' : 'default'} aria-hidden>
        {done ? <IconCheck size={16} /> : number}
      </ThemeIcon>
      <Text size="sm" fw={current ? 700 : 400}>
        {text}
        {done && <span className={classes.said}> ({t('embed.demo.done')})</span>}
      </Text>
    </li>
  );
}
