import type { EgressOutcome } from '../request.ts';

const mask = '***';
/** What is shorter stands in answers by chance. */
const leastLength = 8;

/**
 * The outcome without the credentials it was got with. Sites send them back: a redirect keeps the query with its key, a
 * page has it in each link, a refusal quotes the token. Answers are shown to people and passed on to browsers.
 */
export function withoutCredentials(outcome: EgressOutcome, credentials: readonly string[]): EgressOutcome {
  const hidden = credentials.filter((each) => each.length >= leastLength).flatMap(spellings);
  const { headers, body } = outcome;
  if (hidden.length === 0 || headers === undefined) return outcome;
  const masked = (text: string): string => hidden.reduce((rest, each) => rest.replaceAll(each, mask), text);
  return {
    ...outcome,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, masked(value)])),
    ...(body === undefined ? {} : { body: masked(body) }),
  } as EgressOutcome;
}

/** As it is, in an address, in a form, and in JSON. */
const spellings = (text: string): string[] => [
  ...new Set([
    text,
    encodeURIComponent(text),
    new URLSearchParams([['', text]]).toString().slice(1),
    JSON.stringify(text).slice(1, -1),
  ]),
];
