import type { Draft, DraftModule } from './draft.ts';

export const templateNames = ['empty', 'menu', 'orders'] as const;
export type TemplateName = (typeof templateNames)[number];

/** What people read and hear, in their language. */
export interface TemplateWords {
  readonly greeting: string;
  readonly menu: string;
  readonly notUnderstood: string;
  readonly reference: string;
  readonly referenceWrong: string;
  readonly thanks: string;
  readonly found: string;
  readonly notFound: string;
}

/** Modules of a new flow. What has to be there already (triggers, automations) is left to be chosen. */
export function fromTemplate(name: TemplateName, about: Pick<Draft, 'id' | 'name'>, words: TemplateWords): Draft {
  const modules = { empty, menu, orders }[name](words);
  return { ...about, start: modules[0]?.id ?? '', modules };
}

const hangup: DraftModule = { id: 'goodbye', type: 'hangup' };

const empty = ({ greeting }: TemplateWords): readonly DraftModule[] => [
  { id: 'welcome', type: 'text-to-speech', text: greeting, next: 'goodbye' },
  hangup,
];

const menu = ({ greeting, menu: choices, notUnderstood }: TemplateWords): readonly DraftModule[] => [
  { id: 'welcome', type: 'text-to-speech', text: greeting, next: 'menu' },
  {
    id: 'menu',
    type: 'simple-menu',
    prompt: { text: choices },
    noMatchPrompts: [{ text: notUnderstood }],
    options: { '1': 'sales', '2': 'support', '9': 'menu' },
    next: 'support',
  },
  { id: 'sales', type: 'queue', queue: 'sales', timeoutMs: 120_000, next: 'voicemail' },
  { id: 'support', type: 'queue', queue: 'support', timeoutMs: 120_000, next: 'voicemail' },
  { id: 'voicemail', type: 'voicemail', mailbox: '1000', next: 'goodbye' },
  hangup,
];

const orders = (words: TemplateWords): readonly DraftModule[] => [
  { id: 'welcome', type: 'text-to-speech', text: words.greeting, next: 'known' },
  {
    id: 'known',
    type: 'wait-for-variable',
    expression: 'ivr.email',
    budgetMs: 1500,
    next: 'order-found',
    otherwise: 'reference',
  },
  {
    id: 'reference',
    type: 'input-reader',
    variable: 'reference',
    min: 7,
    max: 7,
    prompt: { text: words.reference },
    noMatchPrompts: [{ text: words.referenceWrong }],
    next: 'thank-you',
    otherwise: 'not-found',
  },
  { id: 'thank-you', type: 'text-to-speech', text: words.thanks, next: 'profile' },
  {
    id: 'profile',
    type: 'wait-for-variable',
    expression: 'ivr.email',
    budgetMs: 4000,
    next: 'order-found',
    otherwise: 'not-found',
  },
  { id: 'order-found', type: 'text-to-speech', text: words.found, next: 'agents' },
  { id: 'not-found', type: 'text-to-speech', text: words.notFound, next: 'agents' },
  { id: 'agents', type: 'queue', queue: 'support', timeoutMs: 300_000, next: 'goodbye' },
  hangup,
];
