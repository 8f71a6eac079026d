import type { FlowModuleType } from '@patchcord/contracts';
import type { DraftModule } from './draft.ts';

/** What a module is for: the palette is ordered by it. */
export type KindGroup = 'hear' | 'ask' | 'decide' | 'systems' | 'leave';

/** Kinds in the order in which people look for them. */
export const kindGroups: Readonly<Record<KindGroup, readonly FlowModuleType[]>> = {
  hear: ['audio-player', 'text-to-speech'],
  ask: ['simple-menu', 'input-reader'],
  decide: ['switch', 'set-variables', 'wait-for-variable'],
  systems: ['http-action', 'crm-workflow', 'identification'],
  leave: ['queue', 'transfer', 'voicemail', 'play-recording', 'hangup'],
};

/** A form's field of a module. `text`: the name of its label and its help, where that is not the field's own. */
export type Field =
  | { readonly kind: 'template'; readonly name: TextName; readonly lines?: number; readonly required?: boolean }
  | { readonly kind: 'text'; readonly name: 'variable' | 'pattern'; readonly required?: boolean }
  | { readonly kind: 'expression'; readonly name: 'expression' }
  | {
      readonly kind: 'number';
      readonly name: NumberName;
      readonly text?: 'ringMs' | 'waitMs';
      readonly min: number;
      readonly max: number;
      /** What counts when the field is empty. */
      readonly usual?: number;
    }
  | { readonly kind: 'flag'; readonly name: 'enabled' | 'ignoreNoInput'; readonly usual: boolean }
  | { readonly kind: 'termination'; readonly name: 'terminationDigit' }
  | {
      readonly kind: 'entity';
      readonly name: 'automation' | 'workflow' | 'identification';
      readonly of: 'automation' | 'crm-workflow' | 'identification';
    }
  | { readonly kind: 'prompt'; readonly name: 'prompt' }
  | {
      readonly kind: 'prompts';
      readonly name: 'prompts' | 'filler' | 'noInputPrompts' | 'noMatchPrompts';
      readonly most: number;
    }
  | { readonly kind: 'bargeIn'; readonly name: 'bargeIn' }
  | { readonly kind: 'use'; readonly name: 'when' }
  | { readonly kind: 'values'; readonly name: 'variables' }
  | { readonly kind: 'workflowInput'; readonly name: 'input' };

type TextName = 'text' | 'language' | 'voice' | 'queue' | 'to' | 'mailbox' | 'recording';
type NumberName =
  | 'min'
  | 'max'
  | 'readTimeoutMs'
  | 'betweenDigitsTimeoutMs'
  | 'maxAttempts'
  | 'timeoutMs'
  | 'budgetMs'
  | 'priority';

const speech: readonly Field[] = [
  { kind: 'template', name: 'text', lines: 3, required: true },
  { kind: 'template', name: 'language' },
  { kind: 'template', name: 'voice' },
];
const asking: readonly Field[] = [
  { kind: 'prompts', name: 'noInputPrompts', most: 2 },
  { kind: 'prompts', name: 'noMatchPrompts', most: 2 },
  { kind: 'number', name: 'maxAttempts', min: 1, max: 20, usual: 3 },
  { kind: 'bargeIn', name: 'bargeIn' },
];
const filler: Field = { kind: 'prompts', name: 'filler', most: 20 };
const budget = (usual: number): Field => ({ kind: 'number', name: 'budgetMs', min: 100, max: 120_000, usual });

/** The settings of each kind, without its ways out. */
export const fieldsOf: Readonly<Record<FlowModuleType, readonly Field[]>> = {
  'audio-player': [{ kind: 'prompts', name: 'prompts', most: 20 }],
  'text-to-speech': speech,
  'simple-menu': [
    { kind: 'prompt', name: 'prompt' },
    { kind: 'number', name: 'timeoutMs', text: 'waitMs', min: 1000, max: 60_000, usual: 5000 },
    ...asking,
  ],
  'input-reader': [
    { kind: 'text', name: 'variable', required: true },
    { kind: 'prompt', name: 'prompt' },
    { kind: 'number', name: 'min', min: 0, max: 64, usual: 1 },
    { kind: 'number', name: 'max', min: 1, max: 64, usual: 30 },
    { kind: 'termination', name: 'terminationDigit' },
    { kind: 'text', name: 'pattern' },
    { kind: 'number', name: 'readTimeoutMs', min: 1000, max: 60_000, usual: 5000 },
    { kind: 'number', name: 'betweenDigitsTimeoutMs', min: 500, max: 60_000, usual: 3000 },
    ...asking,
    { kind: 'flag', name: 'ignoreNoInput', usual: false },
  ],
  switch: [{ kind: 'flag', name: 'enabled', usual: true }],
  'set-variables': [{ kind: 'values', name: 'variables' }],
  'wait-for-variable': [
    { kind: 'expression', name: 'expression' },
    { kind: 'use', name: 'when' },
    budget(5000),
    filler,
  ],
  'http-action': [{ kind: 'entity', name: 'automation', of: 'automation' }, budget(5000), filler],
  'crm-workflow': [
    { kind: 'entity', name: 'workflow', of: 'crm-workflow' },
    { kind: 'workflowInput', name: 'input' },
    budget(6000),
    filler,
  ],
  identification: [{ kind: 'entity', name: 'identification', of: 'identification' }],
  queue: [
    { kind: 'template', name: 'queue', required: true },
    { kind: 'number', name: 'priority', min: 0, max: 1000 },
    { kind: 'number', name: 'timeoutMs', min: 1000, max: 86_400_000 },
  ],
  transfer: [
    { kind: 'template', name: 'to', required: true },
    { kind: 'number', name: 'timeoutMs', text: 'ringMs', min: 0, max: 600_000, usual: 60_000 },
  ],
  voicemail: [{ kind: 'template', name: 'mailbox', required: true }],
  'play-recording': [{ kind: 'template', name: 'recording', required: true }],
  hangup: [],
};

/** Begun without a word: what must be said is asked for in its form. */
const blanks: Partial<Readonly<Record<FlowModuleType, Readonly<Record<string, unknown>>>>> = {
  'audio-player': { prompts: [{ sound: '' }] },
  'text-to-speech': { text: '' },
  'simple-menu': { options: { '1': '' } },
  'input-reader': { variable: '' },
  switch: { routes: [] },
  'set-variables': { variables: { 'app.': '' } },
};

/** A new module of a kind, under the kind's own name. */
export const blankModule = (type: FlowModuleType): DraftModule => ({ id: type, type, ...blanks[type] });

export const isKind = (text: string): text is FlowModuleType => text in fieldsOf;
