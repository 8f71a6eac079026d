import type { RouteDestination, RouteRow, RoutingDecision, RoutingRule } from '@patchcord/contracts';
import { compareValues } from '@patchcord/expressions';

/** What asking the CRM came to. */
export type LookupOutcome =
  | { readonly outcome: 'found'; readonly value: string }
  | { readonly outcome: 'not-found' }
  | { readonly outcome: 'timeout'; readonly reason: string }
  | { readonly outcome: 'error'; readonly reason: string };

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
    case 'found':
      return compareRows(rule, lookup.value);
    case 'not-found':
      return otherwise(rule, 'not-found', rule.on.notFound, 'the CRM has no record for this caller');
    case 'timeout':
      return otherwise(rule, 'timeout', rule.on.timeout, lookup.reason);
    case 'error':
      return otherwise(rule, 'error', rule.on.error, lookup.reason);
  }
}

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
  return { ...otherwise(rule, 'no-rule', rule.on.noRule, reason), value };
}

function otherwise(
  rule: RoutingRule,
  outcome: Exclude<Decision['outcome'], 'matched'>,
  own: RouteDestination | undefined,
  reason: string,
): Decision {
  return { destination: own ?? rule.default, outcome, reason: reason.slice(0, longestReason) };
}

const describe = (row: RouteRow): string =>
  row.operator === 'set' || row.operator === 'not-set' ? row.operator : `${row.operator} ${quoted(row.value)}`;

const quoted = (text: string): string =>
  text.length > longestQuoted ? `"${text.slice(0, longestQuoted)}…"` : `"${text}"`;
