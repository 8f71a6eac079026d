import { Button, Group, Radio, Select, Stack, Textarea } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../../../api/client.ts';
import { Problem } from '../../../parts/problem.tsx';
import { type DispositionChoice, draftKey, useDispose } from './disposition-api.ts';
import { FormFields } from './form-fields.tsx';
import { type DispositionDraft, emptyDraft, problemOf, requestOf } from './form-state.ts';

interface DispositionFormProps {
  readonly callId: string;
  readonly interactionId: string;
  readonly choices: readonly DispositionChoice[];
  /** What was said before. */
  readonly given?: DispositionDraft | undefined;
  /** The agent's own note of the conversation. */
  readonly note: string;
  readonly onDone: () => void;
  readonly onCancel?: (() => void) | undefined;
}

/** What is filled in outlives the component: it lies with what was read, until it is sent or somebody signs out. */
function useDraft(interactionId: string, given: DispositionDraft = emptyDraft) {
  const client = useQueryClient();
  const key = draftKey(interactionId);
  const [draft, setDraft] = useState(() => client.getQueryData<DispositionDraft>(key) ?? given);
  return {
    draft,
    change: (part: Partial<DispositionDraft>): void => {
      const next = { ...draft, ...part };
      setDraft(next);
      client.setQueryDefaults(['disposition-draft'], { gcTime: Number.POSITIVE_INFINITY });
      client.setQueryData(key, next);
    },
    forget: () => client.removeQueries({ queryKey: key }),
  };
}

/** A disposition with the form that goes with it. */
export function DispositionForm(props: DispositionFormProps) {
  const { callId, interactionId, choices, given, note, onDone, onCancel } = props;
  const { t } = useTranslation();
  const { draft, change, forget } = useDraft(interactionId, given);
  const [isTried, setTried] = useState(false);
  const dispose = useDispose(callId, interactionId);
  const choice = choices.find(({ id }) => id === draft.optionId);
  const { fieldErrors, isComplete } = useFieldErrors(choice, draft, isTried ? dispose.error : null);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setTried(true);
    // A second press comes before the button shows that the first one is under way.
    if (choice === undefined || !isComplete || dispose.isPending) return;
    dispose.mutate(requestOf(draft, choice), { onSuccess: onDone });
  };
  /** What was refused before says nothing of what is there now. */
  const edit = (part: Partial<DispositionDraft>): void => {
    if (dispose.isError) dispose.reset();
    change(part);
  };
  const cancel = (): void => {
    forget();
    onCancel?.();
  };
  const shown = isTried ? fieldErrors : {};
  return (
    <form onSubmit={submit} noValidate aria-label={t('card.disposition.title')}>
      <Stack gap="sm" maw={640}>
        <OptionField
          choices={choices}
          value={draft.optionId}
          error={isTried && choice === undefined ? t('card.required') : undefined}
          onChange={(optionId) => edit({ optionId })}
        />
        {choice?.form !== undefined && (
          <FormFields
            fields={choice.form.fields}
            values={draft.fields}
            errors={shown}
            onChange={(name, value) => edit({ fields: { ...draft.fields, [name]: value } })}
          />
        )}
        <Textarea
          label={t('card.disposition.comments')}
          autosize
          minRows={2}
          maxRows={8}
          maxLength={maxComments}
          value={draft.comments}
          onChange={({ currentTarget: { value } }) => change({ comments: value })}
        />
        <Refusal error={dispose.error} fields={Object.keys(shown)} />
        <Buttons
          isPending={dispose.isPending}
          note={note.trim() === '' || draft.comments.includes(note) ? undefined : note}
          onTakeNote={(text) => change({ comments: withNote(draft.comments, text) })}
          onCancel={onCancel && cancel}
        />
      </Stack>
    </form>
  );
}

const maxComments = 8192;
const withNote = (comments: string, note: string): string =>
  [comments, note].filter(Boolean).join('\n').slice(0, maxComments);

interface ButtonsProps {
  readonly isPending: boolean;
  /** What could be taken over. */
  readonly note: string | undefined;
  readonly onTakeNote: (note: string) => void;
  readonly onCancel: (() => void) | undefined;
}

function Buttons({ isPending, note, onTakeNote, onCancel }: ButtonsProps) {
  const { t } = useTranslation();
  return (
    <Group gap="xs">
      <Button type="submit" loading={isPending}>
        {t('card.disposition.submit')}
      </Button>
      {note !== undefined && (
        <Button variant="default" onClick={() => onTakeNote(note)}>
          {t('card.disposition.takeNote')}
        </Button>
      )}
      {onCancel !== undefined && (
        <Button variant="subtle" onClick={onCancel}>
          {t('common.cancel')}
        </Button>
      )}
    </Group>
  );
}

/** What the page sees itself, and what the API said of a field. */
function useFieldErrors(choice: DispositionChoice | undefined, draft: DispositionDraft, error: Error | null) {
  const { t } = useTranslation();
  const issues = error instanceof ApiError ? error.issues : [];
  const found = (choice?.form?.fields ?? []).flatMap((field) => {
    const problem = problemOf(field, draft.fields[field.name]);
    if (problem !== undefined) {
      const { min, max } = field.type === 'number' ? field : {};
      return [[field.name, t(`card.disposition.problems.${problem}`, { min, max })] as const];
    }
    const said = issues.find(({ path }) => path === `form.${field.name}` || path.endsWith(`.form.${field.name}`));
    return said === undefined ? [] : [[field.name, said.message] as const];
  });
  const isComplete = (choice?.form?.fields ?? []).every(
    (field) => problemOf(field, draft.fields[field.name]) === undefined,
  );
  return { fieldErrors: Object.fromEntries(found), isComplete };
}

/** What was refused, without what stands beside its field already. */
function Refusal({ error, fields }: { readonly error: Error | null; readonly fields: readonly string[] }) {
  const { t } = useTranslation();
  if (error === null) return null;
  const words = {
    form_invalid: t('card.disposition.refused.form'),
    unknown_disposition: t('card.disposition.refused.option'),
    not_found: t('card.disposition.refused.interaction'),
    forbidden: t('card.disposition.refused.notHis'),
  };
  if (!(error instanceof ApiError)) return <Problem error={error} words={words} />;
  const { status, code, message } = error;
  const issues = error.issues.filter(({ path }) => !fields.some((name) => path.endsWith(`form.${name}`)));
  return <Problem error={new ApiError(status, { code, message, issues })} words={words} />;
}

interface OptionFieldProps {
  readonly choices: readonly DispositionChoice[];
  readonly value: string;
  readonly error: string | undefined;
  readonly onChange: (optionId: string) => void;
}

const mostRadios = 8;

/** Few stand there to be pressed, many are looked up. */
function OptionField({ choices, value, error, onChange }: OptionFieldProps) {
  const { t } = useTranslation();
  const label = t('card.disposition.option');
  if (choices.length > mostRadios)
    return (
      <Select
        label={label}
        withAsterisk
        searchable
        error={error}
        placeholder={t('card.disposition.choose')}
        data={choices.map(({ id, name }) => ({ value: id, label: name }))}
        value={value === '' ? null : value}
        onChange={(chosen) => onChange(chosen ?? '')}
      />
    );
  return (
    <Radio.Group label={label} withAsterisk error={error} value={value} onChange={onChange}>
      <Group gap="md" my="xs">
        {choices.map(({ id, name }) => (
          <Radio key={id} value={id} label={name} />
        ))}
      </Group>
    </Radio.Group>
  );
}
