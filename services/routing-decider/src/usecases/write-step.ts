import { isFailure, type WriteSessionReply, type WriteSessionRequest } from '@patchcord/contracts';

interface WrittenStep {
  readonly reply: WriteSessionReply;
  /** Variables that the session has no room for. */
  readonly leftOut: readonly string[];
}

const ofFlowAlone = 'app.flow.';

/**
 * Writes a step of a flow. Where a session is too full for its variables, the rest of it is written: by that the call
 * goes on, whoever answers its next step. Throws what `write` throws.
 */
export async function writeStep(
  write: (request: WriteSessionRequest) => Promise<WriteSessionReply>,
  request: WriteSessionRequest,
): Promise<WrittenStep> {
  try {
    return { reply: await write(request), leftOut: [] };
  } catch (error) {
    const entries = Object.entries(request.changes);
    const own = entries.filter(([name]) => name.startsWith(ofFlowAlone));
    if (!isTooMuch(error) || own.length === 0 || own.length === entries.length) throw error;
    const reply = await write({ ...request, changes: Object.fromEntries(own) });
    return { reply, leftOut: entries.map(([name]) => name).filter((name) => !name.startsWith(ofFlowAlone)) };
  }
}

const isTooMuch = (error: unknown): boolean => isFailure(error, 'permanent') && error.code === 'payload_too_large';
