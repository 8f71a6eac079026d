import { createServer } from 'node:net';
import { type AgiPeer, eventually } from '@patchcord/testkit';
import { type Fixture, tenantId } from './fixture.ts';

export async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
export const fastAgi = (at: number, env: Record<string, string> = {}) => ({
  FASTAGI_PORT: String(at),
  FASTAGI_PBXS: JSON.stringify([{ pbxId: 'main', tenantId, addresses: ['127.0.0.1'] }]),
  ...env,
});

const reader = (over: object) => ({
  id: 'ask',
  type: 'input-reader',
  variable: 'reference',
  min: 4,
  max: 4,
  prompt: 'enter',
  readTimeoutMs: 4000,
  betweenDigitsTimeoutMs: 1500,
  next: 'agent',
  ...over,
});
const agent = {
  id: 'agent',
  type: 'queue',
  queue: 'q-{app.inputReader.reference|none}',
  timeoutMs: 30_500,
  priority: 5,
};
const bye = { id: 'bye', type: 'hangup' };
const flows = [
  { id: 'read', modules: [reader({}), agent] },
  { id: 'star', modules: [reader({ min: 1, max: 10, terminationDigit: 'ASTERISK', bargeIn: false }), agent] },
  { id: 'late-barge', modules: [reader({ bargeIn: { delayMs: 300 } }), agent] },
  {
    id: 'talk',
    modules: [
      {
        id: 'hello',
        type: 'audio-player',
        prompts: ['one', { text: 'Hello, you', language: 'en-GB', voice: 'amy' }, 'two'],
      },
    ],
  },
  {
    id: 'wait',
    modules: [
      {
        id: 'known',
        type: 'wait-for-variable',
        expression: 'ivr.x',
        budgetMs: 1200,
        filler: ['music'],
        next: 'agent',
        otherwise: 'bye',
      },
      agent,
      bye,
    ],
  },
  {
    id: 'who',
    modules: [
      { id: 'who', type: 'identification', identification: 'customer', next: 'box', otherwise: 'bye' },
      { id: 'box', type: 'voicemail', mailbox: '{app.identification.id}' },
      bye,
    ],
  },
  { id: 'where', modules: [{ id: 'who', type: 'identification', identification: 'customer' }] },
];
const identification = {
  id: 'customer',
  name: 'Customer',
  kind: 'none',
  prompt: 'enter-your-id',
  idLength: 4,
  inputTimeoutMs: 4000,
  attempts: 2,
  timeoutMs: 1500,
  onSuccess: { type: 'ivr', target: 'known' },
  onFailure: { type: 'extension', target: '200' },
};

/** The flows and the identification, known to the service. */
export async function configure(fixture: Fixture): Promise<void> {
  const { config } = fixture;
  await config.put(tenantId, 'identification', identification);
  for (const flow of flows) await config.put(tenantId, 'flow', { name: flow.id, start: flow.modules[0]?.id, ...flow });
  const body = { callId: 'c-main-0', input: { type: 'started' } };
  await eventually(async () => (await fixture.ask('/v1/flows/where/next', { body })).status === 200);
}

/** Answers as an Asterisk does until the given command, which it leaves open. */
export async function answerUntil(peer: AgiPeer, command: string): Promise<void> {
  for (let line = await peer.next(); line !== undefined; line = await peer.next()) {
    if (line.startsWith(command)) return;
    peer.say('200 result=0');
  }
}
