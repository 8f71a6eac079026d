import { globSync, readFileSync } from 'node:fs';
import { parseSync } from 'vite';
import { failureClasses } from '../libs/contracts/src/failure.ts';

/** Where failures are made: what runs, without tests and their fakes. */
const sources = ['libs/*/src/**/*.ts', 'services/*/src/**/*.ts'];
const isSource = (file: string): boolean =>
  !file.endsWith('.test.ts') && !/^libs\/testkit\/|\/node_modules\//.test(file);

interface Node {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** The codes of failures that the source names, each with a file that does. */
export interface FailureCodes {
  readonly codes: ReadonlyMap<string, string>;
  /** Made of a prefix and something else, as `http_503`. */
  readonly prefixes: ReadonlyMap<string, string>;
}

/**
 * Reads them out of the syntax: what stands second in `new Failure(…)`, what is passed as a parameter named `code`, what
 * is the value of a property or a constant named so, and what stands second in a list that begins with a failure's class.
 */
export function failureCodes(root: string): FailureCodes {
  const files = sources.flatMap((pattern) => globSync(pattern, { cwd: root })).filter(isSource);
  const found = { codes: new Map<string, string>(), prefixes: new Map<string, string>() };
  for (const file of files.toSorted()) {
    const { program } = parseSync(file, readFileSync(`${root}/${file}`, 'utf8'));
    const passed = new Map<string, number>();
    walk(program, (node) => learnMaker(node, passed));
    walk(program, (node) => {
      for (const code of expressionsOf(node, passed).flatMap(outcomes)) {
        const { into, text } = code.endsWith('*')
          ? { into: found.prefixes, text: code.slice(0, -1) }
          : { into: found.codes, text: code };
        if (/^[a-z][a-z\d]*(_[a-z\d]*)*$/.test(text) && !into.has(text)) into.set(text, file);
      }
    });
  }
  return found;
}

function walk(value: unknown, see: (node: Node) => void): void {
  if (Array.isArray(value)) for (const each of value) walk(each, see);
  else if (isNode(value)) {
    see(value);
    for (const each of Object.values(value)) if (typeof each === 'object') walk(each, see);
  }
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';

const nodesOf = (value: unknown): readonly Node[] => (Array.isArray(value) ? value.filter(isNode) : []);
const nameOf = (value: unknown): unknown => (isNode(value) ? (value.name ?? value.value) : undefined);

/** A function that is given the code of the failure which it makes: its name, and where the code stands. */
function learnMaker(node: Node, passed: Map<string, number>): void {
  const made = node.type === 'VariableDeclarator' && isNode(node.init) ? node.init : node;
  const at = nodesOf(made.params).findIndex((each) => nameOf(each) === 'code');
  const name = nameOf(node.id);
  if (at >= 0 && typeof name === 'string') passed.set(name, at);
}

/** What in the node stands for a code. */
function expressionsOf(node: Node, passed: ReadonlyMap<string, number>): unknown[] {
  const values = nodesOf(node.arguments);
  if (node.type === 'NewExpression') return nameOf(node.callee) === 'Failure' ? [values[1]] : [];
  if (node.type === 'CallExpression') {
    const name = String(nameOf(node.callee));
    // One that several files share.
    const at = passed.get(name) ?? (name === 'refused' ? 0 : undefined);
    return at === undefined ? [] : [values[at]];
  }
  if (node.type === 'Property') return nameOf(node.key) === 'code' ? [node.value] : byClass(node);
  if (node.type === 'VariableDeclarator') return /^(code|\w+Code)$/.test(String(nameOf(node.id))) ? [node.init] : [];
  if (node.type !== 'ArrayExpression') return [];
  const [first, second] = nodesOf(node.elements);
  return isClass(first) ? [second] : [];
}

/** `ami_silent: 'transient'`: the code as the name of its class. */
const byClass = ({ key, value }: Node): unknown[] =>
  isClass(value) && nameOf(key) !== 'class' ? [{ type: 'Literal', value: nameOf(key) }] : [];

const isClass = (value: unknown): boolean => isNode(value) && failureClasses.some((each) => each === value.value);

/** Every text that an expression may come to; of a template its beginning with a star. */
function outcomes(value: unknown): string[] {
  if (!isNode(value)) return [];
  if (value.type === 'Literal') return typeof value.value === 'string' ? [value.value] : [];
  if (value.type === 'ConditionalExpression') return [value.consequent, value.alternate].flatMap(outcomes);
  if (value.type === 'LogicalExpression') return [value.left, value.right].flatMap(outcomes);
  if (value.type === 'TSAsExpression') return outcomes(value.expression);
  if (value.type !== 'TemplateLiteral') return [];
  const [start] = nodesOf(value.quasis);
  const text = (start?.value as { readonly cooked?: string } | undefined)?.cooked ?? '';
  return text === '' ? [] : [`${text}*`];
}
