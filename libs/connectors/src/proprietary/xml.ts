import { SaxesParser } from 'saxes';

type Element = { [name: string]: unknown };

/** Deepest nesting, and most elements. An answer has a limit of its own in bytes. */
const limits = { depth: 64, elements: 50_000 } as const;

/** Thrown within the parser, caught here. */
const problem = (what: string): Error => new Error(what);

/**
 * XML as objects: an element that holds text only is that text; of others each child stands under its name, several of
 * one name as a list, attributes behind `@`, text of its own under `#`. Prefixes of names are left out. Undefined for what
 * is not well-formed, has a document type (and with it entities of its own), or is too deep.
 */
export function readXml(text: string): Element | undefined {
  const root = element();
  const open: { readonly name: string; readonly node: Element; text: string }[] = [{ name: '', node: root, text: '' }];
  let count = 0;
  const parser = new SaxesParser();
  const addText = (part: string): void => {
    const last = open.at(-1);
    if (last !== undefined) last.text += part;
  };
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('doctype', () => {
    throw problem('it has a document type');
  });
  parser.on('opentag', ({ name, attributes }) => {
    count += 1;
    if (open.length > limits.depth || count > limits.elements) throw problem('it is too large');
    const node = element();
    for (const [key, value] of Object.entries(attributes)) node[`@${localName(key)}`] = value;
    open.push({ name: localName(name), node, text: '' });
  });
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('closetag', () => {
    const closed = open.pop();
    if (closed !== undefined) add(open.at(-1)?.node ?? root, closed.name, contentOf(closed.node, closed.text));
  });
  try {
    parser.write(text.replace(/^\uFEFF|^\s+(?=<)/, '')).close();
    return root;
  } catch {
    return undefined;
  }
}

/** Without a prototype, so that `__proto__` is a name like any other. */
const element = (): Element => Object.create(null) as Element;

const localName = (name: string): string => name.slice(name.indexOf(':') + 1);

function contentOf(node: Element, text: string): unknown {
  const own = text.trim();
  if (Object.keys(node).length === 0) return own;
  if (own !== '') node['#'] = own;
  return node;
}

function add(to: Element, name: string, value: unknown): void {
  const there = to[name];
  if (there === undefined) to[name] = value;
  else if (Array.isArray(there)) there.push(value);
  else to[name] = [there, value];
}
