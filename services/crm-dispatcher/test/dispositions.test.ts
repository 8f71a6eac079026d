import { createContacts } from '@patchcord/contacts';
import type { Contact, SiteParameter } from '@patchcord/contracts';
import { connectRedis } from '@patchcord/runtime';
import { eventually } from '@patchcord/testkit';
import type { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { changed, disposed, newCallId, part, tenantId } from './call.ts';
import { type Fixture, log, startFixture } from './fixture.ts';

let fixture: Fixture;
let redis: Redis;
beforeAll(async () => {
  fixture = await startFixture();
  redis = await connectRedis({ url: fixture.servers.redis.url, name: 'test', log });
  await fixture.startReplica();
});
afterAll(async () => {
  redis.disconnect();
  await fixture.stop();
});

const parameters: SiteParameter[] = [
  { family: 'disposition', key: 'name', name: 'result' },
  { family: 'disposition', key: 'form', name: 'form' },
  { family: 'call', key: 'call_id', name: 'call', missing: 'omit' },
];
const dispositions = [
  { id: 'sold', name: 'Sold', crm: true },
  { id: 'wrong', name: 'Wrong number' },
];
const told = { trigger: 'disposition' as const, parameters };
const enteredAt = new Date().toISOString();

function liveSession(queue: string) {
  const callId = newCallId();
  const { data } = changed(callId, 'ended', {
    queues: [{ queue, enteredAt }],
    interactions: [part(callId, { answeredAt: enteredAt, state: 'ended', endedAt: enteredAt, endedBy: 'agent' })],
  });
  return { callId, session: data.session, interactionId: `i-${callId}`, dispositionId: `i-${callId}` };
}

describe('dispositions', () => {
  it('an option for the CRM - one POST with its form; a change is told again, with what was before', async () => {
    await fixture.addSite('crm', told, { dispositions });
    const { callId, session, interactionId, dispositionId } = liveSession('crm');
    const sold = { optionId: 'sold', name: 'Sold', form: { Motivo: 'ventá', n: 1 } };
    const about = { dispositionId, callId, interactionId, agentId: '1001', session };
    await fixture.publish(disposed({ ...about, disposition: sold, changes: 1 }));
    const workId = `w.${callId}.site-crm.disposition.${interactionId}`;
    await fixture.until(workId, 'succeeded');
    const body = JSON.parse(fixture.crm.accepted().get(workId)?.body ?? '') as Record<string, string>;
    expect(body).toMatchObject({ result: 'Sold', call: callId });
    expect(JSON.parse(Buffer.from(body.form ?? '', 'base64url').toString())).toEqual(sold.form);

    const again = { optionId: 'sold', name: 'Sold', comments: 'on Friday' };
    await fixture.publish(disposed({ ...about, disposition: again, previous: sold, changes: 2 }));
    await fixture.until(`${workId}.r2`, 'succeeded');
  });

  it('the same disposition told twice is one POST', async () => {
    await fixture.addSite('twice', told, { dispositions });
    const { callId, session, interactionId, dispositionId } = liveSession('twice');
    const disposition = { optionId: 'sold', name: 'Sold' };
    const event = disposed({ dispositionId, callId, interactionId, session, disposition, changes: 1 });
    await fixture.publish(event, { ...event, id: `${event.id}-again` });
    const workId = `w.${callId}.site-twice.disposition.${interactionId}`;
    await fixture.until(workId, 'succeeded');
    await fixture.publish({ ...event, id: `${event.id}-late` });
    const other = liveSession('twice');
    await fixture.publish(disposed({ ...other, disposition, changes: 1 }));
    await fixture.until(`w.${other.callId}.site-twice.disposition.${other.interactionId}`, 'succeeded');
    expect(fixture.seen(workId)).toBe(1);
  });

  it('an option that is not for the CRM, and one that nobody knows - nothing', async () => {
    await fixture.addSite('silent', told, { dispositions });
    for (const optionId of ['wrong', 'nobody-knows']) {
      const silent = liveSession('silent');
      await fixture.publish(disposed({ ...silent, disposition: { optionId, name: 'x' }, changes: 1 }));
    }
    const loud = liveSession('silent');
    await fixture.publish(disposed({ ...loud, disposition: { optionId: 'sold', name: 'Sold' }, changes: 1 }));
    await fixture.until(`w.${loud.callId}.site-silent.disposition.${loud.interactionId}`, 'succeeded');
    expect(fixture.crm.requests().filter(({ path }) => path === '/hooks/silent')).toHaveLength(1);
  });

  it('without a live call - the contact is known by its id', async () => {
    const database = { id: 'people', name: 'People', columns: ['phone', 'city'], phoneColumns: ['phone'] };
    await fixture.config.put(tenantId, 'contact-database', database);
    const ofContact: SiteParameter[] = [...parameters, { family: 'contact', key: 'city', name: 'city' }];
    await fixture.addSite('absent', { ...told, parameters: ofContact }, { dispositions, database: 'people' });
    const contact = await addContact({ phone: '+14155550123', city: 'Córdoba' });
    const dispositionId = `d-${newCallId()}`;
    const disposition = { optionId: 'sold', name: 'Sold' };
    const { contactId } = contact;
    await fixture.publish(disposed({ dispositionId, campaignId: 'absent', contactId, disposition, changes: 1 }));
    const workId = `w.${dispositionId}.site-absent.disposition`;
    const row = await fixture.until(workId, 'succeeded');
    expect(row.callId).toBeUndefined();
    expect(JSON.parse(fixture.crm.accepted().get(workId)?.body ?? '')).toMatchObject({
      result: 'Sold',
      city: 'Córdoba',
    });
  });

  it('a site with a target is shown to the agent who disposed', async () => {
    await fixture.addSite('popped', { ...told, method: 'GET', target: 'new-tab' }, { dispositions });
    const { callId, session, interactionId, dispositionId } = liveSession('popped');
    const news = await fixture.watch('1001');
    const disposition = { optionId: 'sold', name: 'Sold' };
    await fixture.publish(
      disposed({ dispositionId, callId, interactionId, agentId: '1001', session, disposition, changes: 1 }),
    );
    await eventually(() => news.length === 1);
    expect(news).toMatchObject([{ news: 'offered', pop: { trigger: 'disposition', target: 'new-tab', callId } }]);
    expect(fixture.crm.requests().filter(({ path }) => path === '/hooks/popped')).toEqual([]);
  });
});

async function addContact(values: Record<string, string>): Promise<Contact> {
  const database = await eventually(() => fixture.config.tenant(tenantId)['contact-database'].get('people'));
  return (await createContacts(redis).add({ tenantId, database, region: 'US' }, values)).contact;
}
