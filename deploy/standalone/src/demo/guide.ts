import type { AnyEvent } from '@patchcord/contracts';
import type { SeenRequest } from '@patchcord/testkit';
import { demoAgent } from './phone/agent.ts';
import type { DemoPbx, PhoneState } from './phone/demo-pbx.ts';

/** What a newcomer does, in this order, and sees in the end. */
interface Steps {
  readonly rang: boolean;
  readonly answered: boolean;
  readonly disposed: boolean;
  readonly arrived: boolean;
}

interface GuideState extends PhoneState {
  readonly steps: Steps;
  /** The agent is at the after-call work of the last call: no other rings. */
  readonly afterCallWork: boolean;
  readonly crmUrl: string;
}

/** Knows how far the newcomer is, by what really happened. */
export interface Guide {
  state(pbx: Pick<DemoPbx, 'state'>): GuideState;
  onEvent(event: AnyEvent): void;
  onRequest(request: Pick<SeenRequest, 'path'>): void;
  afterCallWork(): boolean;
  onChange(listener: () => void): void;
}

/**
 * Calls of the demo's PBX that a person answers or makes, by the ids that follow from its channels; recorded ones play
 * by themselves.
 */
export const isByHand = (id: string): boolean => /^[ci]-demo-(demo|pc)-/.test(id);

export function createGuide(crmUrl: string): Guide {
  const listeners: (() => void)[] = [];
  let steps: Steps = { rang: false, answered: false, disposed: false, arrived: false };
  let afterCallWork = false;
  const change = (): void => {
    for (const notify of listeners) notify();
  };
  const did = (step: keyof Steps): void => {
    steps = { ...steps, [step]: true };
    change();
  };
  return {
    state: (pbx) => ({ ...pbx.state(), steps, afterCallWork, crmUrl }),
    afterCallWork: () => afterCallWork,
    onChange: (listener) => void listeners.push(listener),
    onEvent: (event) => {
      if (event.type === 'patchcord.v1.agent.acw-started' || event.type === 'patchcord.v1.agent.acw-ended') {
        if (event.data.agent.agentId !== demoAgent.id) return;
        afterCallWork = event.type === 'patchcord.v1.agent.acw-started';
        return change();
      }
      if (event.type === 'patchcord.v1.disposition.recorded') {
        if (isByHand(event.data.interactionId ?? '')) did('disposed');
        return;
      }
      if (!isByHand(event.subject)) return;
      if (event.type === 'patchcord.v1.call.agent-ringing') did('rang');
      if (event.type === 'patchcord.v1.call.answered') did('answered');
    },
    onRequest: ({ path }) => {
      const [, place, id = ''] = path.split('/');
      if (place === 'call-records' && isByHand(id)) did('arrived');
    },
  };
}
