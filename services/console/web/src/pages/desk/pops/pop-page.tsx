import { Alert, Anchor, Button, Center, Group, Loader, Stack, Text } from '@mantine/core';
import type { PopAction, ScreenPop } from '@patchcord/contracts';
import { IconExternalLink } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import classes from '../desk.module.css';
import { type Sent, sandboxOf, submitForm, windowNameOf } from './acting.ts';
import { type PopPhase, usePop } from './use-pop.ts';

/** The page of one site for one call: in a frame, in a tab, or sent in the background. */
export function PopPage({ pop }: { readonly pop: ScreenPop }) {
  const { phase, act, open } = usePop(pop);
  return (
    <Stack gap="xs" className={classes.pop} data-pop={pop.site.id} data-phase={phase.at}>
      <Shown pop={pop} phase={phase} act={act} open={open} />
    </Stack>
  );
}

interface ShownProps {
  readonly pop: ScreenPop;
  readonly phase: PopPhase;
  readonly act: () => void;
  readonly open: () => void;
}

function Shown({ pop, phase, act, open }: ShownProps) {
  const { t } = useTranslation();
  const site = pop.site.name;
  switch (phase.at) {
    case 'button':
      return <Waiting text={t('desk.pops.button')} button={t('desk.pops.show', { site })} onClick={act} />;
    case 'checking':
      return (
        <Center mih={120}>
          <Loader role="img" aria-label={t('common.loading')} />
        </Center>
      );
    case 'frame':
      return <Framed pop={pop} {...phase} onOpen={open} />;
    case 'tab':
    case 'blocked':
      return <InTab pop={pop} blocked={phase.at === 'blocked'} refused={phase.refused} onOpen={open} />;
    case 'sending':
      return <Text role="status">{t('desk.pops.sending', { site })}</Text>;
    case 'sent':
      return <SentNote site={site} sent={phase.sent} onAgain={act} />;
  }
}

interface WaitingProps {
  readonly text: string;
  readonly button: string;
  readonly onClick: () => void;
}

function Waiting({ text, button, onClick }: WaitingProps) {
  return (
    <Stack align="flex-start" gap="sm" p="md">
      <Text>{text}</Text>
      <Button onClick={onClick}>{button}</Button>
    </Stack>
  );
}

interface FramedProps {
  readonly pop: ScreenPop;
  readonly again: boolean;
  readonly unsure: boolean;
  readonly onOpen: () => void;
}

function Framed({ pop, again, unsure, onOpen }: FramedProps) {
  const { t } = useTranslation();
  const [sendAgain, setSendAgain] = useState(false);
  const { action, site } = pop;
  if (action.kind === 'request') return null;
  if (again && !sendAgain)
    return (
      <Waiting
        text={t('desk.pops.sentBefore')}
        button={t('desk.pops.sendAgain', { site: site.name })}
        onClick={() => setSendAgain(true)}
      />
    );
  return (
    <>
      <Group justify="space-between" gap="xs">
        <Text size="xs" c="dimmed">
          {unsure ? t('desk.pops.unsure') : t('desk.pops.framed', { host: new URL(action.url).host })}
        </Text>
        <OpenInTab action={action} onOpen={onOpen} />
      </Group>
      <Frame pop={pop} action={action} />
    </>
  );
}

type PageAction = Exclude<PopAction, { kind: 'request' }>;

function Frame({ pop, action }: { readonly pop: ScreenPop; readonly action: PageAction }) {
  const name = windowNameOf(pop);
  const form = action.kind === 'form' ? action : undefined;
  useEffect(() => {
    if (form !== undefined) submitOnce(form, name);
  }, [form, name]);
  return (
    <iframe
      className={classes.frame}
      name={name}
      title={pop.site.name}
      sandbox={sandboxOf(action.url)}
      referrerPolicy="strict-origin"
      {...(action.kind === 'navigate' ? { src: action.url } : {})}
    />
  );
}

/** Forms that this page has sent, so that drawing a frame again sends nothing. */
const submitted = new WeakSet<PageAction>();

function submitOnce(form: Extract<PopAction, { kind: 'form' }>, name: string): void {
  if (submitted.has(form)) return;
  submitted.add(form);
  submitForm(form, name);
}

/** An address is a link, which can be copied; a form is sent by a button. */
function OpenInTab({ action, onOpen }: { readonly action: PageAction; readonly onOpen: () => void }) {
  const { t } = useTranslation();
  const icon = <IconExternalLink size={14} aria-hidden />;
  if (action.kind === 'form')
    return (
      <Button size="compact-xs" variant="subtle" leftSection={icon} onClick={onOpen}>
        {t('desk.pops.openTab')}
      </Button>
    );
  return (
    <Anchor size="xs" href={action.url} target="_blank" rel="noopener noreferrer">
      {icon} {t('desk.pops.openTab')}
    </Anchor>
  );
}

interface InTabProps {
  readonly pop: ScreenPop;
  readonly blocked: boolean;
  readonly refused: 'x-frame-options' | 'frame-ancestors' | 'mixed-content' | 'no-answer' | undefined;
  readonly onOpen: () => void;
}

function InTab({ pop, blocked, refused, onOpen }: InTabProps) {
  const { t } = useTranslation();
  const site = pop.site.name;
  return (
    <Stack align="flex-start" gap="sm" p="md">
      {refused !== undefined && (
        <Text data-refused={refused}>
          {t(refused === 'mixed-content' ? 'desk.pops.mixed' : 'desk.pops.refused', { site })}
        </Text>
      )}
      {blocked ? (
        <Alert color="orange" role="alert" title={t('desk.pops.blocked')}>
          {t('desk.pops.blockedHelp')}
        </Alert>
      ) : (
        <Text role="status">{t('desk.pops.inTab', { site })}</Text>
      )}
      <Button
        variant={blocked ? 'filled' : 'light'}
        leftSection={<IconExternalLink size={16} aria-hidden />}
        onClick={onOpen}
      >
        {t('desk.pops.open', { site })}
      </Button>
    </Stack>
  );
}

interface SentNoteProps {
  readonly site: string;
  readonly sent: Sent | undefined;
  readonly onAgain: () => void;
}

function SentNote({ site, sent, onAgain }: SentNoteProps) {
  const { t } = useTranslation();
  if (sent === undefined) return <Text p="md">{t('desk.pops.sentElsewhere', { site })}</Text>;
  const ok = sent.outcome === 'sent' && sent.status < 400;
  const text =
    sent.outcome === 'sent'
      ? t(ok ? 'desk.pops.sent' : 'desk.pops.answered', { site, status: sent.status })
      : t('desk.pops.notSent', { site });
  if (ok)
    return (
      <Text p="md" role="status">
        {text}
      </Text>
    );
  return (
    <Alert color="red" role="alert" title={text}>
      <Button size="xs" variant="light" color="red" onClick={onAgain}>
        {t('common.again')}
      </Button>
    </Alert>
  );
}
