import { callRpc, storedMessages } from '@patchcord/bus';
import { type AfterCallInteraction, type AnyEvent, type DigitalAction, parseEvent, rpc } from '@patchcord/contracts';
import { eventually } from '@patchcord/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answeredCall } from './call-script.ts';
import { type DigitalScript, digitalScript } from './digital-script.ts';
import { type Fixture, startFixture, tenantId } from './fixture.ts';

let fixture: Fixture;
const timeoutMs = 5000;

beforeAll(async () => {
  fixture = await startFixture();
  await fixture.config.put(tenantId, 'agent', { id: '1002', name: 'Bob' });
  await Promise.all([fixture.startReplica(), fixture.startReplica()]);
}, 60_000);
afterAll(() => fixture?.stop());

const interactions = async (callId: string, onlyOf?: string): Promise<AfterCallInteraction[]> =>
  (await callRpc(fixture.bus, rpc.callInteractions, { tenantId, callId, onlyOf }, { timeoutMs })).interactions;

describe("an agent's part of a call", () => {
  it('is told with what comes after it: nothing, after-call work, the disposition', async () => {
    const call = answeredCall();
    const interactionId = call.interactionId('1001');
    await fixture.publish(call.session());
    const [talking] = await eventually(async () => {
      const all = await interactions(call.callId);
      return all.length > 0 && all;
    });
    expect(talking).toMatchObject({ interactionId, agentId: '1001', campaignId: 'support' });
    expect([talking?.endedAt, talking?.acw, talking?.disposition]).toEqual([undefined, undefined, undefined]);
    await fixture.publish(call.released('1001'));
    const [working] = await eventually(async () => {
      const all = await interactions(call.callId, '1001');
      return all[0]?.acw !== undefined && all;
    });
    expect(working).toMatchObject({ acw: { status: 'open' }, endedAt: expect.any(String) });
    const disposition = { optionId: 'sold', comments: 'two of them' };
    await callRpc(fixture.bus, rpc.recordDisposition, { tenantId, interactionId, disposition }, { timeoutMs });
    expect(await interactions(call.callId)).toMatchObject([
      { acw: { status: 'complete' }, disposition: { disposition: { name: 'Sold', comments: 'two of them' } } },
    ]);
    expect(await interactions(call.callId, '1099')).toEqual([]);
    expect(await interactions('c-unknown')).toEqual([]);
  });
});

async function openContact(): Promise<DigitalScript> {
  const contact = digitalScript();
  await fixture.publisher.publishAll([contact.opened(), contact.assigned('1', '1001')]);
  await eventually(async () => (await openOf('1001')).includes(contact.contactId));
  return contact;
}

const openOf = async (agentId: string): Promise<string[]> =>
  (await callRpc(fixture.bus, rpc.digitalContacts, { tenantId, agentId, limit: 50 }, { timeoutMs })).contacts.map(
    ({ contactId }) => contactId,
  );

const act = ({ contactId }: DigitalScript, action: DigitalAction, onlyOf = '1001') =>
  callRpc(fixture.bus, rpc.actOnDigital, { tenantId, contactId, segmentId: '1', onlyOf, action }, { timeoutMs });

async function toldOf({ contactId }: DigitalScript): Promise<AnyEvent[]> {
  const told: AnyEvent[] = [];
  for await (const message of storedMessages(fixture.bus, 'CALL_EVENTS', `patchcord.v1.evt.*.digital.${contactId}.>`)) {
    const parsed = parseEvent(message.json());
    if (parsed.ok && parsed.event.source === '/service/disposition') told.push(parsed.event);
  }
  return told;
}

describe('what an agent does with a digital contact', () => {
  it('giving it back and dismissing it ends his part, told once however often he asks', async () => {
    const contact = await openContact();
    const answers = await Promise.all([1, 2].map(() => act(contact, { kind: 'release' })));
    expect(answers.some(({ outcome }) => outcome === 'told')).toBe(true);
    await eventually(async () => (await act(contact, { kind: 'release' })).outcome === 'unchanged');
    expect((await toldOf(contact)).map(({ type }) => type)).toEqual([
      'patchcord.v1.digital.unassigned',
      'patchcord.v1.digital.dismissed',
    ]);
    await eventually(() => fixture.records(contact.callId).length === 1);
  });

  it('what is unassigned already only has to be dismissed', async () => {
    const contact = await openContact();
    await fixture.publisher.publish(contact.unassigned('1'));
    await eventually(async () => (await act(contact, { kind: 'unassign' })).outcome === 'unchanged');
    expect(await act(contact, { kind: 'dismiss' })).toEqual({ outcome: 'told' });
    await eventually(() => fixture.records(contact.callId).length === 1);
  });

  it('handing it on names the colleague; it cannot be handed on twice', async () => {
    const contact = await openContact();
    expect(await act(contact, { kind: 'transfer', to: { agentId: '1002' } })).toEqual({ outcome: 'told' });
    await eventually(() => fixture.records(contact.callId).length === 1);
    expect((await act(contact, { kind: 'release' })).outcome).toBe('unchanged');
    expect((await act(contact, { kind: 'transfer', to: { queue: 'quick' } })).outcome).toBe('unchanged');
    expect(await toldOf(contact)).toMatchObject([
      { type: 'patchcord.v1.digital.transferred', data: { to: { agent: { agentId: '1002', name: 'Bob' } } } },
    ]);
  });

  it('closing ends the conversation; then it is open no more', async () => {
    const contact = await openContact();
    expect(await act(contact, { kind: 'close' })).toEqual({ outcome: 'told' });
    await eventually(async () => !(await openOf('1001')).includes(contact.contactId));
    expect(await act(contact, { kind: 'close' })).toEqual({ outcome: 'unchanged' });
  });

  it("nobody acts on a colleague's part, nor on one that is not there", async () => {
    const contact = await openContact();
    await expect(act(contact, { kind: 'close' }, '1002')).rejects.toMatchObject({ code: 'not_found' });
    await expect(act(digitalScript(), { kind: 'close' })).rejects.toMatchObject({ code: 'not_found' });
  });
});
