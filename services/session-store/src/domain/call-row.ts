import { callOutcome, direction, type Session, session } from '@patchcord/contracts';
import { z } from 'zod';
import { csvOf } from './csv.ts';

/** A call on one line. */
const callRow = z
  .object({
    callId: z.string(),
    version: z.number(),
    state: session.shape.state,
    direction: direction.optional(),
    from: z.string().optional(),
    callerName: z.string().optional(),
    to: z.string().optional(),
    queue: z.string().optional(),
    agentId: z.string().optional(),
    agentName: z.string().optional(),
    offeredAt: z.string().optional(),
    answeredAt: z.string().optional(),
    endedAt: z.string().optional(),
    outcome: callOutcome.optional(),
    endReason: z.string().optional(),
    pbxId: z.string().optional(),
    pbxCallId: z.string().optional(),
  })
  .meta({ id: 'CallRow', description: 'A call on one line.' });
export type CallRow = z.infer<typeof callRow>;

export function callRowOf(of: Session): CallRow {
  const speaking = of.interactions.findLast(({ state }) => state === 'talking' || state === 'held');
  const agent = (speaking ?? of.interactions.findLast(({ answeredAt }) => answeredAt !== undefined))?.agent;
  const fields = {
    callId: of.callId,
    version: of.version,
    state: of.state,
    direction: of.direction,
    from: of.ani,
    callerName: of.callerName,
    to: of.dnis,
    queue: of.queues.at(-1)?.queue,
    agentId: agent?.agentId,
    agentName: agent?.name,
    offeredAt: of.offeredAt,
    answeredAt: of.answeredAt,
    endedAt: of.endedAt,
    outcome: of.outcome,
    endReason: of.endReason,
    pbxId: of.pbxId,
    pbxCallId: of.pbxCallId,
  };
  return callRow.parse(fields);
}

const columns = callRow.keyof().options;

/** The same as a table with a heading. */
export const callsCsv = (sessions: readonly Session[]): string =>
  csvOf([columns, ...sessions.map(callRowOf).map((row) => columns.map((column) => row[column]))]);
