import { ActionIcon, Button, Fieldset, Group, NumberInput, Select, Stack, Text } from '@mantine/core';
import { IconArrowUp, IconPlus, IconTrash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useEditing, useModule } from '../editing.ts';
import { UseInput } from '../fields/entity-select.tsx';
import { type DraftModule, type DraftRoute, optionsOf, routesOf, titleOf, useOf, withFields } from '../model/draft.ts';
import { type Exit, exitsOf, newExitOf, telephoneKeys, withExit, withoutExit } from '../model/exits.ts';
import { useExitWords, useProblemWords } from '../words.ts';

/** Where the call goes on from a module: the same as drawing it in the graph. */
export function ExitsForm({ id }: { readonly id: string }) {
  const { t } = useTranslation();
  const { module, set } = useModule(id);
  if (module === undefined || module.type === 'hangup') return undefined;
  const more = newExitOf(module);
  return (
    <Fieldset legend={t('flow.exits.title')} p="sm">
      <Stack gap="sm">
        {exitsOf(module).map((exit) => (
          <ExitForm key={exit.key} module={module} exit={exit} />
        ))}
        {more !== undefined && (
          <Button
            size="compact-sm"
            variant="light"
            w="fit-content"
            leftSection={<IconPlus size={14} aria-hidden />}
            onClick={() => set((now) => withExit(now, more, undefined))}
          >
            {t(more === 'options.+' ? 'flow.exits.newKey' : 'flow.exits.newRoute')}
          </Button>
        )}
      </Stack>
    </Fieldset>
  );
}

interface ExitFormProps {
  readonly module: DraftModule;
  readonly exit: Exit;
}

function ExitForm({ module, exit }: ExitFormProps) {
  if (exit.kind === 'route') return <RouteForm module={module} exit={exit} />;
  if (exit.kind === 'key') return <KeyForm module={module} exit={exit} />;
  return <Target module={module} exit={exit} />;
}

/** The module that a way leads to. */
function Target({ module, exit, label }: ExitFormProps & { readonly label?: string }) {
  const { t } = useTranslation();
  const problemAt = useProblemWords();
  const { draft } = useEditing();
  const { problems, set } = useModule(module.id);
  const wordsOf = useExitWords();
  const known = draft.modules.map((one) => ({ value: one.id, label: titleOf(one) }));
  const isMissing = exit.to !== undefined && !known.some(({ value }) => value === exit.to);
  const field = exit.kind === 'route' ? `${exit.key}.module` : exit.key;
  return (
    <Select
      label={label ?? wordsOf(module, exit)}
      data-exit={exit.key}
      searchable
      clearable={!exit.required}
      withAsterisk={exit.required}
      placeholder={t(exit.required ? 'flow.choose' : 'flow.exits.ends')}
      nothingFoundMessage={t('flow.nothingFound')}
      data={isMissing ? [...known, { value: exit.to ?? '', label: exit.to ?? '' }] : known}
      value={exit.to ?? null}
      error={problemAt(problems, field)}
      onChange={(to) => set((now) => withExit(now, exit.key, to ?? undefined))}
      style={{ flex: 1 }}
    />
  );
}

function KeyForm({ module, exit }: ExitFormProps) {
  const { t } = useTranslation();
  const { set } = useModule(module.id);
  const options = optionsOf(module);
  const { digit = '' } = exit;
  const rename = (key: string | null): void =>
    set((now) => {
      const { [digit]: to = '', ...rest } = optionsOf(now);
      return withFields(now, { options: { ...rest, [key ?? digit]: to } });
    });
  return (
    <Group wrap="nowrap" align="end" gap={4}>
      <Select
        w={76}
        label={t('flow.exits.keyLabel')}
        allowDeselect={false}
        data={telephoneKeys.filter((key) => key === digit || !Object.hasOwn(options, key))}
        value={digit}
        onChange={rename}
      />
      <Target module={module} exit={exit} label={t('flow.exits.keyTo', { digit })} />
      <Remove label={t('flow.exits.removeKey', { digit })} onClick={() => set((now) => withoutExit(now, exit.key))} />
    </Group>
  );
}

function RouteForm({ module, exit }: ExitFormProps) {
  const { t } = useTranslation();
  const problemAt = useProblemWords();
  const { set, problems } = useModule(module.id);
  const at = Number(exit.key.split('.')[1]);
  const route = routesOf(module)[at];
  const number = at + 1;
  if (route === undefined) return undefined;
  const change = (part: Partial<DraftRoute>, field: string): void =>
    set(
      (now) =>
        withFields(now, { routes: routesOf(now).map((one, place) => (place === at ? { ...one, ...part } : one)) }),
      `${exit.key}.${field}`,
    );
  const up = (): void =>
    set((now) => {
      const routes = [...routesOf(now)];
      const [moved] = routes.splice(at, 1);
      if (moved !== undefined) routes.splice(at - 1, 0, moved);
      return withFields(now, { routes });
    });
  return (
    <Fieldset p="xs" legend={t('flow.exits.routeNumber', { number })}>
      <Stack gap="xs">
        <UseInput
          label={t('flow.exits.when')}
          required
          value={useOf(route.when)}
          error={problemAt(problems, `${exit.key}.when`)}
          onChange={(when) => change({ when }, 'when')}
        />
        <Target module={module} exit={exit} label={t('flow.exits.goesTo')} />
        <Group wrap="nowrap" align="end" gap={4}>
          <NumberInput
            flex={1}
            label={t('flow.exits.priority')}
            description={t('flow.exits.priorityHelp')}
            allowDecimal={false}
            value={route.priority ?? 0}
            error={problemAt(problems, `${exit.key}.priority`)}
            onChange={(priority) => change({ priority: typeof priority === 'number' ? priority : 0 }, 'priority')}
          />
          {at > 0 && (
            <ActionIcon variant="subtle" aria-label={t('flow.exits.up', { number })} onClick={up}>
              <IconArrowUp size={16} aria-hidden />
            </ActionIcon>
          )}
          <Remove
            label={t('flow.exits.removeRoute', { number })}
            onClick={() => set((now) => withoutExit(now, exit.key))}
          />
        </Group>
      </Stack>
    </Fieldset>
  );
}

function Remove({ label, onClick }: { readonly label: string; readonly onClick: () => void }) {
  return (
    <ActionIcon variant="subtle" color="red" aria-label={label} onClick={onClick} mb={4}>
      <IconTrash size={16} aria-hidden />
    </ActionIcon>
  );
}

/** Ways in one sentence, where there is no room for a form. */
export function ExitLine({ module }: { readonly module: DraftModule }) {
  const { t } = useTranslation();
  const { draft } = useEditing();
  const wordsOf = useExitWords();
  const exits = exitsOf(module).filter(({ to, required }) => to !== undefined || required);
  return (
    <>
      {exits.map((exit) => {
        const to = draft.modules.find(({ id }) => id === exit.to);
        return (
          <Text key={exit.key} size="sm" c="dimmed">
            {wordsOf(module, exit)} → {to === undefined ? (exit.to ?? t('flow.exits.nowhere')) : titleOf(to)}
          </Text>
        );
      })}
    </>
  );
}
