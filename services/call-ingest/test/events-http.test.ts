import { sessionsOf } from '@patchcord/call-model';
import { callEvents } from '@patchcord/contracts';
import { eventually } from '@patchcord/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freshNats, type Nats, offered, send, startIngest, stored } from './support.ts';

let nats: Nats;
beforeAll(async () => {
  nats = await freshNats();
});
afterAll(async () => nats.stop());

let tenants = 0;
/** A tenant of its own for each test, with a token that may write events. */
async function tenant(): Promise<{ id: string; token: string }> {
  tenants += 1;
  const id = `t${tenants}`;
  return { id, token: await nats.grant(id, 'events:write') };
}

const statuses = (sent: Awaited<ReturnType<typeof send>>) => sent.body.results?.map(({ status }) => status);

describe('POST /v1/events', () => {
  test('one event is stored before the answer, with its tenant', async () => {
    const service = await startIngest(nats);
    const { id, token } = await tenant();
    const event = offered();
    const sent = await send(service, token, event, 'application/cloudevents+json');
    expect(sent).toMatchObject({ status: 202, body: { results: [{ index: 0, id: event.id, status: 'accepted' }] } });
    expect(await stored(nats, id)).toMatchObject([{ id: event.id, tenantid: id, subject: event.subject }]);
  });

  test('dialplan variables of a CRM come as they were sent', async () => {
    const service = await startIngest(nats);
    const { id, token } = await tenant();
    const variables = {
      Omlcrmcustomerid: '4711',
      OMLCUSTOMDIALPLANVARS: 'Omlcrmcustomerid&Omlcrmname',
      Omlcrmname: '',
    };
    const { type } = callEvents.callVariablesSet;
    expect(statuses(await send(service, token, offered({ type, data: { variables } })))).toEqual(['accepted']);
    const [event] = await stored(nats, id);
    expect(event?.data).toEqual({ variables });
    expect(sessionsOf(await stored(nats, id))[0]?.variables).toEqual(variables);
  });

  test('an event that is sent again counts once', async () => {
    const service = await startIngest(nats);
    const { id, token } = await tenant();
    const event = offered();
    await send(service, token, event);
    expect(statuses(await send(service, token, event))).toEqual(['duplicate']);
    expect(statuses(await send(service, token, [event, offered(), event]))).toEqual([
      'duplicate',
      'accepted',
      'duplicate',
    ]);
    expect(await stored(nats, id)).toHaveLength(2);
  });

  test('the same id of two tenants is two events', async () => {
    const service = await startIngest(nats);
    const [one, other] = [await tenant(), await tenant()];
    const event = offered({ id: '1' });
    expect(statuses(await send(service, one.token, event))).toEqual(['accepted']);
    expect(statuses(await send(service, other.token, event))).toEqual(['accepted']);
  });

  test('the good events of a batch are kept, in order; each bad one is named', async () => {
    const service = await startIngest(nats);
    const { id, token } = await tenant();
    const batch = [offered(), { ...offered(), time: undefined }, offered(), 'nonsense', offered({ tenantid: 'x' })];
    const sent = await send(service, token, batch, 'application/cloudevents-batch+json');
    expect(sent.status).toBe(202);
    expect(statuses(sent)).toEqual(['accepted', 'refused', 'accepted', 'refused', 'refused']);
    expect(sent.body.results?.[1]).toMatchObject({
      index: 1,
      id: batch[1]?.['id' as never],
      issues: [{ path: 'time' }],
    });
    expect((await stored(nats, id)).map((event) => event.id)).toEqual(
      [batch[0], batch[2]].map((e) => (e as { id: string }).id),
    );
  });

  test('a batch of 500 is taken whole', async () => {
    const service = await startIngest(nats);
    const { id, token } = await tenant();
    const batch = Array.from({ length: 500 }, () => offered());
    expect((await send(service, token, batch)).status).toBe(202);
    expect((await stored(nats, id)).map((event) => event.id)).toEqual(batch.map((event) => event.id));
  });

  test('refuses a batch of 501 and stores nothing of it', async () => {
    const service = await startIngest(nats);
    const { id, token } = await tenant();
    const sent = await send(
      service,
      token,
      Array.from({ length: 501 }, () => offered()),
    );
    expect(sent).toMatchObject({ status: 413, body: { error: { code: 'payload_too_large' } } });
    expect(sent.body.error?.message).toContain('500');
    expect(await stored(nats, id)).toEqual([]);
  });

  test('refuses with 400 when no event is good, in the same shape', async () => {
    const service = await startIngest(nats);
    const { token } = await tenant();
    const sent = await send(service, token, [{ ...offered(), id: undefined }, 7]);
    expect(sent).toMatchObject({ status: 400, body: { error: { code: 'invalid_event' } } });
    expect(statuses(sent)).toEqual(['refused', 'refused']);
    expect(sent.body.results?.[0]?.issues).toEqual([{ path: 'id', message: expect.stringContaining('is missing') }]);
  });

  test.each([
    ['a number', '5', 'application/json', 400],
    ['text that is no JSON', '{"a":', 'application/cloudevents+json', 400],
    ['an empty batch', '[]', 'application/json', 400],
    ['an attempt on the prototype', '{"__proto__":{"x":1}}', 'application/cloudevents+json', 400],
    ['another content type', 'a=1', 'application/x-www-form-urlencoded', 415],
    ['a body that is too large', JSON.stringify([{ x: 'y'.repeat(9_000_000) }]), 'application/json', 413],
  ])('refuses %s with a clear error', async (_, body, contentType, status) => {
    const service = await startIngest(nats);
    const { token } = await tenant();
    const sent = await send(service, token, body, contentType);
    expect(sent.status).toBe(status);
    expect(sent.body.error?.message).not.toBe('');
  });

  test('refuses an event that is larger than NATS takes, and keeps its neighbours', async () => {
    const service = await startIngest(nats);
    const { token } = await tenant();
    const huge = offered({
      type: 'patchcord.v1.call.variables-set',
      data: { legId: 'l-1', variables: { NOTE: 'y'.repeat(1_100_000) } },
    });
    const sent = await send(service, token, [offered(), huge]);
    expect(statuses(sent)).toEqual(['accepted', 'refused']);
    expect(sent.body.results?.[1]?.issues?.[0]?.message).not.toBe('');
  });

  test('refuses who has no token, and a token without the scope', async () => {
    const service = await startIngest(nats);
    expect((await send(service, undefined, offered())).status).toBe(401);
    expect((await send(service, await nats.grant('t0', 'sessions:read'), offered())).status).toBe(403);
  });
});

describe('POST /v1/events while NATS is away', () => {
  test('answers 503 with Retry-After, claims nothing, and takes the same batch when NATS is back', async () => {
    const own = await freshNats();
    const token = await own.grant('acme', 'events:write');
    const service = await startIngest(own);
    try {
      const batch = [offered(), { ...offered(), time: undefined }];
      await own.nats.kill();
      const away = await eventually(async () => {
        const sent = await send(service, token, batch);
        return sent.status === 503 && sent;
      });
      expect(Number(away.retryAfter)).toBeGreaterThan(0);
      expect(statuses(away)).toEqual(['unavailable', 'refused']);
      expect(await service.health()).toMatchObject({ ready: false });
      await own.nats.restart();
      const back = await eventually(async () => {
        const sent = await send(service, token, batch);
        return sent.status === 202 && sent;
      });
      expect(back.body.results?.[0]?.status).toMatch(/accepted|duplicate/);
      expect(await stored(own, 'acme')).toHaveLength(1);
    } finally {
      await service.stop();
      await own.stop();
    }
  });
});
