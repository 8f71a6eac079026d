import { agentEvents } from '@patchcord/contracts';
import { type AmiMessage, field } from '../message.ts';
import { parseInterface } from './channel-name.ts';
import { defined } from './defined.ts';
import { known } from './header.ts';
import { agentRef } from './parties.ts';
import type { AgentStatus, Mapping } from './state.ts';
import { tellAgent } from './tell.ts';

type Device = NonNullable<AgentStatus['device']>;

/** `Status` of queue members: AST_DEVICE_* of Asterisk. 0 (unknown) says nothing. */
const byStatus: Readonly<Record<string, Device>> = {
  '1': 'idle',
  '2': 'busy',
  '3': 'busy',
  '4': 'offline',
  '5': 'offline',
  '6': 'ringing',
  '7': 'busy',
  '8': 'on-hold',
};

const byState: Readonly<Record<string, Device>> = {
  NOT_INUSE: 'idle',
  INUSE: 'busy',
  BUSY: 'busy',
  INVALID: 'offline',
  UNAVAILABLE: 'offline',
  RINGING: 'ringing',
  RINGINUSE: 'busy',
  ONHOLD: 'on-hold',
};

/** Any event or list entry that describes a member of a queue. `InCall` is not used: it flips between calls. */
export function onQueueMember(m: Mapping, message: AmiMessage): void {
  const status = memberStatus(m, message);
  const queue = known(message, 'Queue');
  if (status === undefined || queue === undefined) return;
  const removed = field(message, 'Event') === 'QueueMemberRemoved';
  if (removed) status.queues.delete(queue);
  else status.queues.add(queue);
  status.loggedOut = status.queues.size === 0;
  // An unpause keeps the reason it was given in PausedReason: it means something only of a pause.
  if (removed || field(message, 'Paused') !== '1') status.pauses.delete(queue);
  else status.pauses.set(queue, known(message, 'PausedReason') ?? '');
  status.device = byStatus[field(message, 'Status') ?? ''] ?? status.device;
  tellState(m, status);
}

/** Of phones that are members of no queue, too. Of a trunk, a Local channel or `Queue:support_pause_…` it means nothing. */
export function onDeviceStateChange(m: Mapping, message: AmiMessage): void {
  const device = known(message, 'Device') ?? '';
  const { technology } = parseInterface(device);
  if (!/^\w+$/.test(technology) || technology === 'Local' || m.isTrunk(device, undefined)) return;
  const status = statusOf(m, device, undefined);
  status.device = byState[field(message, 'State') ?? ''] ?? status.device;
  tellState(m, status);
}

function memberStatus(m: Mapping, message: AmiMessage): AgentStatus | undefined {
  const address = known(message, 'Interface') ?? known(message, 'Location');
  if (address === undefined) return undefined;
  const device = stateDevice(known(message, 'StateInterface') ?? address, address);
  const name = known(message, 'MemberName') ?? known(message, 'Name');
  if (name !== undefined) m.memberNames.set(device, name);
  return statusOf(m, device, name);
}

/** The phone behind a member, where the queue was told to watch one (`hint:` and custom states are none). */
const stateDevice = (watched: string, address: string): string =>
  watched.includes(':') ? parseInterface(address).device : watched;

function statusOf(m: Mapping, device: string, name: string | undefined): AgentStatus {
  const agent = agentRef(device, name ?? m.memberNames.get(device));
  const status: AgentStatus = m.agents.get(agent.agentId) ?? {
    agent,
    device: undefined,
    queues: new Set(),
    loggedOut: false,
    pauses: new Map(),
    told: undefined,
  };
  status.agent = agent;
  m.agents.set(agent.agentId, status);
  return status;
}

function tellState(m: Mapping, status: AgentStatus): void {
  const next = stateOf(status);
  const { agent, told } = status;
  if (next === undefined || sameState(told, next)) return;
  status.told = next;
  const { state, reason, queue } = next;
  tellAgent(m, agentEvents.agentStateChanged, agent.agentId, { agent, state, ...defined({ reason, queue }) });
}

function stateOf({ device, pauses, loggedOut }: AgentStatus) {
  if (loggedOut) return { state: 'offline', reason: undefined, queue: undefined } as const;
  if (device !== undefined && device !== 'idle') return { state: device, reason: undefined, queue: undefined };
  const pause = [...pauses].at(-1);
  if (pause === undefined) return device && ({ state: 'ready', reason: undefined, queue: undefined } as const);
  const [queue, reason] = pause;
  // Paused in one queue he may still get calls of another; the same pause in all of them is one.
  const only = pauses.size === 1 ? queue.slice(0, 128) : undefined;
  return { state: 'paused', reason: reason === '' ? undefined : reason.slice(0, 256), queue: only } as const;
}

type State = NonNullable<ReturnType<typeof stateOf>>;

/** An unpause comes queue by queue: the last one left is not a pause of its own. */
function sameState(told: AgentStatus['told'], next: State): boolean {
  if (told === undefined || told.state !== next.state || told.reason !== next.reason) return false;
  return told.queue === next.queue || told.queue === undefined;
}
