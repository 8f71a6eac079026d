import { z } from 'zod';

const name = z.string().regex(/^[A-Za-z]\w*$/, 'expected the name of an attribute, as durationNum');
/** A custom attribute says by its end what it holds. */
const attribute = (end: string) =>
  name.refine((text) => text.endsWith(end), `expected a custom attribute of messages that ends with ${end}`).optional();

export const settings = z.strictObject({
  /** What wrote a message: one stable value. */
  app: z.string().min(1).max(100).default('patchcord'),
  /** Attributes of a message for our key, for its heading and for what was said. */
  keyField: name.default('externalId'),
  subjectField: name.default('subject'),
  textField: name.default('preview'),
  /** Custom attributes of messages that an administrator made. */
  durationAttribute: attribute('Num'),
  startedAttribute: attribute('At'),
  outcomeAttribute: attribute('Str'),
  dispositionAttribute: attribute('Str'),
  recordingAttribute: attribute('Url'),
  /** Status of the conversation that is made for a call. */
  callStatus: z.enum(['open', 'done']).default('done'),
  /** A call of somebody unknown: a customer is made of the number, or it is refused. */
  unknownCallers: z.enum(['create', 'refuse']).default('create'),
  /** Whether callers are searched for, too, as others may have written their number. Of searches there are 100 a minute. */
  phoneSearch: z.boolean().default(true),
  phoneAttribute: name.default('customer_phone'),
  /** How the search calls a custom attribute. */
  customAttribute: z
    .string()
    .regex(/\{name\}/, 'expected a text with {name} in it, such as {object}_custom_{name}')
    .default('{object}_custom_{name}'),
  /** The kind of custom object (Klass) behind the module `order`. */
  orderKlass: z
    .string()
    .regex(/^[\w-]+$/, 'expected the name of a Klass')
    .default('order'),
  /** Kind of the telephone numbers and addresses that are written. */
  contactType: z.string().min(1).default('home'),
  /** Where people open it. Default: the address of the API without `api.` */
  appUrl: z.url().optional(),
});
export type Settings = z.infer<typeof settings>;

const collections: Readonly<Record<string, string>> = {
  customer: 'customers',
  conversation: 'conversations',
  message: 'messages',
  company: 'companies',
};

/** Kinds of records that every organisation has; others are custom objects, by the names of their Klasses. */
export const isStandard = (module: string): boolean => module in collections;

export const klassOf = ({ orderKlass }: Settings, module: string): string => (module === 'order' ? orderKlass : module);

/** Where records of a module are. */
export function path(settings: Settings, module: string, ...rest: string[]): string[] {
  const collection = collections[module];
  return collection === undefined ? ['v1', 'klasses', klassOf(settings, module), ...rest] : ['v1', collection, ...rest];
}
