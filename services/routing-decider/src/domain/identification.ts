import type { Identification, RouteDestination } from '@patchcord/contracts';

/** What a caller did when he was asked for his id. */
export interface Attempt {
  /** Which attempt this is, from 1; 0: he was not asked yet. */
  readonly attempt: number;
  /** What he entered; empty when he let the time go by. */
  readonly digits: string;
}

/** Collect digits: play the prompt, wait, and come back with them and with the number of the attempt. */
interface AskStep {
  readonly next: 'ask';
  readonly prompt: string;
  readonly timeoutMs: number;
  readonly maxDigits: number;
  readonly attempt: number;
}

/** Where the call goes. */
export interface GoStep {
  readonly next: 'go';
  readonly destination: RouteDestination;
  readonly outcome: 'success' | 'failure';
  /** The id that the caller entered, once nobody said that it is none. */
  readonly identifiedAs?: string;
  /** For a person: why there. Holds nothing that the caller entered. */
  readonly reason: string;
}

export type IdentificationStep = AskStep | GoStep;

/** What the node's service said, or why it said nothing of use. */
export type ServiceAnswer =
  | { readonly outcome: 'answered'; readonly status: 'ok' | 'fail'; readonly destination: string }
  | { readonly outcome: 'failed'; readonly reason: string };

/** The longest id when the node names no length: that of OMniLeads' field. */
const longestId = 30;
const longestReason = 512;

/**
 * What follows from what the caller did. `verify`: the service is to be asked, and {@link conclude} says the rest. Only
 * an entry that cannot be an id is a failed attempt; what the service says of one is final, as it is in OMniLeads.
 */
export function judge(node: Identification, { attempt, digits }: Attempt): IdentificationStep | { next: 'verify' } {
  if (attempt === 0) return ask(node, 1);
  const problem = problemOf(node, digits);
  if (problem !== undefined) return attempt < node.attempts ? ask(node, attempt + 1) : failure(node, problem);
  if (node.kind !== 'none') return { next: 'verify' };
  return success(node.onSuccess, digits, 'the caller entered an id of the right length');
}

const ask = ({ prompt, inputTimeoutMs, idLength }: Identification, attempt: number): AskStep => ({
  next: 'ask',
  prompt,
  timeoutMs: inputTimeoutMs,
  maxDigits: idLength ?? longestId,
  attempt,
});

function problemOf({ idLength }: Identification, digits: string): string | undefined {
  if (digits === '') return `nothing was entered`;
  const fits = idLength === undefined ? digits.length <= longestId : digits.length === idLength;
  return fits ? undefined : `an id has ${idLength ?? `at most ${longestId}`} digits, and ${digits.length} were entered`;
}

/** Where the call goes by what the service said. Whatever is not a clear yes is the failure destination. */
export function conclude(node: Identification, digits: string, answer: ServiceAnswer): GoStep {
  if (answer.outcome === 'failed') return failure(node, answer.reason);
  if (answer.status === 'fail') return failure(node, 'the service answered with the status "fail"');
  const said = answer.destination.trim();
  if (said.toLowerCase() === 'true') return success(node.onSuccess, digits, 'the service knows the id');
  if (said.toLowerCase() === 'false') return failure(node, 'the service does not know the id');
  return node.kind === 'destination' ? byPair(node, digits, said) : failure(node, unexpected(said, 'true or false'));
}

/** `X,Y`: type and id in OMniLeads' words. Only what the node lists may be reached: the service is not the owner. */
function byPair(node: Identification, digits: string, said: string): GoStep {
  const [, type, id] = /^(\d{1,3})\s*,\s*(\S(?:.*\S)?)$/.exec(said) ?? [];
  if (type === undefined) return failure(node, unexpected(said, 'true, false or X,Y'));
  const listed = node.destinations.find((one) => String(one.type) === type && one.id === id);
  if (listed !== undefined) return success(listed.goTo, digits, `the service chose ${quoted(said)}`);
  const known = node.destinations.some((one) => String(one.type) === type);
  const what = known ? `no id ${quoted(id ?? '')} of the type ${type}` : `no type ${type}`;
  return failure(node, `the service chose ${quoted(said)}, but the node's destinations list ${what}`);
}

const unexpected = (said: string, expected: string): string =>
  `the service answered the destination ${quoted(said)}: expected ${expected}`;

const success = (destination: RouteDestination, digits: string, reason: string): GoStep => ({
  next: 'go',
  destination,
  outcome: 'success',
  identifiedAs: digits,
  reason,
});

const failure = (node: Identification, reason: string): GoStep => ({
  next: 'go',
  destination: node.onFailure,
  outcome: 'failure',
  reason: reason.slice(0, longestReason),
});

const quoted = (text: string): string => (text.length > 64 ? `"${text.slice(0, 64)}…"` : `"${text}"`);
