import { z } from 'zod';

/** The usual rules that a value can break. Whoever shows issues can say them in his own language. */
export const issueRule = z.object({
  name: z.enum([
    'required',
    'type',
    'too-short',
    'too-long',
    'too-few',
    'too-many',
    'too-small',
    'too-big',
    'url',
    'email',
    'one-of',
    'unknown-keys',
  ]),
  /** `too-…`: how many characters or entries are allowed, or the least or greatest number. */
  limit: z.number().optional(),
  /** `one-of`: what it may be; `unknown-keys`: what it may not have; `type`: what it has to be. */
  names: z.array(z.string()).optional(),
});
export type IssueRule = z.infer<typeof issueRule>;

const ownWords = z.locales.en().localeError;

/** One of each kind of value that zod tells apart in its words. */
const samples: readonly unknown[] = [undefined, null, '', 0, true, [], {}];

/** The value that zod speaks of in its own words; `false`: the words are those of the schema. */
function spokenOf(issue: z.core.$ZodIssue): { readonly input: unknown } | false {
  for (const input of samples) {
    const said = ownWords({ ...issue, input } as z.core.$ZodRawIssue);
    if ((typeof said === 'string' ? said : said?.message) === issue.message) return { input };
  }
  return false;
}

const formats: ReadonlyMap<string, IssueRule> = new Map([
  ['url', { name: 'url' }],
  ['email', { name: 'email' }],
]);

/** The usual rule that an issue of zod is about; undefined where the schema has words of its own for it. */
export function ruleOf(issue: z.core.$ZodIssue): IssueRule | undefined {
  const spoken = spokenOf(issue);
  if (spoken === false) return undefined;
  switch (issue.code) {
    case 'invalid_type':
      return spoken.input === undefined ? { name: 'required' } : { name: 'type', names: [issue.expected] };
    case 'too_small':
      return limitOf(issue.origin, Number(issue.minimum), ['too-short', 'too-few', 'too-small']);
    case 'too_big':
      return limitOf(issue.origin, Number(issue.maximum), ['too-long', 'too-many', 'too-big']);
    case 'invalid_format':
      return formats.get(issue.format);
    case 'invalid_value':
      return { name: 'one-of', names: issue.values.map(String) };
    case 'unrecognized_keys':
      return { name: 'unknown-keys', names: issue.keys };
    default:
      return undefined;
  }
}

type Names = readonly [ofText: IssueRule['name'], ofList: IssueRule['name'], ofNumber: IssueRule['name']];

function limitOf(origin: string, limit: number, [ofText, ofList, ofNumber]: Names): IssueRule {
  if (origin === 'string')
    return limit === 1 && ofText === 'too-short' ? { name: 'required' } : { name: ofText, limit };
  return { name: ['array', 'set', 'map', 'record'].includes(origin) ? ofList : ofNumber, limit };
}
