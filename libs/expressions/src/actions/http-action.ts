import { type AutomationActionOf, parseTemplate } from '@patchcord/contracts';
import { urlencodedBody } from '../sites/bodies.ts';
import type { Rendered } from '../sites/facts.ts';
import { type Filled, textFields } from '../sites/filled.ts';
import { headerText } from '../sites/header-values.ts';
import { jsonBody } from '../sites/json-body.ts';
import { expressionSlot, type Fillers, isGap, type Piece, written } from '../sites/placeholders.ts';
import { joinUrl, urlOfPieces, withQuery } from '../sites/url-template.ts';
import { toValue } from '../sites/values.ts';
import { renderBounded } from '../templates/render-value.ts';
import type { Scope } from '../templates/scope.ts';
import { asFields, asObjects, bucketValues } from './buckets.ts';

type HttpAction = AutomationActionOf<'http'>;

/** A request as it leaves, but for credentials and for what the sender adds of its own. */
export interface ActionRequest {
  readonly method: HttpAction['method'];
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** The request of an HTTP action. The same values give the same bytes. */
export function renderHttpAction(action: HttpAction, scope: Scope): Rendered<ActionRequest> {
  const notes: string[] = [];
  const fillers = { scope, notes };
  const url = urlOfPieces(piecesOf(action.url, fillers));
  if ('ok' in url) return url;
  const { method } = action;
  const headers = headersOf(action, fillers);
  const buckets = bucketValues(action.buckets, scope);
  const parameters = parametersOf(action, fillers);
  const fields = textFields([...asFields(buckets), ...parameters]);
  // A fragment is for browsers, and is never sent.
  const sent = { ...url, fragment: undefined };
  if (method === 'GET' || method === 'DELETE') {
    return { ok: true, value: { method, url: joinUrl(withQuery(sent, fields, notes)), headers }, notes };
  }
  const isJson = action.format === 'json';
  const body = isJson ? jsonBody([...asObjects(buckets), ...parameters], false) : urlencodedBody(fields);
  const type = isJson ? 'application/json' : 'application/x-www-form-urlencoded';
  const typed = { ...headers, 'content-type': type };
  return { ok: true, value: { method, url: joinUrl(sent), headers: typed, body }, notes };
}

/** A header whose whole value is a placeholder without a value is left out. */
function headersOf({ headers, answer }: HttpAction, fillers: Pick<Fillers, 'scope' | 'notes'>): Record<string, string> {
  const entries = Object.entries(headers).flatMap(([name, template]) => {
    const pieces = piecesOf(template, fillers);
    return isGap(pieces) ? [] : [[name.toLowerCase(), written(pieces, headerText)] as const];
  });
  return { ...(answer === undefined ? {} : { accept: 'application/json' }), ...Object.fromEntries(entries) };
}

const parametersOf = ({ parameters }: HttpAction, { scope, notes }: Pick<Fillers, 'scope' | 'notes'>): Filled[] =>
  Object.entries(renderBounded(parameters, scope, notes)).map(([name, value]) => ({
    name,
    value: toValue(value),
    omit: false,
  }));

/** Most that the values of one text may come to (characters). */
const maxInsertedCharacters = 262_144;

function piecesOf(text: string, fillers: Pick<Fillers, 'scope' | 'notes'>): Piece[] {
  const parsed = parseTemplate(text);
  if (!parsed.ok) return [text];
  let left = maxInsertedCharacters;
  return parsed.template.parts.map((part) => {
    if (typeof part === 'string') return part;
    const slot = expressionSlot(part, fillers);
    left -= slot.text?.length ?? 0;
    if (left >= 0) return slot;
    fillers.notes.push(`"${part.name}": left out, the values are longer than ${maxInsertedCharacters} characters`);
    return { ...slot, text: undefined };
  });
}
