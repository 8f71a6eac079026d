import { dispatchJob, type SessionChanged } from '@patchcord/contracts';
import { describe, expect, it } from 'vitest';
import { planOfChange, planOfHappening } from '../src/domain/automations.ts';
import { happeningOfCustom, happeningOfDisposition } from '../src/domain/happenings.ts';
import { momentsOfChange, siteMomentsOfChange } from '../src/domain/moments.ts';
import { type AutomationInput, at, change, configOf, heardAt, raised, session, written } from './automation-scene.ts';
import { disposed } from './call.ts';

const set = (name: string, value: string) => ({ type: 'set-variables', variables: { [name]: value } }) as const;
const note = set('app.note', 'x');
const plan = (data: SessionChanged['data'], ...automations: AutomationInput[]) => {
  const { jobs, outcomes, notes } = planOfChange(data, { config: configOf(...automations), heardAt });
  for (const job of [...jobs, ...outcomes]) expect(dispatchJob.safeParse(job).error).toBeUndefined();
  return { jobs, outcomes, notes, ids: jobs.map(({ workId }) => workId) };
};
const due = (...all: readonly object[]) => ({ 'app.flow.due': all });
const passage = { automation: 'ask', module: 'lookup', position: 'action', occurrence: 'p-1' };

describe('automations - what sets them off', () => {
  const i1 = 'i-lab-1';
  const missed = { ...session.interactions[0], state: 'missed', endedAt: at, missedReason: 'timeout' } as never;
  it.each([
    ['call.answered', change('answered'), `w.c-lab-1.automation-a.automation.${i1}.call-answered`],
    ['call.ivr-entered', change('ivr-entered'), 'w.c-lab-1.automation-a.automation.call-ivr-entered.lab-1-ivr-entered'],
    [
      'call.dtmf-collected',
      change('dtmf-collected'),
      'w.c-lab-1.automation-a.automation.call-dtmf-collected.lab-1-dtmf-collected',
    ],
    [
      'call.agent-missed',
      change('agent-missed', { interactions: [missed] }),
      `w.c-lab-1.automation-a.automation.${i1}.call-agent-missed.t${Date.parse(at)}`,
    ],
    ['call.ended', change('ended', { endedAt: at }), 'w.c-lab-1.automation-a.automation.call-ended'],
    [
      'session.written',
      written('crm', { 'ivr.email': 'a@b.example' }),
      'w.c-lab-1.automation-a.automation.session-written.w-1',
    ],
    [
      'session.written',
      written('flow', { 'app.choice': '1', 'app.flow.state': {} }),
      'w.c-lab-1.automation-a.automation.session-written.w-1',
    ],
  ] as const)('%s', (event, data, id) => {
    expect(plan(data, { id: 'a', on: [event], action: note }).ids).toEqual([id]);
  });

  it.each([
    ['what an automation wrote', written('automation', { 'ivr.email': 'a@b.example' })],
    ['what a flow notes of its steps', written('flow', { 'app.flow.state': {}, ...due() })],
    ['a change of the PBX', change('answered')],
  ])('session.written - is not %s', (_what, data) => {
    expect(plan(data, { id: 'a', on: ['session.written'], action: note }).ids).toEqual([]);
  });

  it('told twice, or again because of something late, it is the same work', () => {
    const on = ['call.answered', 'call.ivr-entered', 'call.queued'] as const;
    const first = plan(change('answered'), { id: 'a', on: [...on], action: note }).ids;
    const late = plan({ ...change('queued'), late: true }, { id: 'a', on: [...on], action: note }).ids;
    expect(first).toHaveLength(1);
    expect(late).toEqual(expect.arrayContaining(first));
    expect(new Set(late).size).toBe(late.length);
  });

  it('sites get no more moments than before', () => {
    const missed = { ...session.interactions[0], state: 'missed', endedAt: at } as never;
    const late = { ...change('ivr-entered', { interactions: [missed] }), late: true } as const;
    expect(siteMomentsOfChange(change('dtmf-collected'))).toEqual([]);
    expect(siteMomentsOfChange(late).map(({ cause }) => cause)).toEqual(['offered', 'queued', 'answered']);
    expect(momentsOfChange(late).map(({ cause }) => cause)).toEqual([
      'offered',
      'queued',
      'answered',
      'agent-missed',
      'ivr-entered',
    ]);
  });

  it('only calls of its campaigns', () => {
    const config = configOf({ id: 'a', on: ['call.answered'], campaigns: ['spring'], action: note });
    const campaign = (id: string) =>
      new Map([[id, { id, name: id, match: { queues: [], dids: [], pointsOfContact: [], channels: [] } } as never]]);
    const jobsOf = (id: string) =>
      planOfChange(change('answered'), { config: { ...config, campaign: campaign(id) }, heardAt }).jobs;
    expect(jobsOf('spring')).toHaveLength(1);
    expect(jobsOf('autumn')).toHaveLength(0);
  });

  it.each([
    ['fires', { 'ivr.premium': true }, {}, 1],
    ['does not fire', { 'ivr.premium': false }, {}, 0],
    ['inverted', { 'ivr.premium': true }, { invert: true }, 0],
    ['inverted, does not fire', { 'ivr.premium': false }, { invert: true }, 1],
    ['switched off', { 'ivr.premium': true }, { enabled: false }, 0],
    ['of a trigger that is gone', { 'ivr.premium': true }, { trigger: 'gone', invert: true }, 0],
  ])('its trigger %s', (_what, data, use, count) => {
    const when = { trigger: 'premium', ...use };
    expect(plan(change('answered', { data }), { id: 'a', on: ['call.answered'], when, action: note }).ids).toHaveLength(
      count,
    );
  });

  it('a disposition - recorded once, and each change of it, with its values', () => {
    const action = set('app.said', '{event.disposition.name}, was {event.previous.name|nothing}');
    const config = configOf({ id: 'a', on: ['disposition.recorded', 'disposition.changed'], action });
    const value = { optionId: 'sold', name: 'Sold' };
    const data = { dispositionId: 'i-lab-1', callId: 'c-lab-1', session, disposition: value, changes: 1 };
    const of = (event: ReturnType<typeof disposed>) =>
      planOfHappening(happeningOfDisposition(event), { config, heardAt }).jobs[0];
    const previous = { optionId: 'later', name: 'Later' };
    expect(of(disposed(data))).toMatchObject({
      workId: 'w.c-lab-1.automation-a.automation.disposition-recorded.i-lab-1',
      changes: { 'app.said': 'Sold, was nothing' },
    });
    expect(of(disposed({ ...data, changes: 2, previous }))).toMatchObject({
      workId: 'w.c-lab-1.automation-a.automation.disposition-changed.i-lab-1.r2',
      changes: { 'app.said': 'Sold, was Later' },
    });
  });

  it('an event of one’s own - with its values, one step deeper, and not for ever', () => {
    const values = { id: '{event.track_id}', from: '{event.name}' };
    const action = { type: 'event', name: 'told', values } as const;
    const config = configOf({ id: 'a', on: ['custom.order-shipped'], action });
    const of = (depth: number) => planOfHappening(happeningOfCustom(raised({ depth, session })), { config, heardAt });
    expect(of(1).jobs).toMatchObject([
      {
        kind: 'event',
        event: { name: 'told', values: { id: 'T-4711', from: 'custom.order-shipped' }, depth: 2, callId: 'c-lab-1' },
      },
    ]);
    expect(of(4).jobs).toHaveLength(1);
    expect(of(5)).toMatchObject({ jobs: [], notes: [{ automation: 'a', note: expect.stringContaining('5 events') }] });
  });

  it('without a call - variables have nowhere to go, a workflow is started all the same', () => {
    const on = ['custom.order-shipped'] as const;
    const config = configOf(
      { id: 'a', on: [...on], action: note },
      { id: 'b', on: [...on], action: { type: 'crm-workflow', workflow: 'note', input: { text: '{event.track_id}' } } },
    );
    const { jobs, notes } = planOfHappening(happeningOfCustom(raised()), { config, heardAt });
    expect(jobs).toMatchObject([{ kind: 'workflow', workflowId: 'note', input: { text: 'T-4711' } }]);
    expect(notes.map(({ automation }) => automation)).toEqual(['a']);
  });
});

describe('automations - of a flow', () => {
  const http = { type: 'http', url: 'https://crm.example/ask', egress: {} } as const;
  it('each passage is a run of its own; a flow that waits is told which', () => {
    const enter = { ...passage, automation: 'note', position: 'enter', occurrence: 'p-0' };
    const { jobs } = plan(
      written('flow', due(enter, passage)),
      { id: 'ask', action: http },
      { id: 'note', action: note },
    );
    expect(jobs.map(({ workId, automation }) => [workId, automation])).toEqual([
      ['w.c-lab-1.automation-ask.automation.p-1', { id: 'ask', run: 'p-1' }],
      ['w.c-lab-1.automation-note.automation.p-0', { id: 'note' }],
    ]);
  });

  it('what was due before is not due again by another write of the flow, and rubbish is nothing', () => {
    const data = { ...due(passage), 'app.choice': 1 };
    const by = { kind: 'flow' as const };
    const again = { ...written('flow', data), written: { by, names: ['app.choice'] } };
    expect(plan(again, { id: 'ask', action: http }).ids).toEqual([]);
    expect(plan(written('crm', due(passage)), { id: 'ask', action: http }).ids).toEqual([]);
    expect(
      plan(written('flow', { 'app.flow.due': [null, { automation: 4 }] }), { id: 'ask', action: http }).ids,
    ).toEqual([]);
    const gone = plan(written('flow', due(passage)), { id: 'other', action: http });
    expect(gone).toMatchObject({ ids: [], notes: [{ automation: 'ask' }] });
  });

  it.each([
    ['its trigger does not fire', { when: 'premium' }],
    ['it is switched off', { enabled: false }],
  ])('%s - a flow that waits is told that it is skipped', (_what, more) => {
    const { jobs, outcomes } = plan(written('flow', due(passage)), { id: 'ask', action: http, ...more });
    expect(jobs).toEqual([]);
    expect(outcomes).toMatchObject([
      {
        kind: 'variables',
        workId: 'w.c-lab-1.automation-ask.automation.p-1-skipped',
        changes: { 'app.automations.ask': { run: 'p-1', outcome: 'skipped' } },
      },
    ]);
    const enter = { ...passage, position: 'enter' };
    expect(plan(written('flow', due(enter)), { id: 'ask', action: http, ...more }).outcomes).toEqual([]);
  });
});

describe('automations - their order', () => {
  it('the highest priority first, of equal ones by id, and those after a write see it', () => {
    const on = ['call.answered'] as const;
    const { jobs } = plan(
      change('answered', { data: { 'ivr.tier': 'old' } }),
      { id: 'z', on: [...on], priority: 5, action: set('ivr.tier', 'gold') },
      { id: 'b', on: [...on], action: set('app.b', '{ivr.tier}') },
      { id: 'a', on: [...on], action: set('app.a', '{app.b|none} {ivr.tier}') },
      { id: 'y', on: [...on], priority: 9, action: set('app.y', '{ivr.tier}') },
      { id: 'w', on: [...on], priority: -1, when: 'premium', action: note },
      { id: 'x', on: [...on], priority: 6, action: { type: 'set-variables', variables: { 'ivr.premium': true } } },
    );
    expect(jobs.map((job) => job.kind === 'variables' && Object.values(job.changes)[0])).toEqual([
      'old',
      true,
      'gold',
      'none gold',
      'gold',
      'x',
    ]);
  });

  it('a write of a flow: what it sets off and what it came by are begun in one order', () => {
    const http = { type: 'http', url: 'https://crm.example/{app.tier}' } as const;
    const data = { ...due(passage), 'app.choice': 1 };
    const { jobs } = plan(
      written('flow', data),
      { id: 'ask', action: http },
      { id: 'tier', on: ['session.written'], priority: 1, action: set('app.tier', 'gold') },
    );
    expect(jobs).toMatchObject([{ kind: 'variables' }, { kind: 'request', url: 'https://crm.example/gold' }]);
  });
});

describe('automations - their work', () => {
  const answered = (
    action: AutomationInput['action'],
    data: Readonly<Record<string, unknown>> = {},
    more: Partial<AutomationInput> = {},
  ) => plan(change('answered', { data: { ...data } }), { id: 'a', on: ['call.answered'], action, ...more });

  it('an HTTP request - buckets, typed parameters, headers, each value encoded for its place', () => {
    const { jobs } = answered(
      {
        type: 'http',
        url: 'https://crm.example/c/{ivr.id}?q={ivr.q}&gone={ivr.gone}&e=x{ivr.gone}#f',
        buckets: ['ivr', 'event', 'agent'],
        parameters: { premium: '{ivr.premium}', 'nested.n': '{ivr.n}', text: 'is {ivr.n}', gone: '{ivr.gone}' },
        headers: { 'X-Name': '{call.from.name}', 'X-Gone': '{ivr.gone}' },
      },
      { 'ivr.id': 'a/b', 'ivr.q': 'x&y=z', 'ivr.premium': true, 'ivr.n': 7, 'app.flow.state': 'secret' },
    );
    const [job] = jobs;
    expect(job).toMatchObject({
      kind: 'request',
      method: 'POST',
      url: 'https://crm.example/c/a%2Fb?q=x%26y%3Dz&e=x',
      headers: { 'content-type': 'application/json', 'x-name': 'Jos%C3%A9 & Co' },
    });
    expect(job?.kind === 'request' && Object.keys(job.headers)).not.toContain('x-gone');
    expect(JSON.parse((job?.kind === 'request' && job.body) || '')).toMatchObject({
      ivr: { id: 'a/b', q: 'x&y=z', premium: true, n: 7 },
      event: { name: 'call.answered', at },
      agent: { id: '1001', name: 'Agent One' },
      premium: true,
      nested: { n: 7 },
      text: 'is 7',
      gone: null,
    });
  });

  it('an HTTP request - flat where there are only texts, and nothing of what a flow keeps', () => {
    const data = { 'app.a': 1, 'app.flow.state': 'internal' };
    const flat: Extract<AutomationInput['action'], { type: 'http' }> = {
      type: 'http',
      url: 'https://crm.example/',
      buckets: ['call', 'app'],
      format: 'urlencoded',
    };
    const { jobs } = answered(flat, data);
    const form = new URLSearchParams((jobs[0]?.kind === 'request' && jobs[0].body) || '');
    expect(Object.fromEntries(form)).toMatchObject({ 'call.from': '+14155550123', 'call.id': 'c-lab-1', 'app.a': '1' });
    expect([...form.keys()].filter((name) => name.startsWith('app.'))).toEqual(['app.a']);
    const get = answered({ ...flat, method: 'GET', url: 'https://crm.example/?call.id=own' }, data).jobs[0];
    const query = new URL((get?.kind === 'request' && get.url) || '').searchParams;
    expect([query.getAll('call.id'), query.get('call.from')]).toEqual([['own'], '+14155550123']);
    expect(get).not.toHaveProperty('body');
  });

  it('a path that would lead elsewhere is not sent', () => {
    const { jobs } = answered({ type: 'http', url: 'https://crm.example/c/{ivr.id}/x' }, { 'ivr.id': '..' });
    expect(jobs).toMatchObject([{ url: 'https://crm.example/', unsendable: { parameter: '{ivr.id}' } }]);
  });

  it('variables - types are kept, what is missing is deleted, what no session can hold is not written at all', () => {
    const variables = { 'app.n': '{ivr.n}', 'app.gone': '{ivr.gone}', 'app.fix': 5 };
    expect(answered({ type: 'set-variables', variables }, { 'ivr.n': 7 }).jobs).toMatchObject([
      { changes: { 'app.n': 7, 'app.gone': null, 'app.fix': 5 } },
    ]);
    const long = { 'ivr.long': 'x'.repeat(6000) };
    expect(answered(set('app.long', '{ivr.long}{ivr.long}'), long).jobs).toMatchObject([
      { changes: {}, unsendable: { parameter: 'app.long', message: expect.stringContaining('8192 bytes') } },
    ]);
  });

  it('a workflow - with the call as it is, and an entry of its own for each automation', () => {
    const action = { type: 'crm-workflow', workflow: 'note', input: { text: 'from {call.from.number}' } } as const;
    const on = ['call.answered'] as const;
    const { jobs } = plan(change('answered'), { id: 'a', on: [...on], action }, { id: 'b', on: [...on], action });
    expect(jobs).toMatchObject([
      {
        workId: 'w.c-lab-1.automation-a.automation.i-lab-1.call-answered',
        destination: { kind: 'automation', id: 'a' },
        workflowId: 'note',
        input: { text: 'from +14155550123' },
        session: { callId: 'c-lab-1' },
        entry: { key: 'a-c-lab-1-a-answered-i-lab-1', revision: 1 },
      },
      { workId: 'w.c-lab-1.automation-b.automation.i-lab-1.call-answered' },
    ]);
  });

  it('a workflow - what a caller entered can be no part of a query', () => {
    const search = { entity: 'Contact', filter: "LastName = '{ivr.name}'" };
    const action = { type: 'crm-workflow', workflow: 'note', input: { search } } as const;
    expect(answered(action, { 'ivr.name': 'Weber' }).jobs).toMatchObject([
      { input: { search: { filter: "LastName = 'Weber'" } } },
    ]);
    const { jobs } = answered(action, { 'ivr.name': "x' OR Name LIKE '%" });
    expect(jobs).toMatchObject([{ input: {}, unsendable: { message: expect.stringContaining('"{ivr.name}"') } }]);
    expect(JSON.stringify(jobs[0])).not.toMatch(/"unsendable":.*LIKE/);
  });

  it('when it is given up, by our own clock', () => {
    const { jobs } = answered(note, {}, { giveUpAfterSeconds: 60 });
    expect(jobs[0]?.notAfter).toBe('2026-11-20T23:42:26.000Z');
  });
});

describe('automations - mail', () => {
  const mailOf = (action: object, data: Readonly<Record<string, unknown>>) => {
    const email = { type: 'email', server: 'mail', to: ['{ivr.email}'], subject: 'Order', text: 'Hello', ...action };
    const automation = { id: 'a', on: ['call.answered'], action: email } as AutomationInput;
    const { jobs, notes } = plan(change('answered', { data: { ...data } }), automation);
    const [job] = jobs;
    if (job?.kind !== 'mail') throw new Error('no mail');
    return { ...job, notes };
  };

  it('goes to the mail server, whose automations are told apart', () => {
    expect(mailOf({}, { 'ivr.email': 'ann@example.com' })).toMatchObject({
      workId: 'w.c-lab-1.mail-mail.automation.i-lab-1.a.call-answered',
      destination: { kind: 'mail', id: 'mail' },
      mail: { to: ['ann@example.com'], cc: [], bcc: [] },
    });
  });

  it.each([
    ['missing', {}],
    ['empty', { 'ivr.email': '' }],
    ['two in one', { 'ivr.email': 'ann@example.com, eve@example.com' }],
    ['a second header', { 'ivr.email': 'ann@example.com\r\nBcc: eve@example.com' }],
  ])('an address that is %s is left out; without anybody it is not sent', (_what, data) => {
    const { mail, unsendable } = mailOf({}, data);
    expect(mail.to).toEqual([]);
    expect(unsendable).toEqual({ parameter: 'to', message: 'nobody to send it to' });
    expect(mailOf({ cc: ['boss@example.com'] }, data).unsendable).toBeUndefined();
  });

  it('a value within a link is a part of it, elsewhere it is as it is, and never a second line of the subject', () => {
    const data = { 'ivr.email': 'a@b.example', 'ivr.id': 'x/../?a=b\nc', 'ivr.link': 'https://shop.example/?a=1&b=2' };
    const { mail } = mailOf(
      { subject: 'No {ivr.id}', text: '{ivr.id}: https://shop.example/t/{ivr.id}?x={ivr.id} or {ivr.link}' },
      data,
    );
    expect(mail.subject).toBe('No x/../?a=b c');
    const encoded = encodeURIComponent(data['ivr.id']);
    expect(mail.text).toBe(
      `${data['ivr.id']}: https://shop.example/t/${encoded}?x=${encoded} or https://shop.example/?a=1&b=2`,
    );
  });

  it('HTML - values are escaped, and an attribute leads to no script', () => {
    const data = {
      'ivr.email': 'a@b.example',
      'ivr.name': '<b>&"',
      'ivr.bad': 'javascript:alert(1)',
      'ivr.good': 'https://a.example/?x=1&y',
    };
    const html =
      '<p title="{ivr.name}">{ivr.name}</p><a href="{ivr.bad}">x</a><a href="{ivr.good}">y</a><a href="https://s.example/{ivr.name}">z</a>';
    const { mail, notes } = mailOf({ html }, data);
    expect(mail.html).toBe(
      '<p title="&lt;b&gt;&amp;&quot;">&lt;b&gt;&amp;&quot;</p><a href="">x</a>' +
        '<a href="https://a.example/?x=1&amp;y">y</a><a href="https://s.example/%3Cb%3E%26%22">z</a>',
    );
    expect(JSON.stringify(notes)).toContain('ivr.bad');
    expect(JSON.stringify(notes)).not.toContain('alert');
  });
});
