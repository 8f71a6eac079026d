import { serveRpc } from '@patchcord/bus';
import { emptySession, rpc, type Session } from '@patchcord/contracts';
import { onTestFinished } from 'vitest';
import type { ConsoleFixture } from './fixture.ts';

export interface ServedSessions {
  /** How often a session was asked for. */
  readonly asked: () => number;
  /** Nothing is answered any more. */
  readonly hang: () => void;
}

/** Stands where session-store stands: the calls of tenants, on the NATS of the console. */
export async function serveSessions(
  { bus }: Pick<ConsoleFixture, 'bus'>,
  sessions: readonly (Partial<Session> & { readonly callId: string })[],
  tenantId = 'acme',
): Promise<ServedSessions> {
  let asked = 0;
  let hangs = false;
  const served = serveRpc(bus, rpc.readSession, async (request) => {
    asked += 1;
    if (hangs) await new Promise<void>((resolve) => onTestFinished(() => resolve()));
    const found = sessions.find(({ callId }) => callId === request.callId);
    if (found === undefined || request.tenantId !== tenantId) return { outcome: 'unknown' as const };
    const { callId } = request;
    return { outcome: 'found' as const, session: { ...emptySession({ tenantId, callId }), ...found }, etag: '"1"' };
  });
  onTestFinished(() => served.stop());
  await bus.nc.flush();
  return {
    asked: () => asked,
    hang: () => {
      hangs = true;
    },
  };
}
