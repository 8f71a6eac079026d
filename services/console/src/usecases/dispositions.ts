import { type Bus, callRpc } from '@patchcord/bus';
import {
  type ContactDispositionRequest,
  type DispositionEntry,
  type DispositionReply,
  type DispositionRequest,
  rpc,
} from '@patchcord/contracts';
import type { z } from 'zod';

const timeoutMs = 5000;

type ChangeRequest = z.output<typeof rpc.changeDisposition.request>;
type ListRequest = z.output<typeof rpc.listDispositions.request>;

/** What the disposition service does, as the routes ask for it. All throw what it throws. */
export interface Dispositions {
  record(request: DispositionRequest): Promise<DispositionReply>;
  create(request: ContactDispositionRequest): Promise<DispositionEntry>;
  change(request: ChangeRequest): Promise<DispositionEntry>;
  list(request: ListRequest): Promise<DispositionEntry[]>;
}

export function createDispositions(bus: Bus): Dispositions {
  return {
    record: (request) => callRpc(bus, rpc.recordDisposition, request, { timeoutMs }),
    create: async (request) => (await callRpc(bus, rpc.createDisposition, request, { timeoutMs })).entry,
    change: async (request) => (await callRpc(bus, rpc.changeDisposition, request, { timeoutMs })).entry,
    list: async (request) => (await callRpc(bus, rpc.listDispositions, request, { timeoutMs })).dispositions,
  };
}
