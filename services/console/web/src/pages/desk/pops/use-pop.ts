import type { FrameCheck, ScreenPop } from '@patchcord/contracts';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useEffectEvent, useState } from 'react';
import { ask } from '../../../api/client.ts';
import { originsAround } from '../../../embed/frame/place.ts';
import { deskPath } from '../use-agent-state.ts';
import { claim, openTab, type Sent, send } from './acting.ts';

/** How a pop stands: what the agent sees of it, and may do. */
export type PopPhase =
  /** It waits for its button. */
  | { readonly at: 'button' }
  /** Whether it may be framed is being asked for. */
  | { readonly at: 'checking' }
  /** `again`: a form that was sent before, and is only sent once more when somebody says so. */
  | { readonly at: 'frame'; readonly again: boolean; readonly unsure: boolean }
  | { readonly at: 'tab'; readonly refused: FrameCheck['reason'] | undefined }
  /** The browser let no tab open by itself. */
  | { readonly at: 'blocked'; readonly refused: FrameCheck['reason'] | undefined }
  | { readonly at: 'sending' }
  | { readonly at: 'sent'; readonly sent: Sent | undefined };

interface PopUse {
  readonly phase: PopPhase;
  /** By the agent's own hand: his click lets a tab open. */
  readonly act: () => void;
  readonly open: () => void;
}

/** Acts on a pop once in this browser, by itself or by its button. */
export function usePop(pop: ScreenPop): PopUse {
  const [pressed, setPressed] = useState(false);
  const [claimed, setClaimed] = useState<boolean>();
  const [opened, setOpened] = useState<boolean>();
  const [sent, setSent] = useState<Sent>();
  const begun = pop.trigger !== 'agent' || pressed;
  const framed = pop.target !== 'new-tab' && pop.action.kind !== 'request';
  const check = useFrameCheck(pop, begun && framed);
  const takesTab = begun && (pop.target === 'new-tab' || check?.outcome === 'refused') && pop.action.kind !== 'request';
  const open = (): void => setOpened(openTab(pop));
  const onClaimed = useEffectEvent((isOurs: boolean) => {
    setClaimed(isOurs);
    if (isOurs && pop.action.kind === 'request') void send(pop.action).then(setSent);
  });
  useEffect(() => {
    let gone = false;
    if (!begun) return;
    void claim(pop.popId).then((isOurs) => {
      if (!gone) onClaimed(isOurs || pressed);
    });
    return () => {
      gone = true;
    };
  }, [begun, pressed, pop.popId]);
  const openByItself = useEffectEvent(() => {
    if (opened === undefined) open();
  });
  useEffect(() => {
    if (takesTab && claimed === true) openByItself();
  }, [takesTab, claimed]);
  const act = (): void => {
    setPressed(true);
    // At once: later the browser would not know any more that somebody clicked.
    if (pop.target === 'new-tab') open();
    if (pop.action.kind === 'request' && begun) void send(pop.action).then(setSent);
  };
  return { phase: phaseOf({ pop, begun, claimed, opened, sent, check, takesTab }), act, open };
}

interface Facts {
  readonly pop: ScreenPop;
  readonly begun: boolean;
  readonly claimed: boolean | undefined;
  readonly opened: boolean | undefined;
  readonly sent: Sent | undefined;
  readonly check: FrameCheck | undefined;
  readonly takesTab: boolean;
}

function phaseOf({ pop, begun, claimed, opened, sent, check, takesTab }: Facts): PopPhase {
  if (!begun) return { at: 'button' };
  if (pop.action.kind === 'request')
    return claimed === true && sent === undefined ? { at: 'sending' } : { at: 'sent', sent };
  const refused = check?.outcome === 'refused' ? check.reason : undefined;
  if (takesTab) return opened === false ? { at: 'blocked', refused } : { at: 'tab', refused };
  if (check === undefined || claimed === undefined) return { at: 'checking' };
  return { at: 'frame', again: pop.action.kind === 'form' && !claimed, unsure: check.outcome === 'unknown' };
}

/** Asked by the server: a browser does not tell its page that a frame was refused. */
function useFrameCheck({ agentId, popId }: ScreenPop, enabled: boolean): FrameCheck | undefined {
  const { data, isError } = useQuery({
    queryKey: ['frame', agentId, popId],
    queryFn: () => checkFrames(`${deskPath(agentId)}/screen-pops/${encodeURIComponent(popId)}/frame`),
    enabled,
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
  return isError ? { outcome: 'unknown', reason: 'no-answer' } : data;
}

/** A site says of every page around it whether it may be there: where the desk is in a frame, also of those around that. */
async function checkFrames(path: string): Promise<FrameCheck> {
  let unknown: FrameCheck | undefined;
  for (const origin of [location.origin, ...originsAround()]) {
    const check = await ask<FrameCheck>(`${path}?origin=${encodeURIComponent(origin)}`);
    if (check.outcome === 'refused') return check;
    if (check.outcome === 'unknown') unknown = check;
  }
  return unknown ?? { outcome: 'allowed' };
}
