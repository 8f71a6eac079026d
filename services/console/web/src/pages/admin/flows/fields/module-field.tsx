import { Fieldset, Group, NumberInput, Select, Switch, TextInput } from '@mantine/core';
import type { TerminationDigit } from '@patchcord/contracts';
import { useTranslation } from 'react-i18next';
import { every } from '../../../../parts/every.ts';
import { useModule } from '../editing.ts';
import { type DraftModule, useOf, withFields } from '../model/draft.ts';
import type { Field } from '../model/kinds.ts';
import { useProblemWords } from '../words.ts';
import { EntitySelect, UseInput } from './entity-select.tsx';
import { PromptsInput, promptOf } from './prompts-input.tsx';
import { TemplateInput } from './template-input.tsx';
import { type Values, ValuesInput } from './values-input.tsx';
import { WorkflowInput } from './workflow-input.tsx';

type Of<Kind extends Field['kind']> = Extract<Field, { readonly kind: Kind }>;

/** What every field is given. */
interface Given {
  readonly module: DraftModule;
  /** The field's value from now on; `undefined` takes it away. */
  readonly set: (value: unknown) => void;
  /** The problem of the field, or of a part of it. */
  readonly problem: (part?: string) => string | undefined;
  readonly label: string;
  readonly description: string;
}

/** One setting of a module. */
export function ModuleField({ id, field }: { readonly id: string; readonly field: Field }) {
  const { t } = useTranslation();
  const problemAt = useProblemWords();
  const { module, problems, set } = useModule(id);
  if (module === undefined) return undefined;
  const { name } = field;
  const words = ('text' in field && field.text !== undefined ? field.text : name) as keyof Words;
  const given: Given = {
    module,
    set: (value) => set((now) => withFields(now, { [name]: value }), name),
    problem: (part) => problemAt(problems, part === undefined || part === '' ? name : `${name}.${part}`),
    label: t(`flow.fields.${words}.label`),
    description: t(`flow.fields.${words}.help`),
  };
  return <One field={field} given={given} />;
}

type Words = Record<Field['name'] | 'ringMs' | 'waitMs', unknown>;

function One({ field, given }: { readonly field: Field; readonly given: Given }) {
  switch (field.kind) {
    case 'template':
      return <Template field={field} given={given} />;
    case 'text':
      return <Plain field={field} given={given} />;
    case 'expression':
      return <Template field={{ kind: 'template', name: 'text' }} given={given} bare name={field.name} />;
    case 'number':
      return <Numeric field={field} given={given} />;
    case 'flag':
      return <Flag field={field} given={given} />;
    case 'termination':
      return <Termination given={given} />;
    case 'entity':
      return <Entity field={field} given={given} />;
    case 'prompt':
    case 'prompts':
      return <Prompts field={field} given={given} />;
    case 'bargeIn':
      return <BargeIn given={given} />;
    case 'use':
      return <When given={given} />;
    case 'values':
      return <Variables given={given} />;
    case 'workflowInput':
      return (
        <WorkflowInput
          value={(given.module.input ?? {}) as Values}
          onChange={(value) => given.set(Object.keys(value).length === 0 ? undefined : value)}
          problemAt={given.problem}
        />
      );
  }
}

interface TemplateFieldProps {
  readonly field: Of<'template'>;
  readonly given: Given;
  readonly bare?: boolean;
  readonly name?: string;
}

function Template({ field, given, bare = false, name = field.name }: TemplateFieldProps) {
  const { module, set, problem, label, description } = given;
  const value = (module[name] as string | undefined) ?? '';
  return (
    <TemplateInput
      label={label}
      description={description}
      value={value}
      bare={bare}
      required={field.required ?? false}
      lines={field.lines ?? 1}
      error={problem()}
      onChange={(text) => set(text === '' && field.required !== true ? undefined : text)}
    />
  );
}

function Plain({ field, given: { module, set, problem, label, description } }: { field: Of<'text'>; given: Given }) {
  return (
    <TextInput
      label={label}
      description={description}
      withAsterisk={field.required ?? false}
      spellCheck={false}
      value={(module[field.name] as string | undefined) ?? ''}
      error={problem()}
      onChange={({ currentTarget: { value } }) => set(value === '' && field.required !== true ? undefined : value)}
    />
  );
}

function Numeric({
  field,
  given: { module, set, problem, label, description },
}: {
  field: Of<'number'>;
  given: Given;
}) {
  const value = module[field.name];
  return (
    <NumberInput
      label={label}
      description={description}
      placeholder={field.usual === undefined ? '' : String(field.usual)}
      allowDecimal={false}
      allowNegative={false}
      step={field.name.endsWith('Ms') ? 500 : 1}
      suffix={field.name.endsWith('Ms') ? ' ms' : ''}
      value={typeof value === 'number' ? value : ''}
      error={problem()}
      onChange={(number) => set(typeof number === 'number' ? number : undefined)}
    />
  );
}

function Flag({ field, given: { module, set, problem, label, description } }: { field: Of<'flag'>; given: Given }) {
  return (
    <Switch
      label={label}
      description={description}
      error={problem()}
      checked={(module[field.name] as boolean | undefined) ?? field.usual}
      onChange={(event) => set(event.currentTarget.checked)}
    />
  );
}

const terminations = every<Exclude<TerminationDigit, `KEY_${number}`>>({
  HASH: true,
  ASTERISK: true,
  ANY: true,
  NONE: true,
});

function Termination({ given: { module, set, problem, label, description } }: { given: Given }) {
  const { t } = useTranslation();
  return (
    <Select
      label={label}
      description={description}
      allowDeselect={false}
      error={problem()}
      data={[
        ...terminations.map((value) => ({ value, label: t(`flow.terminations.${value}`) })),
        ...Array.from('0123456789', (digit) => ({ value: `KEY_${digit}`, label: t('flow.exits.key', { digit }) })),
      ]}
      value={(module.terminationDigit as string | undefined) ?? 'HASH'}
      onChange={set}
    />
  );
}

function Entity({ field, given: { module, set, problem, label, description } }: { field: Of<'entity'>; given: Given }) {
  return (
    <EntitySelect
      kind={field.of}
      label={label}
      description={description}
      required
      value={(module[field.name] as string | undefined) ?? ''}
      error={problem()}
      onChange={set}
    />
  );
}

function Prompts({ field, given }: { field: Of<'prompt'> | Of<'prompts'>; given: Given }) {
  const { module, set, problem, label, description } = given;
  const value = module[field.name];
  if (field.kind === 'prompts')
    return (
      <PromptsInput
        label={label}
        description={description}
        most={field.most}
        value={Array.isArray(value) ? value : []}
        onChange={set}
        problemAt={problem}
      />
    );
  return (
    <PromptsInput
      label={label}
      description={description}
      most={1}
      value={value === undefined ? [] : [promptOf(value)]}
      onChange={([prompt]) => set(prompt)}
      problemAt={() => problem()}
    />
  );
}

interface Barge {
  readonly enabled?: boolean;
  readonly delayMs?: number;
}

function BargeIn({ given: { module, set, problem, label, description } }: { given: Given }) {
  const { t } = useTranslation();
  const value: Barge =
    typeof module.bargeIn === 'boolean' ? { enabled: module.bargeIn } : ((module.bargeIn ?? {}) as Barge);
  const { enabled = true, delayMs = 0 } = value;
  return (
    <Fieldset legend={label} p="sm">
      <Group align="start" grow preventGrowOverflow={false}>
        <Switch
          label={t('flow.bargeIn.enabled')}
          description={description}
          checked={enabled}
          error={problem()}
          onChange={(event) => set({ delayMs, enabled: event.currentTarget.checked })}
        />
        <NumberInput
          label={t('flow.bargeIn.delay')}
          disabled={!enabled}
          allowDecimal={false}
          allowNegative={false}
          step={100}
          suffix=" ms"
          value={delayMs}
          onChange={(number) => set({ enabled, delayMs: typeof number === 'number' ? number : 0 })}
        />
      </Group>
    </Fieldset>
  );
}

function When({ given: { module, set, problem, label, description } }: { given: Given }) {
  return (
    <UseInput
      label={label}
      description={description}
      clearable
      value={useOf(module.when)}
      error={problem()}
      onChange={(use) => set(use.trigger === '' ? undefined : use)}
    />
  );
}

function Variables({ given: { module, set, problem, label, description } }: { given: Given }) {
  return (
    <ValuesInput
      label={label}
      description={description}
      begin="app."
      example="app.priority"
      value={(module.variables ?? {}) as Values}
      onChange={set}
      problemAt={problem}
    />
  );
}
