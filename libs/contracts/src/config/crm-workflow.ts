import { z } from 'zod';
import { templateText } from '../template.ts';
import { token } from '../tokens.ts';
import { entityFields } from './common.ts';
import { valueTemplate, variablesOf } from './variable-templates.ts';

/** A module or a field in the CRM's own words. */
const crmName = z.string().min(1).max(128);
const crmNames = z.array(crmName).max(100).default([]);

/** Fields and their values. A text may hold placeholders. */
const crmValues = z
  .record(crmName, valueTemplate)
  .refine((values) => Object.keys(values).length <= 200, 'expected at most 200 fields');

const common = {
  ...entityFields,
  enabled: z.boolean().default(true),
  /** Id of a `crm-connection`. */
  connection: token,
  /** For all that is asked of the CRM; then whoever waits is told `timeout`. A writing goes on for as long as its connection allows (ms). */
  timeoutMs: z.number().int().min(100).max(60_000).default(6000),
  /** What comes of it is shown on the customer card of its call or contact. */
  card: z.boolean().default(true),
  /**
   * Full name of a variable of the session to where its value stands in what came of it, dots between the keys:
   * `{"ivr.email": "first.fields.Email"}`.
   */
  variables: variablesOf(z.string().min(1).max(256), ['ivr.', 'app.']).optional(),
};

/** Fields of the records that are given back, beside those that tell who it is. */
const results = {
  fields: crmNames,
  /** At most so many. */
  limit: z.number().int().min(1).max(100).default(20),
};

/** Whoever has a number, in every field of the CRM that holds one. */
const searchByPhone = z.strictObject({
  ...common,
  type: z.literal('search-by-phone'),
  /** Where to look. None: wherever this CRM keeps numbers. */
  modules: crmNames,
  /** Which number, e.g. `{ivr.callback}`. Default: the one it is started with, then the customer's of the call. */
  number: templateText(256).optional(),
  ...results,
});

/** By conditions. Without a module it is started with `workflowInput.search`. */
const search = z
  .strictObject({
    ...common,
    type: z.literal('search'),
    module: crmName.optional(),
    /** Field to value: equal to it. Safe with whatever a placeholder brings. */
    equals: crmValues.optional(),
    /**
     * In the CRM's own query language. What a placeholder brings can be no part of the language: a value with quotes,
     * or outside quotes with anything but letters, digits and `_.:+@-`, is refused.
     */
    expression: templateText(4096).optional(),
    ...results,
  })
  .superRefine(({ module, equals, expression }, context) => {
    const hasConditions = Object.keys(equals ?? {}).length > 0 || expression !== undefined;
    if (module !== undefined && !hasConditions)
      context.addIssue({
        code: 'custom',
        path: ['equals'],
        message: 'expected "equals" or "expression": what to search for',
      });
    if (module === undefined && hasConditions)
      context.addIssue({
        code: 'custom',
        path: ['module'],
        message: 'expected the module in which this is searched for',
      });
  });

/** By the fields that a data mapping compares. */
const dynamicSearch = z.strictObject({
  ...common,
  type: z.literal('dynamic-search'),
  /** Id of a `data-mapping`. */
  mapping: token,
  /** Only in these of its modules. None: in all. */
  modules: crmNames,
  limit: results.limit,
});

/** Fields that whoever starts it may give a value, beside those that have one here. */
const inputFields = crmNames;

/** A record of one of the CRM's standard modules, with its standard fields. */
const create = z.strictObject({
  ...common,
  type: z.literal('create'),
  module: crmName,
  values: crmValues,
  /** The field by which the record is found that is there already: it is changed, and no second one made. */
  unique: crmName.optional(),
});

/** A record of any module, with any fields. */
const createCustom = z.strictObject({
  ...common,
  type: z.literal('create-custom'),
  module: crmName,
  values: crmValues,
  inputFields,
  /** The field by which the record is found that is there already: it is changed, and no second one made. */
  unique: crmName.optional(),
});

/** Where a record that a workflow is about is looked for, in this order. */
export const workflowRecordSources = ['input', 'card', 'phone'] as const;

const recordFrom = z
  .array(z.enum(workflowRecordSources), {
    error: `expected where the record is looked for: ${workflowRecordSources.join(', ')}`,
  })
  .min(1, `expected at least one of ${workflowRecordSources.join(', ')}`);

const update = z
  .strictObject({
    ...common,
    type: z.literal('update'),
    module: crmName,
    values: crmValues,
    inputFields,
    /** `input`: it is started with it; `card`: linked on the card, or pinned; `phone`: it alone has the number. The first that tells. */
    recordFrom: recordFrom.prefault(() => [...workflowRecordSources]),
  })
  .superRefine(({ values, inputFields: open }, context) => {
    if (Object.keys(values).length === 0 && open.length === 0)
      context.addIssue({ code: 'custom', path: ['values'], message: 'expected at least one field that is changed' });
  });

/** An entry of its own in the CRM's timeline, about records: as calls are logged there. */
const timeline = z.strictObject({
  ...common,
  type: z.literal('timeline'),
  /** Default: what the call was, and with whom. */
  subject: templateText(1024).optional(),
  /** Default: the text it is started with. */
  notes: templateText(32_768).optional(),
  /** Fields of the CRM's own entry; they go before what is written by itself. */
  values: crmValues.prefault({}),
  recordFrom: recordFrom.prefault(() => [...workflowRecordSources]),
});

/** Something that is done in a CRM when a flow, an automation, an agent or another system starts it. */
export const crmWorkflow = z.discriminatedUnion('type', [
  searchByPhone,
  search,
  dynamicSearch,
  create,
  createCustom,
  update,
  timeline,
]);
export type CrmWorkflow = z.infer<typeof crmWorkflow>;
export type CrmWorkflowType = CrmWorkflow['type'];
export type CrmWorkflowOf<Type extends CrmWorkflowType> = Extract<CrmWorkflow, { readonly type: Type }>;

/** What a flow or an automation starts a workflow with; placeholders are filled with the values of the call. */
export const workflowInputTemplates = z.strictObject({
  phoneNumber: templateText(256).optional(),
  /** Values in the filter can be no part of its language, as in a workflow's `expression`. */
  search: z.strictObject({ entity: crmName, filter: templateText(4096) }).optional(),
  record: z.strictObject({ module: crmName, id: templateText(256) }).optional(),
  values: crmValues.optional(),
  text: templateText(32_768).optional(),
});
export type WorkflowInputTemplates = z.infer<typeof workflowInputTemplates>;
