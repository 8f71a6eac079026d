import { Paper, SegmentedControl, Stack, Text, Title, VisuallyHidden } from '@mantine/core';
import type { ScreenPop } from '@patchcord/contracts';
import { memo, useDeferredValue, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSignedIn } from '../../api/session.ts';
import { CallControls } from './calls/call-controls.tsx';
import { CallList } from './calls/call-list.tsx';
import { DialPad } from './calls/dial-pad.tsx';
import { CustomerCard } from './card/customer-card.tsx';
import { useDigitalContacts } from './card/digital-api.ts';
import { DigitalCards } from './card/digital-cards.tsx';
import { CallContact } from './contact/call-contact.tsx';
import classes from './desk.module.css';
import { Disposition } from './disposition/disposition.tsx';
import { PopTabs } from './pops/pop-tabs.tsx';
import { StateBar } from './state/state-bar.tsx';
import { useAgentStream } from './use-agent-stream.ts';
import { type CallOnDesk, useDeskCalls, useScreenPops, useSelectedCall } from './use-desk-calls.ts';

/** Where an agent works: his state, his calls, the CRM's pages, the customer. */
export function Desk() {
  const { t } = useTranslation();
  const { agentId } = useSignedIn();
  return (
    <Stack>
      <VisuallyHidden>
        <h1>{t('desk.title')}</h1>
      </VisuallyHidden>
      {agentId === undefined ? <NoAgent /> : <AgentDesk key={agentId} agentId={agentId} />}
    </Stack>
  );
}

function NoAgent() {
  const { t } = useTranslation();
  return (
    <Paper withBorder p="lg" maw={560}>
      <Title order={2} size="h4">
        {t('desk.noAgent')}
      </Title>
      <Text mt="xs">{t('desk.noAgentHelp')}</Text>
    </Paper>
  );
}

const places = ['calls', 'page', 'customer'] as const;
type Place = (typeof places)[number];

function AgentDesk({ agentId }: { readonly agentId: string }) {
  const stream = useAgentStream(agentId);
  const calls = useDeskCalls(agentId);
  const { selected, choose } = useSelectedCall(calls);
  const pops = useScreenPops(agentId);
  const [place, setPlace] = useState<Place>();
  /** Of a conversation that is no call. */
  const [opened, setOpened] = useState<string>();
  // A call that rings is in the list at once; what is known of it may take a moment longer.
  const shown = useDeferredValue(selected);
  const cardId = opened ?? shown?.callId;
  const hasPages = pops.some(({ callId }) => callId === undefined || callId === selected?.callId);
  const open = (card: string): void => {
    setOpened(card);
    setPlace('customer');
  };
  return (
    <div className={classes.desk} data-place={place ?? (hasPages || cardId === undefined ? 'calls' : 'page-less')}>
      <div className={classes.bar}>
        <StateBar agentId={agentId} stream={stream} />
        <Places place={place} onPlace={setPlace} besides={hasPages || cardId === undefined ? 'page' : 'customer'} />
      </div>
      <Stack className={classes.calls ?? ''}>
        <Calls
          agentId={agentId}
          calls={calls}
          selected={selected}
          shown={shown}
          onSelect={(interactionId) => {
            choose(interactionId);
            setOpened(undefined);
          }}
        />
        <Conversations agentId={agentId} onOpen={open} />
      </Stack>
      <Pages pops={pops} callId={shown?.callId} />
      <Customer agentId={agentId} callId={opened === undefined ? shown?.callId : undefined} cardId={cardId} />
    </div>
  );
}

interface PlacesProps {
  readonly place: Place | undefined;
  readonly onPlace: (place: Place) => void;
  /** What stands beside the calls until somebody chooses. */
  readonly besides: 'page' | 'customer';
}

/** Where there is no room for all: one of three on a phone, one of two beside the calls. */
function Places({ place, onPlace, besides }: PlacesProps) {
  const { t } = useTranslation();
  const choices = (of: readonly Place[]) => ({
    'aria-label': t('desk.places.label'),
    onChange: (value: string) => onPlace(value as Place),
    data: of.map((value) => ({ value, label: t(`desk.places.${value}`) })),
  });
  return (
    <>
      <SegmentedControl className={classes.onPhone ?? ''} fullWidth value={place ?? 'calls'} {...choices(places)} />
      <SegmentedControl
        className={classes.onLaptop ?? ''}
        value={place === undefined || place === 'calls' ? besides : place}
        {...choices(['page', 'customer'])}
      />
    </>
  );
}

interface CallsProps {
  readonly agentId: string;
  readonly calls: readonly CallOnDesk[];
  readonly selected: CallOnDesk | undefined;
  /** The one that there are commands for: the same, a moment later. */
  readonly shown: CallOnDesk | undefined;
  readonly onSelect: (interactionId: string) => void;
}

function Calls({ agentId, calls, selected, shown, onSelect }: CallsProps) {
  const { t } = useTranslation();
  return (
    <Paper withBorder p="sm" component="section" aria-labelledby="desk-calls">
      <Stack gap="sm">
        <Title order={2} size="h4" id="desk-calls">
          {t('desk.calls')}
        </Title>
        <CallList calls={calls} selected={selected} onSelect={onSelect}>
          {shown !== undefined && shown.interactionId === selected?.interactionId && isLive(shown.state) && (
            <CallControls agentId={agentId} call={shown} />
          )}
        </CallList>
        <DialPad agentId={agentId} />
      </Stack>
    </Paper>
  );
}

const isLive = (state: string): boolean => state === 'ringing' || state === 'talking' || state === 'held';

/** Chats, mails and the like. Where there are none, nothing is said of them. */
function Conversations({ agentId, onOpen }: { readonly agentId: string; readonly onOpen: (cardId: string) => void }) {
  const { t } = useTranslation();
  const { data: contacts } = useDigitalContacts(agentId);
  if (contacts === undefined || contacts.length === 0) return null;
  return (
    <Paper withBorder p="sm" component="section" aria-labelledby="desk-digital">
      <Stack gap="sm">
        <Title order={2} size="h4" id="desk-digital">
          {t('desk.conversations')}
        </Title>
        <DigitalCards agentId={agentId} onOpen={onOpen} />
      </Stack>
    </Paper>
  );
}

interface PagesProps {
  readonly pops: readonly ScreenPop[];
  readonly callId: string | undefined;
}

const Pages = memo(function Pages({ pops, callId }: PagesProps) {
  const { t } = useTranslation();
  return (
    <Paper withBorder p="sm" component="section" aria-labelledby="desk-pages" className={classes.page ?? ''}>
      <Title order={2} size="h4" id="desk-pages">
        {t('desk.pops.title')}
      </Title>
      <PopTabs pops={pops} callId={callId} />
    </Paper>
  );
});

interface CustomerProps {
  readonly agentId: string;
  /** The call that the desk is about; absent: it is about a conversation. */
  readonly callId: string | undefined;
  readonly cardId: string | undefined;
}

/** Who it is, what is said of the conversation, and the customer's card. */
const Customer = memo(function Customer({ agentId, callId, cardId }: CustomerProps) {
  const { t } = useTranslation();
  if (cardId === undefined)
    return (
      <Paper withBorder p="sm" className={classes.customer ?? ''}>
        <Text c="dimmed">{t('desk.nobody')}</Text>
      </Paper>
    );
  return (
    <Stack className={classes.customer ?? ''}>
      {callId !== undefined && <CallContact key={callId} agentId={agentId} callId={callId} />}
      <Paper withBorder p="sm">
        <Disposition key={cardId} callId={cardId} />
      </Paper>
      <Paper withBorder p="sm">
        <CustomerCard key={cardId} cardId={cardId} />
      </Paper>
    </Stack>
  );
});
