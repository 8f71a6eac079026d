import { z } from 'zod';
import { templateText } from '../template.ts';
import { token } from '../tokens.ts';
import { headerName, httpUrl } from './common.ts';
import { type CrmOperation, crmOperations, requestProblems } from './crm-request-rules.ts';

const name = z.string().min(1).max(128);
const statuses = z.array(z.number().int().min(400).max(499)).max(10);

/** Where something stands in an answer: keys with dots between them, positions of lists from 0. */
const answerPath = z
  .string()
  .max(256)
  .regex(/^[^.\s]+( +[^.\s]+)*(\.[^.\s]+( +[^.\s]+)*)*$/, 'expected keys with dots between them, e.g. "data.contacts"');

/** An answer that has one of these values there; compared as texts. */
const saying = z.strictObject({
  path: answerPath,
  is: z
    .array(z.union([z.string().max(256), z.number(), z.boolean()]))
    .min(1)
    .max(20),
});

/** How records are read out of an answer. */
const answer = z.strictObject({
  /** `lines`: a record a line, its columns by position from 0. `pairs`: `key=value` lines; an empty line ends a record. */
  format: z.enum(['json', 'xml', 'lines', 'pairs']).default('json'),
  /** Between columns, or between key and value. */
  separator: z.string().min(1).max(8).optional(),
  /** The record, or the list of them. Absent: the whole answer. XML: from the root element on. */
  records: answerPath.optional(),
  /** Of a record, as all that follow. */
  id: answerPath.optional(),
  /** What people call it; several are joined by blanks. */
  name: z.union([answerPath, z.array(answerPath).min(1).max(5)]).optional(),
  /** RFC 3339. */
  modifiedAt: answerPath.optional(),
  /** Where people open it in their browser. */
  url: answerPath.optional(),
  /** Field to where it stands. Absent: what stands in the record, by its own names. */
  fields: z.record(name, answerPath).optional(),
  /** An answer that does not say this is a refusal, whatever its status. */
  success: saying.optional(),
  /** An answer that says this has no record in it. */
  none: saying.optional(),
  /** An answer that says this asks to come again later. */
  busy: saying.optional(),
  /**
   * Of `searchByPhone`: the CRM compares whole numbers itself, and what it answers has them. Otherwise the number in the
   * answer is compared again, and who has none in it is not found.
   */
  matchesItself: z.boolean().default(false),
  /** Of lists: where the next page begins. Absent: a page that is full has another one behind it. */
  next: answerPath.optional(),
  /** Of lists: how many there are in all. */
  total: answerPath.optional(),
  /** Statuses that say that there is no such record. */
  notFoundStatus: statuses.default([404]),
});

/** Name to text with placeholders. What is a single placeholder is left out when there is no value for it. */
const parameters = z.record(name, templateText(8192));

const request = z.strictObject({
  method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']).default('GET'),
  /** Behind the base URL of the connection. */
  path: templateText(2048).default(''),
  query: parameters.default({}),
  headers: z.record(headerName, templateText(2048)).default({}),
  /** Texts in it may hold placeholders; a single placeholder keeps its type. The key `...` puts in what an object holds. */
  json: z.record(z.string(), z.unknown()).optional(),
  form: parameters.optional(),
  xml: templateText(65_536).optional(),
  answer: answer.prefault({}),
});
/** A request to a CRM, with places for what it is about. */
export type DescribedRequest = z.infer<typeof request>;
export type DescribedAnswer = DescribedRequest['answer'];

const standardModule = z.strictObject({
  module: name,
  label: name,
  /** Fields that hold telephone numbers. */
  phoneFields: z.array(name).max(20).default([]),
  /** The field with a person's mail address, by which "search" finds who has it. Absent: nobody is looked for by it. */
  emailField: name.optional(),
  createFields: z.array(name).max(100).default([]),
  mandatory: z.array(name).max(100).default([]),
});

const words = z.record(token, z.string().max(128));

const calls = z.strictObject({
  module: name.default('call'),
  /** The CRM keeps one call per `call.key`, however often it is written. */
  isKeyed: z.boolean().default(false),
  /** Most characters of texts. */
  maxLengths: z
    .partialRecord(z.enum(['subject', 'notes', 'disposition', 'recordingUrl']), z.number().int().min(20).max(65_536))
    .default({}),
  /** The CRM's words for ours. */
  words: z.strictObject({ direction: words.default({}), outcome: words.default({}) }).prefault({}),
  /** The request `link` is sent for each record that a call was about, with each update again. */
  linksAbout: z.boolean().default(false),
});

const deepLink = z.strictObject({
  url: httpUrl,
  path: templateText(2048).default(''),
  query: parameters.default({}),
  /** Behind `#`. */
  fragment: templateText(1024).optional(),
});

const operations = Object.keys(crmOperations) as [CrmOperation, ...CrmOperation[]];
const requests = z
  .partialRecord(z.enum(operations), request, {
    error: ({ code }: { readonly code: string }) =>
      code === 'unrecognized_keys' ? `expected ${operations.join(', ')}` : undefined,
  })
  .refine(({ test }) => test !== undefined, { path: ['test'], error: 'expected a request that tells who we are' });

/** A CRM of one's own: what it has, how it is asked, and how its answers are read. What is not described it cannot do. */
export const describedCrm = z
  .strictObject({
    modules: z.array(standardModule).max(20).default([]),
    calls: calls.prefault({}),
    deepLink: deepLink.optional(),
    requests,
  })
  .superRefine((crm, context) => {
    for (const { path, message } of requestProblems(crm)) context.addIssue({ code: 'custom', path, message });
  });
export type DescribedCrm = z.infer<typeof describedCrm>;
