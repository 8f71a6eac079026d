import { Alert, Button, Group, Stack, Text, Textarea, Title } from '@mantine/core';
import type { Card } from '@patchcord/contracts';
import { useTranslation } from 'react-i18next';
import { formatTime } from '../../../i18n/format.ts';
import { Problem } from '../../../parts/problem.tsx';
import classes from './card.module.css';
import { useChoices } from './card-api.ts';
import { type NoteDraft, useNote } from './note-draft.ts';

const maxLength = 8192;

interface NotesProps {
  readonly cardId: string;
  readonly card: Card;
}

/** What the agent notes while he talks, and what colleagues did before him. */
export function Notes({ cardId, card }: NotesProps) {
  const { t } = useTranslation();
  const { data: choices } = useChoices(cardId);
  const others = card.notes.filter(({ by, text }) => by !== choices?.by && text !== '');
  return (
    <Stack component="section" gap="xs" aria-label={t('card.note.title')} data-section="notes">
      <Title order={3} size="h4">
        {t('card.note.title')}
      </Title>
      {choices !== undefined && <OwnNote cardId={cardId} card={card} by={choices.by} />}
      {others.map(({ by, text, at }) => (
        <Stack key={by} gap={2} data-note={by}>
          <Text size="sm" c="dimmed">
            <NoteBy by={by} at={at} />
          </Text>
          <Text size="sm" className={classes.text} style={{ whiteSpace: 'pre-wrap' }}>
            <bdi>{text}</bdi>
          </Text>
        </Stack>
      ))}
    </Stack>
  );
}

function NoteBy({ by, at }: { readonly by: string; readonly at: string }) {
  const { t, i18n } = useTranslation();
  const [kind = '', ...rest] = by.split(':');
  const who = kind === 'agent' ? t('card.agent', { agent: rest.join(':') }) : rest.join(':');
  return (
    <>
      {who} · <time dateTime={at}>{formatTime(at, i18n.language)}</time>
    </>
  );
}

function OwnNote({ cardId, card, by }: NotesProps & { readonly by: string }) {
  const { t } = useTranslation();
  const note = useNote(
    cardId,
    card.notes.find((one) => one.by === by),
  );
  return (
    <>
      <Textarea
        label={t('card.note.label')}
        description={t('card.note.help')}
        autosize
        minRows={3}
        maxRows={12}
        maxLength={maxLength}
        value={note.text}
        onChange={({ currentTarget: { value } }) => note.type(value)}
        onBlur={note.save}
        data-note-state={note.draft.state}
      />
      <Text role="status" size="xs" c="dimmed">
        <State of={note.draft} />
      </Text>
      {note.draft.state === 'refused' && <Problem error={note.draft.error} words={{ not_found: t('card.gone') }} />}
      {note.draft.state === 'conflict' && <Conflict draft={note.draft} settle={note.settle} />}
    </>
  );
}

function State({ of: { state, at, text } }: { readonly of: NoteDraft }) {
  const { t, i18n } = useTranslation();
  if (state === 'kept')
    return at === undefined || text === '' ? null : t('card.note.kept', { time: formatTime(at, i18n.language) });
  return t(`card.note.states.${state}`);
}

/** Two tabs, or two cards that became one: the person says which text stays. */
function Conflict({ draft: { text, theirs }, settle }: { readonly draft: NoteDraft; settle: (text: string) => void }) {
  const { t } = useTranslation();
  const other = theirs?.text ?? '';
  return (
    <Alert color="yellow" role="alert" title={t('card.note.conflict.title')}>
      <Text size="sm" className={classes.text} style={{ whiteSpace: 'pre-wrap' }}>
        <bdi>{other}</bdi>
      </Text>
      <Group gap="xs" mt="sm">
        <Button size="compact-sm" onClick={() => settle(`${other}\n${text}`.slice(0, maxLength))}>
          {t('card.note.conflict.both')}
        </Button>
        <Button size="compact-sm" variant="default" onClick={() => settle(text)}>
          {t('card.note.conflict.mine')}
        </Button>
        <Button size="compact-sm" variant="default" onClick={() => settle(other)}>
          {t('card.note.conflict.theirs')}
        </Button>
      </Group>
    </Alert>
  );
}
