import type { AgentRef } from '@patchcord/contracts';
import type { StoryPause } from './pauses.ts';
import type { Story, StoryCall, StoryInteraction } from './story.ts';

/** The story as text, one paragraph per call, ended by a line break. */
export function renderStory(story: Story): string {
  const calls = story.calls.length === 0 ? ['No calls.'] : story.calls.map(renderCall);
  const pauses = story.pauses.map(pauseLine);
  return [...calls, ...(pauses.length === 0 ? [] : [pauses.join('\n')])].map((part) => `${part}\n`).join('\n');
}

/** One call as text: a first line that says what became of it, then one indented line per thing that happened. */
export function renderCall(call: StoryCall): string {
  const lines = [
    parties(call),
    times(call),
    ...call.ivrs.map((ivr) => `in the IVR ${ivr}`),
    ...(call.digits === '' ? [] : [`the caller pressed ${call.digits}`]),
    ...call.queues.map(queueLine),
    ...call.interactions.map(interactionLine),
    ...call.transfers.map(transferLine),
    ...abandonLine(call),
    ...variableLines(call.variables),
    ...call.recordings.map(recordingLine),
  ];
  const what = [call.direction ?? 'unknown direction', call.outcome ?? `still ${call.state}`].join(', ');
  return [`Call ${call.callId}: ${what}`, ...lines.map((line) => `  ${line}`)].join('\n');
}

function parties({ caller, did }: StoryCall): string {
  const name = caller.name === undefined ? '' : ` (${caller.name})`;
  return `${caller.number ?? 'an unknown number'}${name} called ${did ?? 'an unknown number'}`;
}

function times(call: StoryCall): string {
  const { startedAt, endedAt, durationMs, state } = call;
  const end = state === 'ended' ? ender(call) : 'not over';
  if (startedAt === undefined || endedAt === undefined)
    return startedAt === undefined ? end : `${clock(startedAt)}; ${end}`;
  return `${clock(startedAt)} to ${clock(endedAt).slice(11)}, ${durationMs ?? 0} ms; ${end}`;
}

function ender({ direction, endedBy = 'unknown', endReason }: StoryCall): string {
  const reason = endReason === undefined || endReason === 'hangup' ? '' : ` (${endReason})`;
  // Of an outbound call the customer is who was called.
  return `${direction === 'outbound' && endedBy === 'customer' ? 'the customer hung up' : enders[endedBy]}${reason}`;
}

const enders = {
  agent: 'the agent hung up',
  customer: 'the caller hung up',
  transfer: 'ended by a transfer',
  system: 'the PBX ended it',
  unknown: 'nobody knows who ended it',
} as const;

function queueLine({ queue, waitMs, reason }: StoryCall['queues'][number]): string {
  const waited = reason === undefined ? 'still waiting' : `waited ${ms(waitMs)}, ${queueEnds[reason] ?? reason}`;
  return `queue ${queue}: ${waited}`;
}

const queueEnds: Readonly<Record<string, string>> = {
  connected: 'connected',
  abandoned: 'gave up',
  timeout: 'the limit of the queue was reached',
  left: 'left the queue',
};

function interactionLine(one: StoryInteraction): string {
  const who = `${agentName(one.agent)}${one.queue === undefined ? '' : ` for ${one.queue}`}`;
  return `${who}: ${interactionText(one)}`;
}

function interactionText(one: StoryInteraction): string {
  const rang = one.ringMs === undefined ? '' : `rang ${one.ringMs} ms, `;
  switch (one.result) {
    case 'ringing':
      return 'rings';
    case 'missed':
      return `${rang}missed (${one.missedReason ?? 'unknown'})`;
    case 'tried':
      return `${rang}never spoke with the customer`;
    case 'talking':
      return `${rang}talks`;
    case 'talked':
      return `${rang}talked ${ms(one.talkMs)}, ${holds(one)}; ${partEnders[one.endedBy ?? 'unknown']}`;
  }
}

const partEnders = {
  agent: 'the agent hung up',
  customer: 'the customer hung up',
  transfer: 'passed on',
  system: 'ended by the PBX',
  unknown: 'nobody knows who ended it',
} as const;

function holds({ holds: count, holdMs }: StoryInteraction): string {
  if (count === 0) return 'no hold';
  return `${count === 1 ? 'one hold' : `${count} holds`} of ${ms(holdMs)}`;
}

function transferLine({ kind, from, to, consultCallId }: StoryCall['transfers'][number]): string {
  const source = from === undefined ? '' : ` from ${agentName(from)}`;
  const agent = to.agent === undefined ? undefined : agentName(to.agent);
  const target = agent ?? to.extension ?? 'an unknown target';
  return `${kind} transfer${source} to ${target}${consultCallId === undefined ? '' : ` (consulted in ${consultCallId})`}`;
}

function abandonLine({ abandoned, interactions }: StoryCall): string[] {
  if (abandoned === undefined || interactions.some((one) => one.result === 'talked')) return [];
  const after = abandoned.afterMs === undefined ? '' : ` after ${abandoned.afterMs} ms`;
  return [`the caller gave up${after}, ${places[abandoned.during] ?? abandoned.during}`];
}

const places: Readonly<Record<string, string>> = {
  ivr: 'before any queue or agent',
  queue: 'waiting in the queue',
  ringing: 'while a phone rang',
};

function variableLines(variables: Readonly<Record<string, string>>): string[] {
  const entries = Object.entries(variables).sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.map(([name, value]) => `variable ${name} = ${JSON.stringify(value)}`);
}

function recordingLine({ location, legId, startedAt, endedAt }: StoryCall['recordings'][number]): string {
  const from = startedAt === undefined ? '' : ` from ${clock(startedAt).slice(11)}`;
  const to = endedAt === undefined ? '' : ` to ${clock(endedAt).slice(11)}`;
  return `recording ${location} of leg ${legId}${from}${to}`;
}

function pauseLine({ agent, reason, queue, from, to, durationMs }: StoryPause): string {
  const why = reason === undefined ? '' : ` (${reason})`;
  const where = queue === undefined ? '' : ` in ${queue}`;
  const since = from === undefined ? '' : ` from ${clock(from).slice(11)}`;
  const until = to === undefined || durationMs === undefined ? '' : ` to ${clock(to).slice(11)}, ${durationMs} ms`;
  return `${agentName(agent)} paused${why}${where}${since}${until}`;
}

const agentName = ({ agentId, name }: AgentRef): string =>
  name === undefined ? `agent ${agentId}` : `${name} (${agentId})`;

const ms = (value: number | undefined): string => (value === undefined ? 'for an unknown time' : `${value} ms`);

const clock = (time: string): string => new Date(time).toISOString().replace('T', ' ').replace('Z', '');
