import { z } from 'zod';
import { parseTemplate, placeholdersOf, templateMessage } from '../template.ts';
import { token } from '../tokens.ts';
import { loggedOutcomes } from './call-logging.ts';
import { entityFields } from './common.ts';
import { dataItemOf } from './memorialization-items.ts';

const itemProblem = (name: string): string | undefined =>
  dataItemOf(name) === undefined
    ? `expected the name of a data item, e.g. "disposition.name" or "ivr.order"; there is no "${name}"`
    : undefined;

const item = z
  .string()
  .max(256)
  .superRefine((name, context) => {
    const message = itemProblem(name);
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  });

/** A text with data items in braces, `{agent.name}: {disposition.name|none}`. Without braces it is always the same. */
const itemText = (maxCharacters: number) =>
  z
    .string()
    .min(1)
    .max(maxCharacters)
    .superRefine((text, context) => {
      const parsed = parseTemplate(text);
      const message = parsed.ok
        ? placeholdersOf(parsed.template).flatMap(({ name }) => itemProblem(name) ?? [])[0]
        : templateMessage(parsed.problem);
      if (message !== undefined) context.addIssue({ code: 'custom', message });
    });

/** One field of a CRM, and what is written into it. */
export const memorializedField = z
  .strictObject({
    /** As the CRM names it in its requests. */
    field: z.string().min(1).max(128),
    /** Of which conversations. */
    channel: z.enum(['voice', 'digital', 'both']).default('both'),
    /** The data item that is written, with the type it has. */
    item: item.optional(),
    /** Instead of one item: a text with items in braces. */
    text: itemText(8192).optional(),
    /** What is done with a text that the field is too short for. */
    tooLong: z.enum(['cut', 'drop']).default('cut'),
    /** Most characters of the field, where the CRM does not tell. */
    maxLength: z.number().int().min(1).max(1_000_000).optional(),
  })
  .superRefine(({ item: one, text }, context) => {
    if ((one === undefined) === (text === undefined))
      context.addIssue({ code: 'custom', path: ['item'], message: 'expected either "item" or "text"' });
  });
export type MemorializedField = z.infer<typeof memorializedField>;

const rows = z
  .array(memorializedField)
  .max(50)
  .superRefine((all, context) => {
    for (const [i, { field, channel: of }] of all.entries()) {
      const earlier = all.slice(0, i).find((one) => one.field === field && meet(one.channel, of));
      if (earlier !== undefined)
        context.addIssue({
          code: 'custom',
          path: [i, 'field'],
          message: `expected a field once: "${field}" is repeated`,
        });
    }
  });

const meet = (one: string, other: string): boolean => one === other || one === 'both' || other === 'both';

/** The entry in the CRM's timeline: the call itself, at everybody whom it was about. */
const timeline = z.strictObject({
  /** Absent: what it was, and with whom. */
  subject: itemText(1024).optional(),
  /** Absent: what the agent wrote, and what happened. */
  notes: itemText(32_768).optional(),
  /** Fields of the CRM's own record of a call. */
  fields: rows.default([]),
  /** Whether it is linked to the linked records. */
  link: z.boolean().default(true),
});

/** What is written into a CRM when a conversation is over: into its timeline, and into the records that are linked. */
export const memorialization = z
  .strictObject({
    ...entityFields,
    description: z.string().max(1024).default(''),
    /** Id of the `crm-connection` that is written to. */
    connection: token,
    /** `interaction`: one entry for each agent's part. `call`: one for the whole call, when its last part is done. */
    log: z.enum(['interaction', 'call']).default('interaction'),
    channels: z
      .array(z.enum(['voice', 'digital']))
      .min(1)
      .default(['voice', 'digital']),
    outcomes: z
      .array(z.enum(loggedOutcomes))
      .min(1)
      .default([...loggedOutcomes]),
    /** `false`: nothing is written into the timeline. */
    timeline: z.union([timeline, z.literal(false)]).prefault({}),
    /** Records that are linked to the conversation, by their module, and which of their fields are written. */
    entities: z
      .array(z.strictObject({ module: z.string().min(1).max(128), fields: rows.min(1) }))
      .max(20)
      .default([])
      .superRefine((entities, context) => {
        for (const [i, { module }] of entities.entries())
          if (entities.findIndex((one) => one.module === module) < i)
            context.addIssue({ code: 'custom', path: [i, 'module'], message: `expected "${module}" once` });
      }),
  })
  .superRefine(({ timeline: entry, entities }, context) => {
    if (entry === false && entities.length === 0)
      context.addIssue({ code: 'custom', path: ['entities'], message: 'expected a timeline, or at least one entity' });
  });
export type Memorialization = z.infer<typeof memorialization>;
