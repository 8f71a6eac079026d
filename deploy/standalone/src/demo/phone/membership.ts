import type { AmiHeaderRecord } from '@patchcord/testkit';
import { demoAgent, type PhoneUse } from './agent.ts';
import { demoQueue } from './dialplan.ts';

/** The agent's part in the demo's one queue, as the PBX keeps it. */
export interface Membership {
  takesCalls(): boolean;
  /** `QueueMember` entries of `QueueStatus`. */
  list(): AmiHeaderRecord[];
  /** What an action changes; undefined: it is none about a queue. */
  change(
    action: ReadonlyMap<string, string>,
  ): { readonly response: AmiHeaderRecord; readonly events: AmiHeaderRecord[] } | undefined;
}

const queue = demoQueue;
const status = { idle: '1', ringing: '6', calling: '2', talking: '2', held: '8' } as const;
const noInterface = { response: { Response: 'Error', Message: 'Interface not found' }, events: [] };

export function createMembership(phone: () => PhoneUse): Membership {
  let [member, paused, reason] = [true, false, ''];
  const entry = (event: string): AmiHeaderRecord => ({
    Event: event,
    Queue: queue,
    [event === 'QueueMember' ? 'Name' : 'MemberName']: demoAgent.name,
    [event === 'QueueMember' ? 'Location' : 'Interface']: demoAgent.interface,
    StateInterface: demoAgent.interface,
    Membership: 'dynamic',
    Penalty: '0',
    InCall: '0',
    Status: status[phone()],
    Paused: paused ? '1' : '0',
    PausedReason: reason,
  });
  const done = (event: string) => ({ response: { Response: 'Success', Message: 'Done' }, events: [entry(event)] });
  const changes: Readonly<Record<string, (action: ReadonlyMap<string, string>) => ReturnType<Membership['change']>>> = {
    QueueAdd: () => {
      if (member)
        return { response: { Response: 'Error', Message: 'Unable to add interface: Already there' }, events: [] };
      [member, paused, reason] = [true, false, ''];
      return done('QueueMemberAdded');
    },
    QueueRemove: () => {
      if (!member)
        return { response: { Response: 'Error', Message: 'Unable to remove interface: Not there' }, events: [] };
      member = false;
      return done('QueueMemberRemoved');
    },
    QueuePause: (action) => {
      if (!member) return noInterface;
      [paused, reason] = [action.get('Paused') === 'true', action.get('Reason') ?? ''];
      return done('QueueMemberPause');
    },
  };
  return {
    takesCalls: () => member && !paused,
    list: () => (member ? [entry('QueueMember')] : []),
    change: (action) => {
      const change = changes[action.get('Action') ?? ''];
      if (change === undefined) return undefined;
      const asked = action.get('Interface');
      if (asked !== demoAgent.interface) return noInterface;
      const wanted = action.get('Queue') ?? queue;
      return wanted === queue
        ? change(action)
        : { response: { Response: 'Error', Message: 'No such queue' }, events: [] };
    },
  };
}
