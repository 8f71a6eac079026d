import {
  type Card,
  type CardRecord,
  type DataMapping,
  type MappedModule,
  mappedModulesOf,
  parseTemplate,
} from '@patchcord/contracts';
import { agentsOf, type CardState, isLinked, isPinned, type StoredRecord } from './card.ts';
import { byLikelihood } from './card-records.ts';

type Mappings = ReadonlyMap<string, DataMapping>;

/** A card as people see it, by the data mappings that are in force now. */
export function cardOf(state: CardState, mappings: Mappings): Card {
  const {
    asked: _asked,
    pending: _pending,
    sessions,
    persons: _persons,
    number: _number,
    email: _email,
    records,
    ...rest
  } = state;
  const all = Object.values(records);
  const shown = (some: readonly StoredRecord[]): CardRecord[] => some.map((one) => recordOf(one, mappings));
  return {
    ...rest,
    state: isOver({ sessions }) ? 'over' : 'open',
    agents: agentsOf(state),
    current: shown(all.filter(isPinned).sort(byAge)),
    related: shown(all.filter((one) => !isPinned(one)).sort(byLikelihood)),
  };
}

/** Before anything is heard of the conversation, it goes on. */
export function isOver({ sessions }: Pick<CardState, 'sessions'>): boolean {
  const all = Object.values(sessions);
  return all.length > 0 && all.every(({ over }) => over);
}

const byAge = (one: StoredRecord, other: StoredRecord): number =>
  one.addedAt === other.addedAt ? byLikelihood(one, other) : one.addedAt < other.addedAt ? -1 : 1;

function recordOf(record: StoredRecord, mappings: Mappings): CardRecord {
  const { hit, source, addedAt } = record;
  const { url, ...rest } = hit;
  const mapped = mappedModulesOf(mappings, hit.connection).find(({ module }) => module === hit.module);
  return {
    ...rest,
    // A CRM, or who writes into it, may say anything; a browser would run some of it.
    ...(url !== undefined && /^https?:\/\//i.test(url) ? { url } : {}),
    title: titleOf(record, mapped),
    shown: shownOf(record, mapped),
    pinned: isPinned(record),
    linked: isLinked(record),
    source,
    addedAt,
  };
}

/** Titles of records, for whoever sees little more of a card. */
export const titleOf = ({ hit }: StoredRecord, mapped: MappedModule | undefined): string => {
  const parsed = parseTemplate(mapped?.title ?? '');
  const parts = parsed.ok ? parsed.template.parts : [];
  const title = parts
    .map((part) => (typeof part === 'string' ? part : textAt(hit.fields, part.name) || (part.fallback ?? '')))
    .join('')
    .replace(/\s+/g, ' ')
    .trim();
  return title === '' ? hit.name.trim() || `${mapped?.label ?? hit.module} ${hit.id}` : title;
};

const shownOf = ({ hit }: StoredRecord, mapped: MappedModule | undefined): CardRecord['shown'] =>
  (mapped?.fields ?? []).flatMap(({ field, label, kind }) => {
    const value = textAt(hit.fields, field);
    return value === '' ? [] : [{ label, value, kind }];
  });

type Fields = Readonly<Record<string, unknown>>;

/** `Account.Name` is a field of that name, or else the field `Name` of what `Account` holds. */
function textAt(fields: Fields, name: string): string {
  if (Object.hasOwn(fields, name)) return textOf(fields[name]);
  const dot = name.indexOf('.');
  const inner = dot === -1 || !Object.hasOwn(fields, name.slice(0, dot)) ? undefined : fields[name.slice(0, dot)];
  return isFields(inner) ? textAt(inner, name.slice(dot + 1)) : '';
}

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** CRMs give a reference or a choice as an object that also holds what people read. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return value.trim();
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) {
    return value
      .map(textOf)
      .filter((text) => text !== '')
      .join(', ');
  }
  if (!isFields(value)) return '';
  const readable = ['name', 'label', 'display_value', 'value', 'id'].find((key) => Object.hasOwn(value, key));
  return readable === undefined ? '' : textOf(value[readable]);
}
