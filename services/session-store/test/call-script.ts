import { type CallEvent, callEvents, callIdOf, parseEvent } from '@patchcord/contracts';

const start = Date.parse('2026-11-20T23:41:21.100Z');

export interface ScriptOptions {
  readonly call: string;
  readonly tenantid?: string;
  readonly source?: string;
  readonly traceparent?: string;
}

type Line = readonly [event: string, data: object];

/** A call event of the given kind, `at` ms after the start of the call. */
export function callEvent(options: ScriptOptions, at: number, [event, data]: Line): CallEvent {
  const { call, tenantid = 'acme', source = '/pbx/lab', traceparent } = options;
  const callId = callIdOf('lab', call);
  const parsed = parseEvent({
    specversion: '1.0',
    id: `lab-${call}-${at}-${event}`,
    source,
    type: `patchcord.v1.call.${event}`,
    subject: callId,
    correlationid: callId,
    time: new Date(start + at).toISOString(),
    tenantid,
    sequence: String(at),
    ...(traceparent === undefined ? {} : { traceparent }),
    data,
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  return parsed.event as CallEvent;
}

const agent = (agentId: string) => ({ agentId, name: `Agent ${agentId}`, interface: `PJSIP/${agentId}` });

/** An inbound queue call: IVR, queue, one phone that is missed, answer, hold, blind transfer, end, recording. */
export function queueCall(options: ScriptOptions): CallEvent[] {
  const lines: Line[] = [
    ['offered', { direction: 'inbound', ani: '+14155550123', dnis: '+12025550100', legId: 'l-1', pbxId: 'lab' }],
    ['ivr-entered', examples('ivr-entered')],
    ['dtmf-collected', examples('dtmf-collected')],
    ['variables-set', { variables: { CAMPAIGN: 'support', gone: 'x' } }],
    ['queued', { ...examples('queued'), queue: 'support' }],
    ['agent-ringing', { ...examples('agent-ringing'), agent: agent('1001'), legId: 'l-2' }],
    ['agent-missed', { ...examples('agent-missed'), agent: agent('1001'), legId: 'l-2' }],
    ['agent-ringing', { ...examples('agent-ringing'), agent: agent('1002'), legId: 'l-3' }],
    ['answered', { ...examples('answered'), agent: agent('1002'), legId: 'l-3' }],
    ['held', { legId: 'l-3', by: 'agent' }],
    ['resumed', { legId: 'l-3', by: 'agent' }],
    ['variables-set', { variables: { gone: null, tier: 'gold' } }],
    ['transferred', { ...examples('transferred'), fromLegId: 'l-3', from: agent('1002') }],
    ['agent-released', { ...examples('agent-released'), agent: agent('1002'), legId: 'l-3' }],
    ['ended', { endedBy: 'customer', reason: 'hangup' }],
    ['recording-ready', { ...examples('recording-ready'), legId: 'l-1' }],
  ];
  return lines.map((line, at) => callEvent(options, at * 1000, line));
}

/** Every kind of event of a call, once for each of its examples, at times that are all different. */
export function everyKind(options: ScriptOptions): CallEvent[] {
  const lines = Object.values(callEvents).flatMap(({ event, examples: given }) =>
    given.map((data): Line => [event, data]),
  );
  return lines.map((line, at) => callEvent(options, at * 700, line));
}

function examples(event: string): object {
  const definition = Object.values(callEvents).find((candidate) => candidate.event === event);
  if (definition === undefined) throw new Error(`no event ${event}`);
  return definition.examples[0] ?? {};
}
