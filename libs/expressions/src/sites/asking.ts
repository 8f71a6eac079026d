import {
  type AskingTexts,
  callPlaceholders,
  emptySession,
  isAskingName,
  type RoutingInput,
} from '@patchcord/contracts';
import { callScope } from '../templates/call-scope.ts';
import type { Scope } from '../templates/scope.ts';
import type { Rendered } from './facts.ts';
import { fillHeaders } from './header-values.ts';
import { fillUrl, joinUrl } from './url-template.ts';

/** What is known while a caller waits. `region`: where national numbers are dialled (ISO 3166). */
export interface AskingFacts extends Pick<RoutingInput, 'callId' | 'ani' | 'dnis' | 'dtmf'> {
  readonly tenantId: string;
  readonly region?: string;
}

export interface Asking {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * URL and headers of a routing rule or an identification with their placeholders filled; what has none stays as it is,
 * byte for byte.
 */
export function renderAsking({ url = '', headers }: AskingTexts, facts: AskingFacts): Rendered<Asking> {
  const isPlain = [url, ...Object.values(headers)].every((text) => callPlaceholders(text).length === 0);
  if (isPlain) return { ok: true, value: { url, headers }, notes: [] };
  const notes: string[] = [];
  const fillers = { placeholders: undefined, scope: askingScope(facts), notes };
  const isFilled = callPlaceholders(url).length > 0;
  const parts = isFilled ? fillUrl(url, fillers) : undefined;
  if (parts !== undefined && 'ok' in parts) return parts;
  const value = { url: parts === undefined ? url : joinUrl(parts), headers: filledHeaders(headers, fillers) };
  return { ok: true, value, notes };
}

function filledHeaders(headers: AskingTexts['headers'], fillers: Parameters<typeof fillHeaders>[1]) {
  const entries = Object.entries(headers);
  const filled = entries.filter(([, text]) => callPlaceholders(text).length > 0);
  const plain = entries.filter(([, text]) => callPlaceholders(text).length === 0);
  return { ...Object.fromEntries(plain), ...fillHeaders(Object.fromEntries(filled), fillers) };
}

/** A call of which nothing is known but what the dialplan said. */
function askingScope({ tenantId, callId = '', ani, dnis, dtmf = '', region }: AskingFacts): Scope {
  const session = {
    ...emptySession({ tenantId, callId }),
    digits: dtmf,
    ...(ani === undefined ? {} : { ani }),
    ...(dnis === undefined ? {} : { dnis }),
  };
  const scope = callScope(session, region === undefined ? {} : { region });
  return {
    evaluate: (expression) => (isAskingName(expression.name) ? known(scope.evaluate(expression)) : { found: false }),
    names: () => scope.names().filter(isAskingName),
  };
}

/** What was not said is empty text in a session, and no value here. */
const known = (evaluation: ReturnType<Scope['evaluate']>): ReturnType<Scope['evaluate']> =>
  'found' in evaluation && evaluation.found && evaluation.value === '' ? { found: false } : evaluation;
