import { automationEvents, callEvents, sessionEvents } from '@patchcord/contracts';
import { expressionCatalogue } from '@patchcord/expressions';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { callMoments, namesFor, upTo } from '../src/domain/course-of-events.ts';
import { type ConsoleFixture, jsonOf, refusalOf, startConsole } from './fixture.ts';
import { serveSessions } from './sessions.ts';

const listed = z.object({
  expressions: z.array(
    z.object({
      name: z.string(),
      label: z.string().min(1),
      type: z.string(),
      group: z.string(),
      example: z.unknown(),
      since: z.string(),
    }),
  ),
});
const evaluated = z.object({
  text: z.string(),
  notes: z.array(z.string()),
  placeholders: z.array(z.record(z.string(), z.unknown())),
});

interface Tools {
  readonly fixture: ConsoleFixture;
  readonly names: (query: string) => Promise<string[]>;
  readonly get: (query: string) => Promise<Response>;
  readonly post: (body?: unknown) => Promise<Response>;
  readonly evaluate: (body: object) => Promise<z.output<typeof evaluated>>;
}

async function start(): Promise<Tools> {
  const fixture = await startConsole();
  const token = await fixture.token();
  const get = (query: string) => fixture.request(`/v1/expressions${query}`, { token });
  const post = (body?: unknown) => fixture.request('/v1/expressions/evaluate', { method: 'POST', token, body });
  return {
    fixture,
    get,
    names: async (query) => (await jsonOf(await get(query), listed)).expressions.map(({ name }) => name),
    post,
    evaluate: async (body) => jsonOf(await post(body), evaluated),
  };
}

test('expressions - every name, those of a group, those that there may be with an event, or of both', async () => {
  const { names } = await start();
  expect(await names('')).toEqual(expressionCatalogue.map(({ name }) => name));
  const ofAgent = await names('?group=agent');
  expect(ofAgent).toContain('agent.talkMs');
  expect(ofAgent.every((name) => name.startsWith('agent.'))).toBe(true);
  const ringing = await names('?event=call.agent-ringing&group=agent');
  expect(ringing).toEqual(expect.arrayContaining(['agent.id', 'agent.ringingAt']));
  expect(ringing).not.toContain('agent.answeredAt');
  const answered = await names('?event=call.answered');
  expect(answered).toEqual(expect.arrayContaining(['call.from', 'ivr.<name>', 'queue.waitMs', 'agent.answeredAt']));
  for (const later of ['call.outcome', 'call.abandoned.at', 'call.transfer.kind', 'recording.id'])
    expect(answered).not.toContain(later);
  expect((await names('?event=call.ended')).length).toBeGreaterThan(answered.length);
});

test('expressions - refuses a filter that there is not, by its name and with what there is', async () => {
  const { get } = await start();
  expect(await refusalOf(await get('?event=call.anwsered'))).toMatchObject({
    status: 400,
    issues: [{ path: 'query.event', message: expect.stringContaining('call.answered') }],
  });
  expect(await refusalOf(await get('?group=customer'))).toMatchObject({
    status: 400,
    issues: [{ path: 'query.group', message: expect.stringContaining('agent') }],
  });
  expect((await get('?events=call.answered')).status).toBe(400);
});

test('events - each of a call has its place, and so has each that sets off automations or brings a name', () => {
  const types = [...Object.values(callEvents), ...Object.values(sessionEvents)];
  const known = new Set<string>(callMoments);
  const needed = [
    ...types.map(({ type }) => type.replace('patchcord.v1.', '')),
    ...automationEvents,
    ...expressionCatalogue.map(({ since }) => since),
  ];
  expect(needed.filter((event) => !known.has(event))).toEqual([]);
  expect(callMoments.filter((event) => !needed.includes(event))).toEqual([]);
  expect(namesFor({ event: 'agent.state-changed' })).toEqual([]);
  for (const event of callMoments.filter((one) => one !== 'agent.state-changed'))
    expect([...upTo(event)]).toEqual(expect.arrayContaining(['call.offered', event]));
  expect(upTo('call.abandoned')).not.toContain('call.answered');
  for (const { type } of types) expect(upTo('call.ended')).toContain(type.replace('patchcord.v1.', ''));
  for (const event of ['call.ended', 'disposition.recorded'] as const)
    expect(namesFor({ event })).toEqual(expressionCatalogue);
});

test('evaluate - with made-up values: the text, what is missing, and each placeholder once', async () => {
  const { evaluate } = await start();
  const text = 'Dear {ivr.name|customer}, {call.from} {ivr.none} {ivr.name} {crm.id} {call.form}';
  const values = { 'ivr.name': 'Ann', 'call.from': '+14155550123' };
  expect(await evaluate({ text, values })).toEqual({
    text: 'Dear Ann, +14155550123  Ann  ',
    notes: [
      '"ivr.none": the call has no such value',
      expect.stringMatching(/^"crm\.id": there is no "crm" here/),
      expect.stringMatching(/^"call\.form": no call ever has/),
    ],
    placeholders: [
      { expression: 'ivr.name', found: true, value: 'Ann' },
      { expression: 'call.from', found: true, value: '+14155550123' },
      { expression: 'ivr.none', found: false },
      { expression: 'crm.id', found: false, note: expect.stringContaining('there is no "crm"') },
      { expression: 'call.form', found: false, note: expect.stringContaining('no call ever has') },
    ],
  });
});

const encoded = [
  ['none', 'a&b="{ivr.x}"', 'a&b="ü "&"'],
  ['url-query', 'https://crm.example/?q={ivr.x}', 'https://crm.example/?q=%C3%BC%20%22%26'],
  ['json-string', '{{"q":"{ivr.x}"}}', String.raw`{"q":"ü \"&"}`],
  ['html', '<b>{ivr.x}</b>', '<b>ü &quot;&amp;</b>'],
] as const;

test('evaluate - encodes values for where the text stands', async () => {
  const { evaluate } = await start();
  for (const [encoding, text, wanted] of encoded)
    expect((await evaluate({ text, encoding, values: { 'ivr.x': 'ü "&' } })).text).toBe(wanted);
});

test('evaluate - with the values of a call; made-up ones win', async () => {
  const { fixture, evaluate, post } = await start();
  const data = { 'ivr.name': 'Ann', 'ivr.tags': ['new', 'vip'] };
  await serveSessions(fixture, [{ callId: 'c-1', ani: '+14155550123', data, variables: { CAMPAIGN: 'spring' } }]);
  const text = '{ivr.name} {ivr.tags} {ivr.tags.1} {var.CAMPAIGN} {call.id} {event.name}';
  const asked = { text, callId: 'c-1', values: { 'ivr.name': 'Bob', 'event.name': 'order-shipped' } };
  const answer = await evaluate(asked);
  expect(answer.text).toBe('Bob new,vip vip spring c-1 order-shipped');
  expect(answer.placeholders).toContainEqual({ expression: 'ivr.tags', found: true, value: ['new', 'vip'] });
  expect(answer.notes).toEqual([]);
  expect(await refusalOf(await post({ ...asked, callId: 'c-2' }))).toMatchObject({ status: 404, code: 'not_found' });
  const token = await fixture.token('umbrella');
  const stranger = await fixture.request('/v1/expressions/evaluate', { method: 'POST', token, body: asked });
  expect(stranger.status).toBe(404);
});

test('evaluate - refuses what is wrong by its field, with the place in the text', async () => {
  const { post } = await start();
  const refused = async (body: unknown) => refusalOf(await post(body));
  expect(await refused({ text: 'Dear {ivr.name' })).toMatchObject({
    status: 400,
    issues: [{ path: 'text', message: expect.stringMatching(/expected a name and "}".*at character 6/) }],
  });
  expect(await refused(undefined)).toMatchObject({ status: 400, issues: [{ path: 'text' }] });
  expect(await refused({ text: '', encoding: 'xml' })).toMatchObject({ status: 400, issues: [{ path: 'encoding' }] });
  expect(await refused({ text: '', session: {} })).toMatchObject({ status: 400 });
  expect(await refused({ text: 'x'.repeat(65_537) })).toMatchObject({ status: 400, issues: [{ path: 'text' }] });
  const many = Object.fromEntries(Array.from({ length: 257 }, (_, at) => [`ivr.x${at}`, at]));
  expect(await refused({ text: '', values: many })).toMatchObject({
    status: 400,
    issues: [{ path: 'values', message: 'expected at most 256 values' }],
  });
});

test('evaluate - the answer stays small however often a large value is named', async () => {
  const { post } = await start();
  const values = Object.fromEntries(Array.from({ length: 7 }, (_, at) => [`ivr.x${at}`, 'y'.repeat(8000)]));
  const answer = await post({ text: '{ivr}'.repeat(500), values });
  expect(answer.status).toBe(200);
  expect((await answer.text()).length).toBeLessThan(1_400_000);
});
