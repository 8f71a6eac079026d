import type { Memorialization, MemorializedField } from '@patchcord/contracts';

export interface RowValues {
  readonly field: string;
  readonly channel: MemorializedField['channel'];
  /** `item`: with the type that it has; `text`: with items in braces. */
  readonly by: 'item' | 'text';
  readonly item: string;
  readonly text: string;
  readonly tooLong: MemorializedField['tooLong'];
  readonly maxLength: number | '';
}

export interface MemorializationValues {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly connection: string;
  readonly log: Memorialization['log'];
  readonly channels: string[];
  readonly outcomes: string[];
  readonly hasTimeline: boolean;
  readonly timeline: {
    readonly subject: string;
    readonly notes: string;
    readonly link: boolean;
    readonly fields: RowValues[];
  };
  readonly entities: { readonly module: string; readonly fields: RowValues[] }[];
}

export const emptyRow: RowValues = {
  field: '',
  channel: 'both',
  by: 'item',
  item: '',
  text: '',
  tooLong: 'cut',
  maxLength: '',
};

export const emptyMemorialization: MemorializationValues = {
  id: '',
  name: '',
  description: '',
  connection: '',
  log: 'interaction',
  channels: ['voice', 'digital'],
  outcomes: ['answered', 'missed', 'abandoned', 'failed'],
  hasTimeline: true,
  timeline: { subject: '', notes: '', link: true, fields: [] },
  entities: [],
};

const rowForm = ({ field, channel, item, text, tooLong, maxLength }: MemorializedField): RowValues => ({
  field,
  channel,
  by: text === undefined ? 'item' : 'text',
  item: item ?? '',
  text: text ?? '',
  tooLong,
  maxLength: maxLength ?? '',
});

export function memorializationForm(entity: Memorialization): MemorializationValues {
  const { timeline, entities, ...plain } = entity;
  return {
    ...plain,
    hasTimeline: timeline !== false,
    timeline:
      timeline === false
        ? emptyMemorialization.timeline
        : {
            subject: timeline.subject ?? '',
            notes: timeline.notes ?? '',
            link: timeline.link,
            fields: timeline.fields.map(rowForm),
          },
    entities: entities.map(({ module, fields }) => ({ module, fields: fields.map(rowForm) })),
  };
}

const rowOf = ({ field, channel, by, item, text, tooLong, maxLength }: RowValues): object => ({
  field,
  channel,
  tooLong,
  ...(by === 'item' ? { item } : { text }),
  ...(maxLength === '' ? {} : { maxLength }),
});

/** What is stored. */
export function memorializationOf(values: MemorializationValues): object {
  const { hasTimeline, timeline, entities, ...plain } = values;
  const { subject, notes, link, fields } = timeline;
  return {
    ...plain,
    timeline: hasTimeline
      ? {
          ...(subject === '' ? {} : { subject }),
          ...(notes === '' ? {} : { notes }),
          link,
          fields: fields.map(rowOf),
        }
      : false,
    entities: entities.map((one) => ({ module: one.module, fields: one.fields.map(rowOf) })),
  };
}
