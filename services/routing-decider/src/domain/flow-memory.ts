import type { Session } from '@patchcord/contracts';
import type { FlowState } from '@patchcord/flows';

/** What this process knows of a call in a flow. */
export interface RememberedFlow {
  readonly state: FlowState;
  /** As it was after the last step. */
  readonly session: Session;
  /** What the session store does not have yet, the state included. Empty: it has all of it. */
  readonly unstored: Readonly<Record<string, unknown>>;
}

/** Calls in flows, so that they go on while the session store is away. */
export interface FlowMemory {
  get(key: string): RememberedFlow | undefined;
  put(key: string, flow: RememberedFlow): void;
  remove(key: string): void;
  /** Those of which the session store does not have all, by their keys; of late, since others may never be told of. */
  unstored(): readonly (readonly [key: string, flow: RememberedFlow])[];
}

export interface FlowMemoryOptions {
  /** ms, monotonic. */
  readonly now: () => number;
  /** So many calls; the one that was quiet for longest is forgotten first. */
  readonly most?: number;
  /** A call of which nothing was heard for so long is forgotten (ms). */
  readonly keepMs?: number;
}

/** The PBX's events are that late at most (ms). */
const ofLateMs = 5 * 60_000;

export function createFlowMemory({ now, most = 5000, keepMs = 15 * 60_000 }: FlowMemoryOptions): FlowMemory {
  const flows = new Map<string, { readonly flow: RememberedFlow; readonly until: number }>();
  const forgetOld = (): void => {
    for (const [key, { until }] of flows) {
      if (until > now() && flows.size <= most) return;
      flows.delete(key);
    }
  };
  return {
    get: (key) => {
      const found = flows.get(key);
      return found === undefined || found.until <= now() ? undefined : found.flow;
    },
    put(key, flow) {
      flows.delete(key);
      flows.set(key, { flow, until: now() + keepMs });
      forgetOld();
    },
    remove: (key) => void flows.delete(key),
    unstored: () =>
      [...flows].flatMap(([key, { flow, until }]) =>
        Object.keys(flow.unstored).length > 0 && until - keepMs > now() - ofLateMs ? [[key, flow] as const] : [],
      ),
  };
}
