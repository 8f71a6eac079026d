import {
  emptySession,
  jsonBytes,
  parseExpression,
  type Session,
  sessionDataLimits,
  sessionValueProblem,
} from '@patchcord/contracts';
import { callScope, evaluate, type ScopeOptions } from '@patchcord/expressions';
import { z } from 'zod';

export type SampleValues = Readonly<Record<string, unknown>>;

/** Values by full name that somebody makes up, as large as those of a call may be. */
export const sampleValues = z
  .record(z.string(), z.unknown())
  .superRefine((values, context) => {
    const { keys, bytes } = sessionDataLimits;
    if (Object.keys(values).length > keys)
      context.addIssue({ code: 'custom', message: `expected at most ${keys} values` });
    if (jsonBytes(values) > bytes)
      context.addIssue({ code: 'custom', message: `expected at most ${bytes} bytes of JSON in all` });
    for (const [name, value] of Object.entries(values)) {
      const problem = nameProblem(name) ?? sessionValueProblem(value);
      if (problem !== undefined) context.addIssue({ code: 'custom', path: [name], message: `expected ${problem}` });
    }
  })
  .default({})
  .meta({
    description: 'Values by full name; they win over those of the call',
    example: { 'ivr.premium': true, 'call.from': '+14155550123' },
  });

function nameProblem(name: string): string | undefined {
  const parsed = parseExpression(name);
  if (!parsed.ok) return parsed.problem.expected;
  return parsed.expression.name === name
    ? undefined
    : `the name without braces and blanks: "${parsed.expression.name}"`;
}

/** A call that has just begun, of which nothing is known. */
const unknownCall = (tenantId: string): Session => emptySession({ tenantId, callId: 'c-sample' });

/** What evaluates expressions with made-up values, on a call or on none. */
export function sampledCall(
  call: Session | undefined,
  tenantId: string,
  values: SampleValues,
): { readonly session: Session; readonly values: NonNullable<ScopeOptions['values']> } {
  const session = call ?? unknownCall(tenantId);
  const names = Object.keys(values);
  const isHidden = (key: string): boolean => names.some((name) => key.startsWith(`${name}.`));
  const kept = Object.entries(session.data ?? {}).filter(([key]) => !isHidden(key));
  const [written, others] = divided(Object.entries(values), ([name]) => /^(?:ivr|app)\./.test(name));
  const data = { ...Object.fromEntries(kept), ...Object.fromEntries(written) };
  return { session: { ...session, data }, values: Object.fromEntries(others) };
}

const divided = <T>(list: readonly T[], fits: (one: T) => boolean): [T[], T[]] => [
  list.filter(fits),
  list.filter((one) => !fits(one)),
];

/** Made-up values that no call ever has: likely a slip of the pen. Those of events (`event.name`) come with the event. */
export function sampleNotes(values: SampleValues): string[] {
  const scope = callScope(unknownCall('t'));
  return Object.keys(values).flatMap((name) => {
    if (name.startsWith('event.')) return [];
    const evaluation = evaluate(name, scope);
    const why = 'error' in evaluation ? evaluation.error : evaluation.found ? undefined : evaluation.note;
    return why === undefined ? [] : [`"${name}": ${why}`];
  });
}
