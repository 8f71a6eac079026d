import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { type Bus, callRpc } from '@patchcord/bus';
import { asFailure, rpc, type Session } from '@patchcord/contracts';
import type { Logger } from '@patchcord/runtime';

interface SessionNote {
  readonly tenantId: string;
  readonly callId: string;
  readonly workflowId: string;
  readonly changes: Readonly<Record<string, unknown>>;
  /** Told twice, it is written once. */
  readonly key: string;
}

/** Never rejects: false, the session does not have it. */
export type TellSession = (note: SessionNote) => Promise<boolean>;

/** The store answers within milliseconds or not soon; a caller may wait (ms). */
const writeMs = 1000;
const readMs = 1000;
const againAfterMs = [100, 400];

export function createTellSession(bus: Bus, log: Logger): TellSession {
  return async ({ tenantId, callId, workflowId, changes, key }) => {
    const by = { kind: 'workflow', id: workflowId } as const;
    const idempotencyKey = createHash('sha256').update(key).digest('base64url');
    for (const waitMs of [0, ...againAfterMs]) {
      await pause(waitMs);
      try {
        const request = { tenantId, callId, changes, by, idempotencyKey };
        const { outcome } = await callRpc(bus, rpc.writeSession, request, { timeoutMs: writeMs });
        return outcome === 'written' || outcome === 'unchanged';
      } catch (error) {
        const { class: failureClass, code } = asFailure(error);
        if (code === 'idempotency_key_reused') return true;
        if (failureClass === 'permanent' || waitMs === againAfterMs.at(-1)) {
          log.warn({ tenantId, callId, workflowId, code }, 'what came of a workflow is not in the session');
          return false;
        }
      }
    }
    return false;
  };
}

/** The call as it is now; undefined: there is none, or none any more. @throws Failure own-trouble */
export type ReadSession = (tenantId: string, callId: string) => Promise<Session | undefined>;

export function createReadSession(bus: Bus): ReadSession {
  return async (tenantId, callId) => {
    const reply = await callRpc(bus, rpc.readSession, { tenantId, callId }, { timeoutMs: readMs });
    return reply.outcome === 'found' ? reply.session : undefined;
  };
}
