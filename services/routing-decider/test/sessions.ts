import { type Bus, serveRpc } from '@patchcord/bus';
import {
  emptySession,
  type ReadSessionReply,
  rpc,
  type Session,
  type WriteSessionReply,
  type WriteSessionRequest,
} from '@patchcord/contracts';

type Data = Record<string, unknown>;

/** Serves sessions in the place of session-store: writes by their ETag, as it does. */
export interface Sessions {
  /** A call that the PBX has told of. */
  add(callId: string, data?: Data): void;
  /** As a CRM does. */
  write(callId: string, changes: Data): void;
  data(callId: string): Data;
  readonly writes: WriteSessionRequest[];
  readonly conflicts: () => number;
  /** Called between a read and its answer. */
  onRead: (callId: string) => void;
  /** Somebody else writes before each write. */
  busy: boolean;
  /** Nothing is answered any more. */
  hang(): void;
  recover(): void;
  stop(): Promise<void>;
}

export async function serveSessions(bus: Bus): Promise<Sessions> {
  const store = createStore();
  const hanging: (() => void)[] = [];
  let hangs = false;
  const whenUp = async (): Promise<void> => {
    if (hangs) await new Promise<void>((resolve) => hanging.push(resolve));
  };
  const recover = (): void => {
    hangs = false;
    for (const end of hanging.splice(0)) end();
  };
  const concurrency = 1000;
  const served = [
    serveRpc(bus, rpc.readSession, (request) => whenUp().then(() => store.answer(request)), { concurrency }),
    serveRpc(bus, rpc.writeSession, (request) => whenUp().then(() => store.take(request)), { concurrency }),
  ];
  await bus.nc.flush();
  return Object.assign(store, {
    hang: () => {
      hangs = true;
    },
    recover,
    stop: async () => {
      recover();
      await Promise.all(served.map((one) => one.stop()));
    },
  });
}

function createStore() {
  const all = new Map<string, { data: Data; version: number }>();
  const found = (callId: string) => all.get(callId) ?? { data: {}, version: 0 };
  let conflicts = 0;
  const store = {
    add: (callId: string, data: Data = {}) => void all.set(callId, { data, version: 1 }),
    write: (callId: string, changes: Data): void => {
      const { data, version } = found(callId);
      const entries = Object.entries({ ...data, ...changes }).filter(([, value]) => value !== null);
      all.set(callId, { data: Object.fromEntries(entries), version: version + 1 });
    },
    data: (callId: string): Data => found(callId).data,
    writes: [] as WriteSessionRequest[],
    conflicts: () => conflicts,
    onRead: (_callId: string): void => undefined,
    busy: false,
    answer: ({ tenantId, callId }: { tenantId: string; callId: string }): ReadSessionReply => {
      if (!all.has(callId)) return { outcome: 'unknown' };
      const { data, version } = found(callId);
      store.onRead(callId);
      return { outcome: 'found', session: sessionOf(tenantId, callId, data), etag: `"${version}"` };
    },
    take: (request: WriteSessionRequest): WriteSessionReply => {
      const { callId, ifMatch, changes } = request;
      if (!all.has(callId)) return { outcome: 'unknown' };
      if (store.busy) store.write(callId, { 'ivr.count': found(callId).version });
      const same = ifMatch === undefined || ifMatch === `"${found(callId).version}"`;
      if (same) store.write(callId, { ...changes });
      if (same) store.writes.push(request);
      else conflicts += 1;
      const { data, version } = found(callId);
      return { outcome: same ? 'written' : 'conflict', version, etag: `"${version}"`, data };
    },
  };
  return store;
}

const sessionOf = (tenantId: string, callId: string, data: Data): Session => ({
  ...emptySession({ tenantId, callId }),
  version: 1,
  state: 'ivr',
  direction: 'inbound',
  data,
});
