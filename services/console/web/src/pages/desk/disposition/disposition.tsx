import { Alert, Button, Group, Select, Skeleton, Stack, Text, Title } from '@mantine/core';
import type { AfterCallInteraction, DispositionEntry } from '@patchcord/contracts';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatTime } from '../../../i18n/format.ts';
import { Problem } from '../../../parts/problem.tsx';
import { useCard, useChoices } from '../card/card-api.ts';
import classes from './disposition.module.css';
import { useDispositionChoices, useInteractions } from './disposition-api.ts';
import { DispositionForm } from './disposition-form.tsx';
import { draftOf } from './form-state.ts';

interface DispositionProps {
  /** Of a digital contact: `digital-<contactId>`. */
  readonly callId: string;
  /** Default: the campaign that the call belongs to. */
  readonly campaignId?: string | undefined;
}

/** What an agent says of his part of a call: during it, in after-call work, or later; and what he said. */
export function Disposition({ callId, campaignId }: DispositionProps) {
  const { t } = useTranslation();
  const { data: interactions, error, refetch } = useInteractions(callId);
  const [chosenId, setChosenId] = useState<string | null>(null);
  const interaction = interactions?.find(({ interactionId }) => interactionId === chosenId) ?? interactions?.[0];
  return (
    <Stack component="section" gap="sm" aria-label={t('card.disposition.title')} data-section="disposition">
      <Title order={3} size="h4">
        {t('card.disposition.title')}
      </Title>
      {error !== null && <Problem error={error} again={() => void refetch()} />}
      {interactions === undefined && error === null && <Skeleton height={80} aria-label={t('common.loading')} />}
      {interactions?.length === 0 && <Text size="sm">{t('card.disposition.notYet')}</Text>}
      {interactions !== undefined && interactions.length > 1 && (
        <Parts interactions={interactions} value={interaction?.interactionId} onChange={setChosenId} />
      )}
      {interaction !== undefined && (
        <OfInteraction
          key={interaction.interactionId}
          callId={callId}
          interaction={interaction}
          campaignId={interaction.campaignId ?? campaignId}
        />
      )}
    </Stack>
  );
}

interface PartsProps {
  readonly interactions: readonly AfterCallInteraction[];
  readonly value: string | undefined;
  readonly onChange: (interactionId: string | null) => void;
}

/** Who came back to a call, and supervisors who look at it, say of which part. */
function Parts({ interactions, value, onChange }: PartsProps) {
  const { t, i18n } = useTranslation();
  return (
    <Select
      label={t('card.disposition.part')}
      allowDeselect={false}
      data={interactions.map(({ interactionId, agentId, agentName, answeredAt }) => ({
        value: interactionId,
        label: `${agentName ?? agentId} · ${formatTime(answeredAt, i18n.language)}`,
      }))}
      value={value ?? null}
      onChange={onChange}
    />
  );
}

interface OfInteractionProps {
  readonly callId: string;
  readonly interaction: AfterCallInteraction;
  readonly campaignId: string | undefined;
}

function OfInteraction({ callId, interaction, campaignId }: OfInteractionProps) {
  const { t } = useTranslation();
  const { data: choices, error, refetch } = useDispositionChoices(campaignId);
  const [isChanging, setChanging] = useState(false);
  const note = useOwnNote(callId);
  const { interactionId, disposition } = interaction;
  if (disposition !== undefined && !isChanging)
    return <Given of={disposition} onChange={() => setChanging(true)} isLocked={!choices?.length} />;
  if (campaignId === undefined) return <Text size="sm">{t('card.disposition.noCampaign')}</Text>;
  if (error !== null) return <Problem error={error} again={() => void refetch()} />;
  if (choices === undefined) return <Skeleton height={80} aria-label={t('common.loading')} />;
  if (choices.length === 0) return <Text size="sm">{t('card.disposition.noOptions')}</Text>;
  return (
    <>
      <Text size="sm" c="dimmed">
        {t(`card.disposition.phases.${phaseOf(interaction)}`)}
      </Text>
      <DispositionForm
        callId={callId}
        interactionId={interactionId}
        choices={choices}
        given={disposition && draftOf(disposition.disposition)}
        note={note}
        onDone={() => setChanging(false)}
        onCancel={disposition === undefined ? undefined : () => setChanging(false)}
      />
    </>
  );
}

function phaseOf({ endedAt, acw }: AfterCallInteraction): 'talking' | 'acw' | 'over' {
  if (acw?.status === 'open') return 'acw';
  return endedAt === undefined ? 'talking' : 'over';
}

/** What the agent noted on the card of the call, if he sees it. */
function useOwnNote(callId: string): string {
  const { data: card } = useCard(callId);
  const { data: choices } = useChoices(callId);
  return card?.notes.find(({ by }) => by === choices?.by)?.text ?? '';
}

interface GivenProps {
  readonly of: DispositionEntry;
  readonly onChange: () => void;
  /** Nothing could be chosen instead. */
  readonly isLocked: boolean;
}

function Given({ of: { disposition, updatedAt, changes }, onChange, isLocked }: GivenProps) {
  const { t, i18n } = useTranslation();
  const { name, comments, form = {} } = disposition;
  const time = formatTime(updatedAt, i18n.language);
  return (
    <Alert color="teal" role="status" title={name} data-disposition={disposition.optionId}>
      <Stack gap="xs">
        <Text size="sm">{t(changes > 1 ? 'card.disposition.changedAt' : 'card.disposition.recordedAt', { time })}</Text>
        {comments !== undefined && (
          <Text size="sm" className={classes.comments}>
            <bdi>{comments}</bdi>
          </Text>
        )}
        {Object.keys(form).length > 0 && (
          <dl className={classes.values}>
            {Object.entries(form).map(([field, value]) => (
              <div key={field}>
                <dt>{field}</dt>
                <dd>
                  <FormValue value={value} />
                </dd>
              </div>
            ))}
          </dl>
        )}
        {!isLocked && (
          <Group>
            <Button size="compact-sm" variant="default" onClick={onChange}>
              {t('card.disposition.change')}
            </Button>
          </Group>
        )}
      </Stack>
    </Alert>
  );
}

function FormValue({ value }: { readonly value: unknown }) {
  const { t } = useTranslation();
  if (typeof value === 'boolean') return t(`card.record.${value ? 'true' : 'false'}`);
  return <bdi>{Array.isArray(value) ? value.join(', ') : String(value)}</bdi>;
}
