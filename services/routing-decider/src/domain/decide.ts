import type { AnswerPart, RouteDestination, RouteRow, RoutingDecision, RoutingRule } from '@patchcord/contracts';
import { compareValues } from '@patchcord/expressions';

/** Whether the CRM was asked for this very question, or before. */
interface AnsweredBefore {
  readonly cached?: true | undefined;
  readonly prefetched?: true | undefined;
}

/** What asking the CRM came to. */
export type LookupOutcome =
  | ({
      readonly outcome: 'found';
      readonly value: string;
      /** What of the answer was used. */
      readonly read?: AnswerPart | undefined;
    } & AnsweredBefore)
  | ({ readonly outcome: 'not-found' } & AnsweredBefore)
  | { readonly outcome: 'timeout'; readonly reason: string }
  | { readonly outcome: 'error'; readonly reason: string };

/** The caller's time is over. */
export const tooLate: LookupOutcome = {
  outcome: 'timeout',
  reason: 'no answer within the time that the caller can wait',
};

export type Decision = Omit<RoutingDecision, 'durationMs'>;

/** A CRM may answer a book; the decision, which crosses NATS and the dialplan, carries only its beginning. */
const longestValue = 1024;
const longestQuoted = 64;
const longestReason = 512;

/**
 * Where the call goes: the first row, from the top, that matches the value found. What can go wrong has its own
 * destination each, or the rule's default. A caller who is not found is not compared with the rows: that is what
 * `on.notFound` is for; `not-set` matches a record whose field is empty.
 */
export function decide(rule: RoutingRule, lookup: LookupOutcome): Decision {
  switch (lookup.outcome) {
    case 'found': {
      const { read } = lookup;
      return { ...compareRows(rule, lookup.value), ...(read === undefined ? {} : { read }), ...marks(lookup) };
    }
    case 'not-found':
      return { ...otherwise(rule, 'not-found', 'the CRM has no record for this caller'), ...marks(lookup) };
    case 'timeout':
    case 'error':
      return otherwise(rule, lookup.outcome, lookup.reason);
  }
}

const marks = ({ cached, prefetched }: AnsweredBefore): Pick<Decision, 'cached' | 'prefetched'> => ({
  ...(cached === undefined ? {} : { cached }),
  ...(prefetched === undefined ? {} : { prefetched }),
});

function compareRows(rule: RoutingRule, found: string): Decision {
  const notes: string[] = [];
  const value = found.slice(0, longestValue);
  for (const [at, row] of rule.rows.entries()) {
    const { matched, note } = compareValues(row.operator, found, row.value);
    if (matched) {
      const reason = `rows[${at}] (${describe(row)}) matches ${quoted(found)}`;
      return { destination: row.destination, outcome: 'matched', row: at, value, reason };
    }
    if (note !== undefined) notes.push(`rows[${at}]: ${note}`);
  }
  const reason = [`no row matches ${quoted(found)}`, ...notes].join('; ');
  return { ...otherwise(rule, 'no-rule', reason), value };
}

const ways = { 'no-rule': 'noRule', 'not-found': 'notFound', timeout: 'timeout', error: 'error' } as const;

function otherwise(rule: RoutingRule, outcome: keyof typeof ways, reason: string): Decision {
  const own = rule.on[ways[outcome]];
  const where = own === undefined ? defaultOf(rule) : { destination: own };
  return { ...where, outcome, reason: reason.slice(0, longestReason) };
}

/** "Is Voicemail" sends the call to the mailbox of the default destination instead. */
function defaultOf({ default: { type, target, voicemail } }: RoutingRule): Pick<Decision, 'destination' | 'voicemail'> {
  const destination: RouteDestination = { type: voicemail === 'yes' ? 'voicemail' : type, target };
  return { destination, ...(voicemail === 'not-set' ? {} : { voicemail }) };
}

const describe = (row: RouteRow): string =>
  row.operator === 'set' || row.operator === 'not-set' ? row.operator : `${row.operator} ${quoted(row.value)}`;

const quoted = (text: string): string =>
  text.length > longestQuoted ? `"${text.slice(0, longestQuoted)}…"` : `"${text}"`;
