import { Button, Group, Radio, Stack, Text, TextInput, Title } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useEntities } from '../../../api/config.ts';
import { slugOf } from '../parts/slug.ts';
import { listPath } from '../sections.ts';
import type { Draft } from './model/draft.ts';
import { fromTemplate, type TemplateName, type TemplateWords, templateNames } from './model/templates.ts';

interface NewFlowProps {
  /** The flow that is copied, if one is. */
  readonly from?: Draft | undefined;
  readonly onDraw: (draft: Draft) => void;
}

/** Names a new flow, and says what it begins with. Nothing is stored yet. */
export function NewFlow({ from, onDraw }: NewFlowProps) {
  const { t } = useTranslation();
  const { data: flows } = useEntities('flow');
  const [name, setName] = useState(from === undefined ? '' : t('admin.editor.copyOf', { name: from.name }));
  const [id, setId] = useState('');
  const [template, setTemplate] = useState<TemplateName>('empty');
  const words = useTemplateWords();
  const made = id === '' ? slugOf(name) : id;
  const isTaken = flows?.some((flow) => flow.id === made) === true;
  const isWrong = id !== '' && !/^[A-Za-z0-9_-]{1,128}$/.test(id);
  const draw = (): void => {
    if (made === '' || isTaken || isWrong) return;
    onDraw(from === undefined ? fromTemplate(template, { id: made, name }, words) : { ...from, id: made, name });
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        draw();
      }}
    >
      <Stack maw={640}>
        <Title order={1} size="h2">
          {t('flow.new.title')}
        </Title>
        <TextInput
          label={t('admin.fields.name')}
          placeholder={t('flow.new.nameExample')}
          required
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <TextInput
          label={t('admin.fields.id')}
          description={t('admin.fields.idHelp')}
          placeholder={slugOf(name)}
          spellCheck={false}
          value={id}
          error={isTaken ? t('admin.editor.taken') : isWrong ? t('flow.panel.idWrong') : undefined}
          onChange={(event) => setId(event.currentTarget.value)}
        />
        {from === undefined && <Templates value={template} onChange={setTemplate} />}
        <Text size="sm" c="dimmed">
          {t('flow.new.help')}
        </Text>
        <Group>
          <Button type="submit" disabled={name.trim() === ''}>
            {t('flow.new.draw')}
          </Button>
          <Button component={Link} to={listPath('flow')} variant="default">
            {t('admin.editor.back')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function useTemplateWords(): TemplateWords {
  const { t } = useTranslation();
  return {
    greeting: t('flow.spoken.greeting'),
    menu: t('flow.spoken.menu'),
    notUnderstood: t('flow.spoken.notUnderstood'),
    reference: t('flow.spoken.reference'),
    referenceWrong: t('flow.spoken.referenceWrong'),
    thanks: t('flow.spoken.thanks'),
    found: t('flow.spoken.found'),
    notFound: t('flow.spoken.notFound'),
  };
}

interface TemplatesProps {
  readonly value: TemplateName;
  readonly onChange: (name: TemplateName) => void;
}

function Templates({ value, onChange }: TemplatesProps) {
  const { t } = useTranslation();
  return (
    <Radio.Group label={t('flow.new.template')} value={value} onChange={(name) => onChange(name as TemplateName)}>
      <Stack gap="sm" mt="xs">
        {templateNames.map((one) => (
          <Radio
            key={one}
            value={one}
            label={t(`flow.templates.${one}.name`)}
            description={t(`flow.templates.${one}.help`)}
          />
        ))}
      </Stack>
    </Radio.Group>
  );
}
