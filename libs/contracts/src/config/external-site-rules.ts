import type { z } from 'zod';
import { callNamespaces, callPlaceholders, withoutPlaceholders } from '../call-text.ts';

/** What the rules look at; the schema's own types follow from the schema. */
interface SiteChoices {
  readonly trigger: 'agent' | 'automatic' | 'server' | 'disposition';
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH';
  readonly format?: 'multipart' | 'urlencoded' | 'text' | 'json' | undefined;
  readonly target: 'embedded' | 'new-tab' | 'none';
}

export interface SiteProblem {
  readonly path: 'format' | 'target' | 'method';
  readonly message: string;
}

/**
 * Which choices do not go together. OMniLeads refuses JSON with a target, and any site of the triggers agent and
 * automatic without one; by both together JSON could never leave a browser, although its own script does that. Here JSON
 * from the browser has no target, and needs none.
 */
export function siteProblems(site: SiteChoices): SiteProblem[] {
  return [formatProblem(site), targetProblem(site), methodProblem(site)].filter((problem) => problem !== undefined);
}

export function checkExternalSite(site: SiteChoices, context: z.RefinementCtx): void {
  for (const { path, message } of siteProblems(site)) context.addIssue({ code: 'custom', path: [path], message });
}

function formatProblem({ method, format }: SiteChoices): SiteProblem | undefined {
  if (method === 'GET' && format !== undefined)
    return { path: 'format', message: 'expected no format: GET has no body, its parameters go into the URL' };
  if (method !== 'GET' && format === undefined)
    return { path: 'format', message: `expected "multipart", "urlencoded", "text" or "json" for ${method}` };
  return undefined;
}

function targetProblem({ trigger, method, format, target }: SiteChoices): SiteProblem | undefined {
  if (trigger === 'server' && target !== 'none')
    return { path: 'target', message: 'expected "none": with the trigger "server" no browser is involved' };
  if (format === 'json' && target !== 'none')
    return { path: 'target', message: 'expected "none": a browser shows no answer to JSON' };
  if (target !== 'none' || trigger === 'server' || format === 'json') return undefined;
  if (trigger === 'disposition' && method !== 'GET') return undefined;
  const why = trigger === 'disposition' ? 'the trigger "disposition" with GET' : `the trigger "${trigger}"`;
  return { path: 'target', message: `expected "embedded" or "new-tab": ${why} shows the answer in the browser` };
}

function methodProblem({ method, format, target }: SiteChoices): SiteProblem | undefined {
  if (target === 'none' || method === 'GET' || method === 'POST' || format === 'json') return undefined;
  return { path: 'method', message: `expected "GET" or "POST": a browser's form cannot ${method}` };
}

const tablePlaceholder = /\{([^{}]*)\}/g;

/** What is wrong with a URL that may hold placeholders of a parameter table and of the call, or undefined. */
export function urlTemplateProblem(url: string): string | undefined {
  const own = withoutPlaceholders(url, '0');
  const names = [...own.matchAll(tablePlaceholder)].map(([, name = '']) => name);
  if (/[{}]/.test(own.replace(tablePlaceholder, '')))
    return 'expected balanced braces around placeholders, such as {1}';
  const wrong = names.find((name) => !/^[A-Za-z0-9_-]{1,64}$/.test(name));
  if (wrong !== undefined)
    return `expected digits or a name between braces, such as {1} or {idClient}${alsoExpressions(wrong)}, not "{${wrong}}"`;
  const filled = (value: string): string => withoutPlaceholders(url, value).replace(tablePlaceholder, value);
  if (!URL.canParse(filled('0')) || !/^https?:\/\//i.test(url)) return 'expected an http:// or https:// URL';
  const { username, password } = new URL(filled('0'));
  if (username !== '' || password !== '') return 'expected no user and password in the URL: use an authentication';
  return hostProblem(url, filled);
}

const alsoExpressions = (wrong: string): string =>
  /[.|]/.test(wrong) ? `, or an expression of ${callNamespaces.join(', ')}, such as {call.from} or {ivr.lang|en}` : '';

/** `filled`: the URL with a value for all of its placeholders. Parsers read hosts where people see none (`https:///x`). */
function hostProblem(url: string, filled: (value: string) => string): string | undefined {
  const authority = /^https?:\/\/[^/?#]*/i.exec(url)?.[0] ?? '';
  const hosts = ['0', '1'].map((value) => URL.parse(filled(value))?.host);
  return authority.includes('{') || hosts[0] !== hosts[1]
    ? 'expected no placeholder in the host: a caller could choose who is asked'
    : undefined;
}

/** What is wrong with a URL in which braces may be text, so that only those of the call are placeholders. */
export function callUrlProblem(url: string): string | undefined {
  if (callPlaceholders(url).length === 0) return undefined;
  const filled = (value: string): string => withoutPlaceholders(url, value);
  if (!URL.canParse(filled('0'))) return 'expected an http:// or https:// URL';
  const { username, password } = new URL(filled('0'));
  if (`${username}${password}` !== '') return 'expected no placeholders in a URL with a user: use an authentication';
  return hostProblem(url, filled);
}
