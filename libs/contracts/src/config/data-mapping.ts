import { z } from 'zod';
import { expressionText, parseTemplate, placeholdersOf, templateText } from '../template.ts';
import { token } from '../tokens.ts';
import { entityFields } from './common.ts';

/** A field, as the CRM names it in its API: `MobilePhone`, `Account.Name`, `cf_852`. */
const crmFieldName = z.string().min(1).max(128);

const shownField = z.strictObject({
  field: crmFieldName,
  /** What stands before its value on the card. */
  label: z.string().min(1).max(128),
  /** How the value is written, and what people can do with it. */
  kind: z.enum(['text', 'phone', 'email', 'url', 'date', 'datetime', 'number', 'boolean']).default('text'),
});
export type ShownField = z.infer<typeof shownField>;

/** One condition of a dynamic search: the field is equal to the data item of our call. */
const fieldMatch = z.strictObject({ field: crmFieldName, item: expressionText });

const mappedModule = z
  .strictObject({
    /** As the CRM names it in its API: `Contact`, `Accounts`. */
    module: z.string().min(1).max(128),
    /** What people call such a record. Not given: the CRM's name. */
    label: z.string().min(1).max(128).optional(),
    /** What a record is called on the card, of its own fields: `{FirstName|} {LastName}`. Not given: the CRM's name of it. */
    title: templateText(512).optional(),
    /** Shown on the card, in this order. */
    fields: z.array(shownField).max(50).default([]),
    /** What a `dynamic-search` looks for in this module. All of them that have a value must be met. */
    match: z.array(fieldMatch).max(10).default([]),
    /** The field that says which household, account or company a record belongs to. */
    account: crmFieldName.optional(),
  })
  .superRefine((mapped, context) => {
    repeatedAt(mapped.fields).forEach((at) => {
      context.addIssue({
        code: 'custom',
        path: ['fields', at, 'field'],
        message: `expected a field that is not shown already`,
      });
    });
    repeatedAt(mapped.match).forEach((at) => {
      context.addIssue({
        code: 'custom',
        path: ['match', at, 'field'],
        message: 'expected a field that is not compared already',
      });
    });
  });
export type MappedModule = z.infer<typeof mappedModule>;

/** Dynamic data mappings: which fields of a CRM's records the customer card shows, and by which they are found. */
export const dataMapping = z
  .strictObject({
    ...entityFields,
    /** Id of the `crm-connection` whose records these are. */
    connection: token,
    modules: z.array(mappedModule).min(1).max(50),
  })
  .superRefine(({ modules }, context) => {
    modules.forEach(({ module }, at) => {
      if (modules.findIndex((other) => other.module === module) === at) return;
      const message = `expected a module of its own, not "${module}" again`;
      context.addIssue({ code: 'custom', path: ['modules', at, 'module'], message });
    });
  });
export type DataMapping = z.infer<typeof dataMapping>;

const repeatedAt = (named: readonly { readonly field: string }[]): number[] =>
  named.flatMap(({ field }, at) => (named.findIndex((other) => other.field === field) === at ? [] : [at]));

/** The fields of a record that its card needs: those shown, those of its title, the account. */
export function mappedFields({ title, fields, account }: MappedModule): string[] {
  const parsed = parseTemplate(title ?? '');
  const inTitle = parsed.ok ? placeholdersOf(parsed.template).map(({ name }) => name) : [];
  return [...new Set([...fields.map(({ field }) => field), ...inTitle, ...(account === undefined ? [] : [account])])];
}

/** How the records of a connection are shown and found, by their modules. Of several of one module it is the first by id. */
export function mappedModulesOf(mappings: ReadonlyMap<string, DataMapping>, connection: string): MappedModule[] {
  const all = [...mappings.values()]
    .filter((mapping) => mapping.connection === connection)
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))
    .flatMap(({ modules }) => modules);
  return all.filter(({ module }, at) => all.findIndex((other) => other.module === module) === at);
}
