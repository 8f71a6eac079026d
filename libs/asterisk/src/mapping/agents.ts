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
  if (status === undefined) return;
  const queue = known(message, 'Queue') ?? '';
  if (field(message, 'Event') === 'QueueMemberRemoved' || field(message, 'Paused') !== '1') status.pauses.delete(queue);
  // An unpause keeps the reason it was given in PausedReason: only of a pause it means something.
  else status.pauses.set(queue, known(message, 'PausedReason') ?? '');
  status.device = byStatus[field(message, 'Status') ?? ''] ?? status.device;
  tellState(m, status);
}

/** Of phones that are members of no queue, too. Of a trunk the state means nothing. */
export function onDeviceStateChange(m: Mapping, message: AmiMessage): void {
  const device = known(message, 'Device') ?? '';
  const { technology } = parseInterface(device);
  if (technology === '' || technology === 'Local' || m.isTrunk(device, undefined)) return;
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
  const ref = agentRef(device, name ?? m.memberNames.get(device));
  const before = m.agents.get(ref.agentId);
  const status = { ...(before ?? { device: undefined, pauses: new Map(), told: undefined }), agent: ref };
  m.agents.set(ref.agentId, status);
  return status;
}

function tellState(m: Mapping, status: AgentStatus): void {
  const { device, pauses, agent } = status;
  const [pause] = [...pauses].slice(-1);
  const state = device !== undefined && device !== 'idle' ? device : pause === undefined ? 'ready' : 'paused';
  if (device === undefined && pause === undefined) return;
  const reason = state === 'paused' && pause?.[1] !== '' ? pause?.[1].slice(0, 256) : undefined;
  // Paused in one queue he may still get calls of another; the same pause in all of them is one.
  const queue = state === 'paused' && pauses.size === 1 ? pause?.[0].slice(0, 128) : undefined;
  const told = JSON.stringify([state, reason, queue]);
  if (told === status.told) return;
  status.told = told;
  tellAgent(m, agentEvents.agentStateChanged, agent.agentId, { agent, state, ...defined({ reason, queue }) });
}
