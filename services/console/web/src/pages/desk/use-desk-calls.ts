import type { DeskCall, OpenAcw, ScreenPop } from '@patchcord/contracts';
import { skipToken, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useAgentState } from './use-agent-state.ts';
import { deskKeys } from './use-agent-stream.ts';

/** An agent's part of a call on his desk: while it goes on, in his after-call work, and a while after. */
export interface CallOnDesk extends Omit<DeskCall, 'state' | 'version'> {
  readonly state: DeskCall['state'] | 'acw';
  readonly acw?: OpenAcw;
}

/** The number of the other side, whoever called whom. */
export const customerOf = ({ direction, ani, dnis }: Pick<DeskCall, 'direction' | 'ani' | 'dnis'>) =>
  direction === 'outbound' ? dnis : ani;

/** His calls, those that ring first, and then the longest first. */
export function useDeskCalls(agentId: string): readonly CallOnDesk[] {
  const { data: calls = [] } = useQuery<DeskCall[]>({
    queryKey: deskKeys.calls(agentId),
    queryFn: skipToken,
    gcTime: Number.POSITIVE_INFINITY,
  });
  const open = useAgentState(agentId)?.acw ?? [];
  return joined(calls, open).toSorted(
    (a, b) => ranks[a.state] - ranks[b.state] || beganAt(a).localeCompare(beganAt(b)),
  );
}

const ranks = { ringing: 0, talking: 1, held: 2, acw: 3, ended: 4 } as const;

const beganAt = ({ ringingAt, answeredAt, endedAt }: CallOnDesk): string => ringingAt ?? answeredAt ?? endedAt ?? '';

/** After-call work outlasts what is told of its call. */
function joined(calls: readonly DeskCall[], open: readonly OpenAcw[]): CallOnDesk[] {
  const known = new Set(calls.map(({ interactionId }) => interactionId));
  const shown = calls.map((call): CallOnDesk => {
    const acw = open.find(({ interactionId }) => interactionId === call.interactionId);
    return acw === undefined ? call : { ...call, state: 'acw', acw };
  });
  const only = open.filter(({ interactionId }) => !known.has(interactionId));
  return [...shown, ...only.map((acw): CallOnDesk => ({ ...acw, endedAt: acw.startedAt, state: 'acw', acw }))];
}

/** Which call the desk is about: the one that was chosen while it is there, else the one that matters most. */
export function useSelectedCall(calls: readonly CallOnDesk[]) {
  const [chosen, choose] = useState<string>();
  const selected = calls.find(({ interactionId }) => interactionId === chosen) ?? mattersMost(calls);
  return { selected, choose };
}

/** Who talks is not torn away by a call that rings. */
const mattersMost = (calls: readonly CallOnDesk[]): CallOnDesk | undefined =>
  calls.find(({ state }) => state === 'talking' || state === 'held') ?? calls[0];

/** The screen pops that are open, oldest first. */
export function useScreenPops(agentId: string): readonly ScreenPop[] {
  const { data = none } = useQuery<ScreenPop[]>({
    queryKey: deskKeys.pops(agentId),
    queryFn: skipToken,
    gcTime: Number.POSITIVE_INFINITY,
  });
  return data;
}

const none: ScreenPop[] = [];
