import type { AmiStatus } from '@patchcord/asterisk';
import { type Bus, type Served, serveRpc } from '@patchcord/bus';
import { pbxRpc, rpc } from '@patchcord/contracts';
import type { Logger, Part } from '@patchcord/runtime';
import type { RunPbxCommand } from '../usecases/run-pbx-command.ts';

/** Requests to PBXs, each served only while this process is connected to it: nobody is asked who cannot do it. */
export interface PbxRpc extends Part {
  /** The PBX can be asked from now on. */
  open(pbxId: string, run: RunPbxCommand): void;
  /** It cannot any more; requests under way end by themselves. */
  close(pbxId: string): void;
}

/** A request may wait for a person to pick up. */
const concurrency = 256;

export function createPbxRpc(bus: Bus, log: Logger): PbxRpc {
  const open = new Map<string, Served>();
  const closing = new Set<Promise<void>>();
  let stopped = false;
  const close = (pbxId: string): void => {
    const served = open.get(pbxId);
    open.delete(pbxId);
    if (served === undefined) return;
    const closed = served.stop();
    closing.add(closed);
    void closed.finally(() => closing.delete(closed));
  };
  return {
    name: 'pbx-rpc',
    open(pbxId, run) {
      if (stopped || open.has(pbxId)) return;
      const told: RunPbxCommand = async (request) => {
        const reply = await run(request);
        // No number, no variable: only what was asked, and for whom.
        const { command, agentId } = request.command;
        log.info({ pbxId, command, agentId, outcome: reply.outcome, callId: reply.callId }, 'PBX command');
        return reply;
      };
      open.set(pbxId, serveRpc(bus, pbxRpc(pbxId), told, { concurrency }));
    },
    close,
    async stop() {
      stopped = true;
      for (const pbxId of open.keys()) close(pbxId);
      await Promise.all(closing);
    },
  };
}

/** Tells which PBXs a tenant has. */
export function createPbxList(bus: Bus, statuses: () => readonly AmiStatus[]): Part {
  let served: Served | undefined;
  return {
    name: 'pbx-list',
    start: async () => {
      served = serveRpc(bus, rpc.listPbxs, async ({ tenantId }) => ({
        pbxs: statuses()
          .filter((pbx) => pbx.tenantId === tenantId)
          .map(({ pbxId, connected }) => ({ pbxId, connected })),
      }));
    },
    stop: async () => served?.stop(),
  };
}
