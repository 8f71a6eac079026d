import { z } from 'zod';

/**
 * What may be written into a live call from outside: JSON values by full name. `ivr.*` is what CRMs write freely,
 * `app.*` belongs to the call flow, and within it `app.flow.*` to the flow that runs.
 */

/** Limits of one session: names, and sizes of values as JSON (bytes of UTF-8). {@link sessionDataRooms} come on top. */
export const sessionDataLimits = {
  keys: 256,
  bytes: 65_536,
  valueBytes: 8192,
  keyCharacters: 128,
  keySegments: 16,
  /** Objects and lists within each other. */
  depth: 8,
} as const;

/**
 * Names with room of their own beside that of all others, so that nothing a CRM writes keeps a flow from noting where the
 * call stands, or from learning what became of its automation.
 */
export const sessionDataRooms = [
  { prefix: 'app.flow.', keys: 32, bytes: 32_768 },
  { prefix: 'app.automations.', keys: 128, bytes: 32_768 },
  { prefix: 'app.workflows.', keys: 128, bytes: 32_768 },
] as const;

/** Who writes: a CRM with an API token, a running flow, an agent, an automation, a CRM workflow. */
export const sessionWriter = z.object({
  kind: z.enum(['crm', 'flow', 'agent', 'automation', 'workflow']),
  /** The token, flow, agent, automation or workflow. */
  id: z.string().min(1).max(256).optional(),
});
export type SessionWriter = z.infer<typeof sessionWriter>;

/** Names that would be taken for what every object has. */
const reserved: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** What is wrong with a full name, as what was expected; undefined: nothing. */
export function sessionKeyProblem(key: string): string | undefined {
  const { keyCharacters, keySegments } = sessionDataLimits;
  if (key.length > keyCharacters) return `a name of at most ${keyCharacters} characters`;
  const [area, ...segments] = key.split('.');
  if ((area !== 'ivr' && area !== 'app') || segments.length === 0)
    return 'a name that begins with "ivr." or "app.", e.g. "ivr.email"';
  if (segments.length >= keySegments) return `a name of at most ${keySegments} parts`;
  if (!segments.every((segment) => /^[\p{L}\p{M}\p{N}_-]+$/u.test(segment)))
    return 'letters, digits, "_" and "-", with dots between the parts of the name';
  if (segments.some((segment) => reserved.has(segment)))
    return 'a name without "__proto__", "constructor", "prototype"';
  return undefined;
}

/** What is wrong with a value, as what was expected; undefined: nothing. `null` deletes and is always right. */
export function sessionValueProblem(value: unknown): string | undefined {
  const { depth, valueBytes } = sessionDataLimits;
  const problem = shapeProblem(value, depth);
  if (problem !== undefined) return problem;
  return jsonBytes(value) > valueBytes ? `at most ${valueBytes} bytes of JSON` : undefined;
}

function shapeProblem(value: unknown, depthLeft: number): string | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : 'a number that JSON can hold';
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return undefined;
  if (typeof value !== 'object') return 'a JSON value; null deletes it';
  if (depthLeft === 0) return `objects and lists at most ${sessionDataLimits.depth} deep`;
  if (!Array.isArray(value) && Object.keys(value).some((key) => reserved.has(key)))
    return 'an object without "__proto__", "constructor", "prototype"';
  for (const inner of Object.values(value)) {
    const problem = shapeProblem(inner, depthLeft - 1);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** Size of a value as JSON (bytes of UTF-8). */
export const jsonBytes = (value: unknown): number => new TextEncoder().encode(JSON.stringify(value) ?? '').length;

/** Changes of a session's data: what each name is from now on; `null` deletes. */
export const sessionChanges = z
  .record(z.string().min(1).max(sessionDataLimits.keyCharacters), z.unknown())
  .superRefine((changes, context) => {
    if (Object.keys(changes).length > sessionDataLimits.keys)
      context.addIssue({ code: 'custom', message: `expected at most ${sessionDataLimits.keys} names` });
    for (const [key, value] of Object.entries(changes)) {
      const problem = sessionKeyProblem(key) ?? sessionValueProblem(value);
      if (problem !== undefined) context.addIssue({ code: 'custom', path: [key], message: `expected ${problem}` });
    }
  });
export type SessionChanges = Readonly<Record<string, unknown>>;
