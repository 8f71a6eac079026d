import { Button, Group, Stack, TextInput, Title } from '@mantine/core';
import { type UseFormReturnType, useForm } from '@mantine/form';
import type { ConfigKind, ConfigKinds } from '@patchcord/contracts';
import { IconTrash } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate, useParams, useSearchParams } from 'react-router';
import { ApiError } from '../../../api/client.ts';
import { type Stored, useEntity, useSaveEntity } from '../../../api/config.ts';
import { Problem } from '../../../parts/problem.tsx';
import { tell } from '../../../parts/tell.ts';
import { Waiting } from '../../../parts/waiting.tsx';
import { editorPath, listPath } from '../sections.ts';
import { Conflict } from './conflict.tsx';
import { DeleteQuestion } from './delete-question.tsx';
import { formErrors } from './form-errors.ts';
import { History } from './history.tsx';
import { justSaved, LeaveQuestion } from './leave-question.tsx';
import { slugOf } from './slug.ts';

/** What every form holds; the rest is the editor's own. */
export interface FormValues {
  readonly id: string;
  readonly name: string;
}

export interface EntityEditorProps<Kind extends ConfigKind, Values extends FormValues> {
  readonly kind: Kind;
  /** Of a new entity. */
  readonly empty: Values;
  readonly toForm: (entity: ConfigKinds[Kind]) => Values;
  /** What is sent; texts that were left empty are no longer there, where the field may be absent. */
  readonly toEntity: (values: Values) => object;
  readonly children: (form: UseFormReturnType<Values>, stored: ConfigKinds[Kind] | undefined) => ReactNode;
  /** Beside the history: a test, for example. */
  readonly actions?: (form: UseFormReturnType<Values>) => ReactNode;
}

/** One entity, new (also as a copy) or stored: its fields, history, deletion; nothing is lost by leaving or by others' changes. */
export function EntityEditor<Kind extends ConfigKind, Values extends FormValues>(
  props: EntityEditorProps<Kind, Values>,
) {
  const { id } = useParams();
  const [search] = useSearchParams();
  const from = search.get('from') ?? undefined;
  const { data: stored, error, isFetching, refetch } = useEntity(props.kind, id ?? from);
  if (error !== null) return <Problem error={error} again={() => void refetch()} />;
  if ((id ?? from) !== undefined && (stored === undefined || isFetching)) return <Waiting />;
  return (
    <Editor
      key={id ?? `new ${from}`}
      {...props}
      {...(stored === undefined ? {} : { stored })}
      isNew={id === undefined}
    />
  );
}

type EditorProps<Kind extends ConfigKind, Values extends FormValues> = EntityEditorProps<Kind, Values> & {
  readonly stored?: Stored<Kind>;
  readonly isNew: boolean;
};

function Editor<Kind extends ConfigKind, Values extends FormValues>(props: EditorProps<Kind, Values>) {
  const { kind, stored, isNew, children } = props;
  const { t } = useTranslation();
  const editing = useEditing(props);
  const { form, save, submit } = editing;
  const kindText = t(`admin.kinds.${kind as ConfigKind}`);
  const conflict = save.error instanceof ApiError && save.error.status === 412 && !isNew;
  return (
    <Stack maw={1100}>
      <Title order={1} size="h2">
        {isNew ? t('admin.editor.new', { kind: kindText }) : stored?.entity.name}
      </Title>
      {save.error !== null && !conflict && (
        <Problem error={save.error} words={isNew ? { revision_conflict: t('admin.editor.taken') } : {}} />
      )}
      <form onSubmit={form.onSubmit((values) => submit(values))} noValidate>
        <Stack>
          <Naming form={form as unknown as UseFormReturnType<FormValues>} isNew={isNew} />
          {children(form, isNew ? undefined : stored?.entity)}
          <Buttons {...props} editing={editing} />
        </Stack>
      </form>
      <LeaveQuestion when={form.isDirty()} />
      {conflict && (
        <Conflict
          kind={kind}
          id={form.values.id}
          mine={props.toEntity(form.values)}
          onTheirs={editing.take}
          onMine={(etag) => submit(form.values, etag)}
          onClose={() => save.reset()}
        />
      )}
    </Stack>
  );
}

function useEditing<Kind extends ConfigKind, Values extends FormValues>(props: EditorProps<Kind, Values>) {
  const { kind, empty, toForm, toEntity, stored, isNew } = props;
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [etag, setEtag] = useState(stored?.etag);
  const save = useSaveEntity(kind);
  const form = useForm<Values>({ initialValues: startOf() });

  function startOf(): Values {
    if (stored === undefined) return empty;
    const values = toForm(stored.entity);
    return isNew ? { ...values, id: '', name: t('admin.editor.copyOf', { name: stored.entity.name }) } : values;
  }
  const take = (taken: Stored<Kind>): void => {
    const values = toForm(taken.entity);
    setEtag(taken.etag);
    form.setInitialValues(values);
    form.setValues(values);
    form.clearErrors();
    save.reset();
  };
  const submit = (values: Values, over = etag): void => {
    const id = isNew && values.id === '' ? slugOf(values.name) : values.id;
    const entity = toEntity({ ...values, id });
    save.mutate(
      { id, entity, ...(isNew || over === undefined ? {} : { etag: over }) },
      {
        onSuccess: (saved) => {
          take(saved);
          tell(t('admin.editor.saved', { name: saved.entity.name }));
          if (isNew) void navigate(editorPath(kind, id), { replace: true, state: justSaved });
        },
        onError: (error) => form.setErrors(error instanceof ApiError ? formErrors(error.issues) : {}),
      },
    );
  };
  /** As it was; stored only when the person says so. */
  const restore = (entity: object): void => form.setValues(toForm(entity as ConfigKinds[Kind]));
  return { form, save, submit, take, restore };
}

/** The name, and for a new entity the id that is made of it unless one is given. */
function Naming({ form, isNew }: { readonly form: UseFormReturnType<FormValues>; readonly isNew: boolean }) {
  const { t } = useTranslation();
  return (
    <Group grow align="start" preventGrowOverflow={false}>
      <TextInput label={t('admin.fields.name')} required miw={240} {...form.getInputProps('name')} />
      <TextInput
        label={t('admin.fields.id')}
        description={isNew ? t('admin.fields.idHelp') : undefined}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        placeholder={slugOf(form.values.name)}
        readOnly={!isNew}
        miw={240}
        {...form.getInputProps('id')}
      />
    </Group>
  );
}

type ButtonsProps<Kind extends ConfigKind, Values extends FormValues> = EditorProps<Kind, Values> & {
  readonly editing: ReturnType<typeof useEditing<Kind, Values>>;
};

function Buttons<Kind extends ConfigKind, Values extends FormValues>(props: ButtonsProps<Kind, Values>) {
  const { kind, stored, isNew, actions, editing } = props;
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [asked, setAsked] = useState(false);
  return (
    <Group mt="md">
      <Button type="submit" loading={editing.save.isPending}>
        {t('common.save')}
      </Button>
      <Button component={Link} to={listPath(kind)} variant="default">
        {t('admin.editor.back')}
      </Button>
      {actions?.(editing.form)}
      {!isNew && stored !== undefined && (
        <>
          <History kind={kind} id={stored.entity.id} onRestore={editing.restore} />
          <Button
            variant="subtle"
            color="red"
            leftSection={<IconTrash size={16} aria-hidden />}
            onClick={() => setAsked(true)}
          >
            {t('admin.delete.do')}
          </Button>
          <DeleteQuestion
            kind={kind}
            entity={asked ? stored.entity : undefined}
            onClose={() => setAsked(false)}
            onDeleted={() => void navigate(listPath(kind))}
          />
        </>
      )}
    </Group>
  );
}
