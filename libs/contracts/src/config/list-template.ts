import { parseJson } from '../json-text.ts';
import { type Parsed, type ParsedTemplate, parseTemplate, type Template, type TemplateProblem } from '../template.ts';

export type ParsedList = Parsed<'elements', readonly Template[]>;

/**
 * The elements of a list, each a template of its own: texts between commas (blanks around them and empty ones do not
 * count), or a JSON array of texts, numbers and booleans. A comma that a placeholder brings does not divide. Never
 * throws.
 */
export function parseListTemplate(text: string): ParsedList {
  if (text.trimStart().startsWith('[')) return parseJsonList(text);
  const parsed = parseTemplate(text);
  if (!parsed.ok) return parsed;
  return { ok: true, elements: splitAtCommas(parsed.template).map(trimmed).filter(isFilled) };
}

const isFilled = ({ parts }: Template): boolean => parts.length > 0;

function splitAtCommas({ parts }: Template): Template[] {
  const elements: Template['parts'][number][][] = [[]];
  for (const part of parts) {
    const [first, ...others] = typeof part === 'string' ? part.split(',') : [part];
    if (first !== undefined) elements.at(-1)?.push(first);
    for (const one of others) elements.push([one]);
  }
  return elements.map((one) => ({ parts: one }));
}

function trimmed({ parts }: Template): Template {
  const last = parts.length - 1;
  const texts = parts.map((part, at) => {
    if (typeof part !== 'string') return part;
    const fromStart = at === 0 ? part.trimStart() : part;
    return at === last ? fromStart.trimEnd() : fromStart;
  });
  return { parts: texts.filter((part) => part !== '') };
}

function parseJsonList(text: string): ParsedList {
  const list = parseJson(text);
  if (!Array.isArray(list)) return notAList;
  const elements: Template[] = [];
  for (const one of list) {
    const parsed = parseElement(one);
    if (!parsed.ok) return parsed;
    elements.push(parsed.template);
  }
  return { ok: true, elements };
}

const problem: TemplateProblem = {
  at: 0,
  expected: 'a JSON array of texts, numbers and booleans, e.g. ["gold","silver"], or texts between commas',
};
const notAList = { ok: false, problem } as const;

function parseElement(element: unknown): ParsedTemplate {
  switch (typeof element) {
    case 'string':
      return parseTemplate(element);
    case 'number':
    case 'boolean':
      return { ok: true, template: { parts: [String(element)] } };
    default:
      return notAList;
  }
}
