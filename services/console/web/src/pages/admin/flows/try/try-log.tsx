import { Anchor, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useEditing } from '../editing.ts';
import { moduleOf, titleOf } from '../model/draft.ts';
import type { TryInput, TryNote, TryStep } from '../model/way.ts';
import classes from './try.module.css';
import type { Tried } from './use-try.ts';

interface TryLogProps {
  readonly tried: Tried;
  readonly inputs: readonly TryInput[];
}

/** What has happened so far, in its order. */
export function TryLog({ tried, inputs }: TryLogProps) {
  const { t } = useTranslation();
  return (
    <div role="log" aria-label={t('flow.try.log')}>
      <ol className={classes.log}>
        {tried.steps.map((step, at) => (
          <li key={at}>
            <Step step={step} input={at === 0 ? undefined : inputs[at - 1]} />
          </li>
        ))}
      </ol>
    </div>
  );
}

interface StepProps {
  readonly step: TryStep;
  readonly input: TryInput | undefined;
}

function Step({ step, input }: StepProps) {
  const { t } = useTranslation();
  return (
    <>
      <Text size="sm" fw={600}>
        {input === undefined ? t('flow.try.comesIn') : <Happened input={input} />}
      </Text>
      {step.notes.map((note, at) => (
        <Note key={at} note={note} />
      ))}
      {step.wouldRun.map(({ kind, id }) => (
        <Text key={`${kind} ${id}`} size="sm" c="dimmed">
          {t(kind === 'automation' ? 'flow.try.wouldRun' : 'flow.try.wouldStart', { name: id })}
        </Text>
      ))}
    </>
  );
}

function Happened({ input }: { readonly input: TryInput }) {
  const { t } = useTranslation();
  switch (input.type) {
    case 'digits':
      return t('flow.try.inputs.digits', { digits: input.digits });
    case 'identified':
      return t(input.outcome === 'success' ? 'flow.try.known' : 'flow.try.unknown');
    case 'answered':
      return t('flow.try.inputs.answered', { outcome: t(`flow.try.outcomes.${input.outcome}`) });
    default:
      return t(`flow.try.inputs.${input.type}`);
  }
}

const abouts = ['entered', 'route', 'input', 'no-input', 'no-match', 'wait', 'identified', 'left', 'ended'] as const;
type About = (typeof abouts)[number];
const isAbout = (text: string): text is About => (abouts as readonly string[]).includes(text);

/** The engine's own words stand behind ours, where they say more. */
function Note({ note }: { readonly note: TryNote }) {
  const { t } = useTranslation();
  const { draft, look } = useEditing();
  const module = moduleOf(draft, note.module);
  const what = isAbout(note.about) ? t(`flow.try.notes.${note.about}`) : t('flow.try.notes.text');
  const fired = note.tried?.filter(({ fires }) => fires).map(({ trigger }) => trigger);
  return (
    <Text size="sm" component="div">
      {what}{' '}
      {note.about === 'entered' && module !== undefined ? (
        <Anchor component="button" type="button" size="sm" onClick={() => look(module.id)}>
          {titleOf(module)}
        </Anchor>
      ) : (
        <Text span size="xs" c="dimmed" lang="en">
          {note.text}
        </Text>
      )}
      {fired !== undefined && fired.length > 0 && (
        <Text span size="xs" c="dimmed">
          {' '}
          ({fired.join(', ')})
        </Text>
      )}
    </Text>
  );
}
