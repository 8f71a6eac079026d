import type { DataItem } from '@patchcord/contracts';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { ask } from '../../../api/client.ts';
import { meaningOf } from './item-meaning.ts';

/** Something that a text or a field can name. `*` at its end stands for a name that others choose. */
export interface Item {
  readonly name: string;
  readonly meaning: string;
  readonly group: string;
  readonly type: string;
  readonly example: string;
  readonly channel?: DataItem['channel'];
}

/** `call`: of a call that goes on; `record`: of a conversation that is over, as it is written into a CRM. */
export type ItemSource = 'call' | 'record';

interface Expression {
  readonly name: string;
  readonly label: string;
  readonly type: string;
  readonly group: string;
  readonly example: unknown;
}

const shown = (example: unknown): string => (typeof example === 'string' ? example : JSON.stringify(example));

/** How the items of a record are told apart where one looks for them. */
const groupOf: Readonly<Record<string, string>> = {
  wait: 'times',
  ring: 'times',
  talk: 'times',
  hold: 'times',
  acw: 'times',
  handle: 'times',
  total: 'times',
  agent: 'people',
  customer: 'people',
  disposition: 'afterwards',
  notes: 'afterwards',
  summary: 'afterwards',
  form: 'afterwards',
  transcript: 'digital',
  digital: 'digital',
  recording: 'recording',
  ivr: 'variables',
  app: 'variables',
  var: 'variables',
  variables: 'variables',
};

async function readItems(of: ItemSource): Promise<Item[]> {
  if (of === 'record') {
    const { items } = await ask<{ items: DataItem[] }>('/v1/memorialization/items');
    return items.map((item) => {
      const [namespace = ''] = item.name.split('.');
      return { ...item, group: groupOf[namespace] ?? 'call', example: shown(item.example) };
    });
  }
  const { expressions } = await ask<{ expressions: Expression[] }>('/v1/expressions');
  return expressions.map(({ label, example, ...one }) => ({ ...one, meaning: label, example: shown(example) }));
}

/** Items with what they mean, in the language of the page where we have words for them. */
export function useItems(of: ItemSource) {
  const { t } = useTranslation();
  const words = t('dataItems.meanings', { returnObjects: true });
  return useQuery({
    queryKey: ['items', of],
    queryFn: () => readItems(of),
    staleTime: Number.POSITIVE_INFINITY,
    select: (items) =>
      of === 'record'
        ? items.map((item) => ({ ...item, meaning: meaningOf(item.name, words) ?? item.meaning }))
        : items,
  });
}

/** What people look for in. */
export const itemMatches = ({ name, meaning }: Item, search: string): boolean =>
  `${name} ${meaning}`.toLowerCase().includes(search.trim().toLowerCase());

/** What is written of an item: of one with a name that others choose, what stands before it. */
export const writtenName = (name: string): string => name.replace(/\*$/, '').replace(/<[^>]*>.*$/, '');

/** Those that we have words for. */
export const itemGroups = ['call', 'people', 'times', 'afterwards', 'recording', 'digital', 'variables'] as const;
