import { parseTemplate, type Session, type Template } from '@patchcord/contracts';
import { callScope, type Encoding, type RenderedTemplate, renderTemplate, type Scope } from '../../src/index.ts';

/** A conversation that is no call says these as well; here both are in one, so that every name has a value. */
const written = {
  channel: 'voice',
  digital: {
    contactId: '418204417',
    kind: 'messaging',
    pointOfContact: 'web shop',
    customer: { name: 'Ann Writer', phone: '+14155550199', email: 'ann.writer@example.com', handle: '@ann' },
  },
} as const;

/** A call in which everything happened that can happen to one, however unlikely together. */
export const full: Session = {
  ...written,
  tenantId: 'acme',
  callId: 'c-1',
  version: 12,
  state: 'ended',
  direction: 'inbound',
  ani: '4155550123',
  callerName: 'José',
  dnis: '+12025550100',
  pbxId: 'lab',
  pbxCallId: '1795218080.1608',
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  offeredAt: '2026-11-20T23:41:21.100Z',
  answeredAt: '2026-11-20T23:41:25.200Z',
  endedAt: '2026-11-20T23:42:26.000Z',
  outcome: 'answered',
  abandoned: { at: '2026-11-20T23:41:50.000Z', during: 'queue', queue: 'sales', waitMs: 28_900 },
  endedBy: 'customer',
  endReason: 'hangup',
  cause: { q850: 16, text: 'Normal Clearing', sip: 200 },
  mergedInto: 'c-0',
  ivrs: ['language', 'main'],
  digits: '42',
  queues: [
    { queue: 'sales', enteredAt: '2026-11-20T23:41:20.000Z', leftAt: '2026-11-20T23:41:21.000Z', waitMs: 1000 },
    {
      queue: 'support',
      enteredAt: '2026-11-20T23:41:21.100Z',
      leftAt: '2026-11-20T23:41:25.200Z',
      waitMs: 4100,
      reason: 'connected',
    },
  ],
  interactions: [
    {
      interactionId: 'i-1',
      legId: 'l-1',
      agent: { agentId: '1001', name: 'Ann', interface: 'PJSIP/1001' },
      queue: 'support',
      state: 'ended',
      ringingAt: '2026-11-20T23:41:23.000Z',
      answeredAt: '2026-11-20T23:41:25.200Z',
      endedAt: '2026-11-20T23:42:26.500Z',
      heldAt: '2026-11-20T23:41:40.000Z',
      ringMs: 2200,
      talkMs: 61_300,
      holdMs: 500,
      holds: 1,
      pauses: [{ heldAt: '2026-11-20T23:41:41.000Z' }],
      endedBy: 'agent',
      missedReason: 'timeout',
    },
  ],
  transfers: [
    {
      kind: 'attended',
      at: '2026-11-20T23:42:00.000Z',
      from: { agentId: '1000' },
      to: { extension: '1002', agent: { agentId: '1003' }, legId: 'l-7' },
      consultCallId: 'c-9',
    },
  ],
  conference: ['l-1', 'l-2'],
  variables: { CAMPAIGN: 'spring', 'a.b': 'dotted', Omlcrmcustomerid: '4711' },
  data: {
    'ivr.email': 'ann@example.com',
    'ivr.premium': true,
    'ivr.n': 7,
    'ivr.empty': '',
    'ivr.nothing': null,
    'ivr.list': ['gold', 'silver'],
    'ivr.customer': { name: 'Ann', 'last.order': 9, orders: [{ id: 'A-1' }] },
    'ivr.customer.phone': '+49301234567',
    'app.inputReader.reference': '4711ABC',
  },
  recordings: [
    {
      recordingId: 'r-1',
      legId: 'l-1',
      location: 'https://pbx.example/rec/a%20b.wav',
      startedAt: '2026-11-20T23:41:26.000Z',
      endedAt: '2026-11-20T23:42:26.900Z',
    },
  ],
};

/** A call of which only the first event is known. */
export const offered: Session = {
  ...written,
  tenantId: 'acme',
  callId: 'c-1',
  version: 1,
  state: 'ringing',
  direction: 'inbound',
  ani: '+14155550123',
  callerName: 'José',
  dnis: '+12025550100',
  pbxId: 'lab',
  pbxCallId: '1795218080.1608',
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  offeredAt: '2026-11-20T23:41:21.100Z',
  ivrs: [],
  digits: '',
  queues: [],
  interactions: [],
  transfers: [],
  conference: [],
  variables: {},
  recordings: [],
};

export const scopeOf = (data: Readonly<Record<string, unknown>>): Scope => callScope({ ...offered, data });

export function template(text: string): Template {
  const parsed = parseTemplate(text);
  if (!parsed.ok) throw new Error(parsed.problem.expected);
  return parsed.template;
}

export const render = (text: string, scope: Scope, encoding: Encoding = 'none'): RenderedTemplate =>
  renderTemplate(template(text), scope, encoding);
