import { type DescribedCrm, type DescribedRequest, describedCrm, parseTemplate } from '@patchcord/contracts';
import { z } from 'zod';
import { readXml } from './xml.ts';

export interface Settings {
  readonly described: DescribedCrm;
}

/** What the two kinds are apart in. */
export interface Dialect {
  readonly name: string;
  readonly title: string;
  readonly formats: readonly DescribedRequest['answer']['format'][];
  /** Bodies that it does not send, and the kind that does. */
  readonly without: { readonly body: 'json' | 'xml'; readonly other: string };
}

/** Reads the settings of one kind; throws zod's error. */
export function settingsReader({ formats, without }: Dialect): (given: unknown) => Settings {
  const settings = z
    .strictObject({
      described: describedCrm.optional(),
    })
    .superRefine(({ described }, context) => {
      const issue = (path: string[], message: string): void => context.addIssue({ code: 'custom', path, message });
      if (described === undefined) return issue(['described'], 'expected the requests and answers of the CRM');
      for (const [operation, request] of Object.entries(described.requests)) {
        if (request === undefined) continue;
        const at = ['described', 'requests', operation];
        if (request[without.body] !== undefined)
          issue([...at, without.body], `expected another body: for one in ${without.body} choose "${without.other}"`);
        if (!formats.includes(request.answer.format))
          issue(
            [...at, 'answer', 'format'],
            `expected one of ${formats.join(', ')}: others are read by "${without.other}"`,
          );
        if (request.xml !== undefined && !isWellFormed(request.xml)) issue([...at, 'xml'], 'expected well-formed XML');
      }
    });
  return (given) => {
    const { described } = settings.parse(given);
    if (described === undefined) throw new TypeError('refused above');
    return { described };
  };
}

function isWellFormed(xml: string): boolean {
  const parsed = parseTemplate(xml);
  if (!parsed.ok) return false;
  return readXml(parsed.template.parts.map((part) => (typeof part === 'string' ? part : 'x')).join('')) !== undefined;
}
