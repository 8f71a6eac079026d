import { digitalEvents, maxTranscriptLength } from '@patchcord/contracts';
import type { Service } from '@patchcord/runtime';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freshNats, type Nats, offered, post, startIngest, stored } from './support.ts';

let nats: Nats;
beforeAll(async () => {
  nats = await freshNats();
});
afterAll(async () => nats.stop());

const assigned = (over: Record<string, unknown> = {}) =>
  offered({
    source: '/digital/lab',
    type: digitalEvents.digitalAssigned.type,
    subject: '418-7',
    data: digitalEvents.digitalAssigned.examples[0],
    ...over,
  });
const tell = (service: Service, token: string | undefined, body: unknown) =>
  post(`${service.url}/v1/digital-events`, token, body);

test('digital events - stored before the answer, once, with tenant and correlation', async () => {
  const service = await startIngest(nats);
  const token = await nats.grant('d1', 'events:write');
  const event = assigned();
  expect(await tell(service, token, event)).toMatchObject({ status: 202, body: { results: [{ status: 'accepted' }] } });
  expect(await tell(service, token, [event])).toMatchObject({ body: { results: [{ status: 'duplicate' }] } });
  expect(await stored(nats, 'd1', 'digital')).toMatchObject([
    { id: event.id, tenantid: 'd1', subject: '418-7', correlationid: 'digital-418-7' },
  ]);
});

test('digital events - each door says which is the right one', async () => {
  const service = await startIngest(nats);
  const token = await nats.grant('d2', 'events:write');
  const wrong = [await tell(service, token, offered()), await post(`${service.url}/v1/events`, token, assigned())];
  expect(wrong.map(({ status, body }) => [status, body.results?.[0]?.issues?.[0]?.message])).toEqual([
    [400, 'only patchcord.v1.digital.* are taken here; call events go to POST /v1/events'],
    [
      400,
      'only patchcord.v1.call.* and patchcord.v1.agent.* are taken here; digital events go to POST /v1/digital-events',
    ],
  ]);
  expect(await stored(nats, 'd2', 'digital')).toEqual([]);
});

test.each([
  ['an id that is no contact id', { subject: '418_7' }, 'subject', /letters, digits and "-"/],
  ['a segment without a name', { data: { agent: { agentId: '1001' } } }, 'data.segmentId', /expected string/],
  [
    'a channel that there is not',
    { data: { segmentId: '1', agent: { agentId: '1' }, kind: 'fax' } },
    'data.kind',
    /"chat"/,
  ],
])('digital events - refuses %s and names the field', async (_what, over, path, message) => {
  const service = await startIngest(nats);
  const sent = await tell(service, await nats.grant('d3', 'events:write'), assigned(over));
  expect(sent).toMatchObject({ status: 400, body: { error: { code: 'invalid_event' } } });
  expect(sent.body.results?.[0]?.issues).toMatchObject([{ path, message: expect.stringMatching(message) }]);
});

test('digital events - a transcript longer than a message of NATS is cut and kept', async () => {
  const service = await startIngest(nats);
  const text = 'x'.repeat(2_000_000);
  const event = assigned({ type: digitalEvents.digitalTranscriptRecorded.type, data: { text } });
  expect(await tell(service, await nats.grant('d4', 'events:write'), event)).toMatchObject({ status: 202 });
  const [kept] = await stored(nats, 'd4', 'digital');
  expect(kept).toMatchObject({ data: { text: expect.stringMatching(/was cut\]$/) } });
  expect(kept?.data).toSatisfy(({ text }: { text: string }) => text.length === maxTranscriptLength);
});

test('digital events - refuses who has no scope for it', async () => {
  const service = await startIngest(nats);
  expect((await tell(service, undefined, assigned())).status).toBe(401);
  expect((await tell(service, await nats.grant('d5', 'sessions:read'), assigned())).status).toBe(403);
});
