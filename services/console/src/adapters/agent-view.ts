import type { LiveCall } from '../domain/live-call.ts';
import type { LiveChange, LiveView } from './live-view.ts';

/** The live calls of one agent only: what whoever acts for him may see. */
export function agentView(view: LiveView, agentId: string): Pick<LiveView, 'calls' | 'subscribe'> {
  const isHis = (call: LiveCall): boolean => call.agentId === agentId;
  const his = (tenantId: string): LiveCall[] => view.calls(tenantId).filter(isHis);
  return {
    calls: his,
    subscribe: (tenantId, listener) => {
      const shown = new Set(his(tenantId).map(({ callId }) => callId));
      return view.subscribe(tenantId, (change) => {
        const told = narrowed(change, { isHis, shown });
        if (told !== undefined) listener(told);
      });
    },
  };
}

interface Narrowing {
  readonly isHis: (call: LiveCall) => boolean;
  /** Ids of the calls he was told of. */
  readonly shown: Set<string>;
}

/** A call that goes to another agent is gone for this one. */
function narrowed(change: LiveChange, { isHis, shown }: Narrowing): LiveChange | undefined {
  if (change.type === 'call' && isHis(change.call)) {
    shown.add(change.call.callId);
    return change;
  }
  const callId = change.type === 'call' ? change.call.callId : change.callId;
  return shown.delete(callId) ? { type: 'gone', callId } : undefined;
}
