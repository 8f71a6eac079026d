import { describe, expect, it } from 'vitest';
import { parameterCatalogue, renderServerRequest, type SiteFacts } from '../../src/index.ts';
import {
  customers,
  disposition,
  facts,
  jsonValue,
  outside,
  part,
  post,
  recordingFile,
  session,
  withSession,
} from './fixture.ts';

it.each([
  // Campaign: names of the source, of the manual, and ours.
  ['campaign.id', '11'],
  ['campaign.name', 'Support'],
  ['campaign.nombre', 'Support'],
  ['campaign.type', 'Inbound'],
  ['campaign.tipo', 'Inbound'],
  ['campaign.externalId', 'C-11'],
  // Call.
  ['call.call_id', 'c-1'],
  ['call.agent_id', '1001'],
  ['call.agent_username', 'one'],
  ['call.agent_name', 'Agent One'],
  ['call.telefono', '+14155550123'],
  ['call.phone', '+14155550123'],
  ['call.id_contacto', '321321321'],
  ['call.contact_id', '321321321'],
  ['call.rec_filename', recordingFile],
  ['call.call_wait_duration', 4],
  ['call.datetime', '2026-11-20T23:41:21.100Z'],
  ['call.event', 'answered'],
  ['call.eventTime', '2026-11-20T23:41:25.200Z'],
  ['call.tenantId', 'acme'],
  ['call.callId', 'c-1'],
  ['call.pbxCallId', '1559667982.424'],
  ['call.pbxId', 'lab'],
  ['call.interactionId', 'i-1'],
  ['call.direction', 'inbound'],
  ['call.state', 'talking'],
  ['call.ani', '+14155550123'],
  ['call.callerName', 'José & Co'],
  ['call.dnis', '+12025550100'],
  ['call.did', '+12025550100'],
  ['call.queue', 'support'],
  ['call.agentId', '1001'],
  ['call.agentName', 'Agent One'],
  ['call.agentExternalId', 'A-1'],
  ['call.offeredAt', '2026-11-20T23:41:21.100Z'],
  ['call.ringingAt', '2026-11-20T23:41:23.000Z'],
  ['call.answeredAt', '2026-11-20T23:41:25.200Z'],
  ['call.endedAt', undefined],
  ['call.durationMs', undefined],
  ['call.waitMs', 4100],
  ['call.ringMs', 2200],
  ['call.talkMs', 61_000],
  ['call.holdMs', 500],
  ['call.holds', 1],
  ['call.digits', '42'],
  ['call.recordingId', 'r-1'],
  ['call.recordingLocation', `/var/spool/${recordingFile}`],
  ['call.recordingUrl', undefined],
  ['call.constructor', undefined],
  // The others.
  ['contact.city', 'Córdoba'],
  ['contact.contact_id', '321321321'],
  ['contact.external_id', 'X-9'],
  ['contact.toString', undefined],
  ['fixed.José & "Co"', 'José & "Co"'],
  ['variable.ivr.premium', 'true'],
  ['variable.__proto__', undefined],
  ['dialplan.Omlcrmcustomerid', '4711'],
  ['dialplan.OMLCRMCUSTOMERID', '4711'],
  ['dialplan.omlcrmother', undefined],
  ['disposition.id', undefined],
])('%s - %j', (what, expected) => {
  expect(jsonValue(what)).toEqual(expected);
});

it('every key of the catalogue is read, under all its names', () => {
  const full: SiteFacts = {
    ...disposition,
    session: {
      ...session,
      outcome: 'answered',
      endedAt: '2026-11-20T23:45:00.000Z',
      endedBy: 'customer',
      endReason: 'hangup',
      recordings: [
        { recordingId: 'r-1', legId: 'l-2', location: 'https://rec.example/a.wav', startedAt: session.offeredAt ?? '' },
      ],
    },
    disposition: {
      ...disposition.disposition,
      value: disposition.disposition?.value,
      previous: { ...disposition.disposition?.previous, comments: 'x' },
    } as SiteFacts['disposition'] & {},
  };
  const named = parameterCatalogue.filter(({ key }) => !key.includes('<'));
  const silent = named.flatMap(({ family, key, aliases, type }) =>
    [key, ...aliases].filter(
      (name) => typeof jsonValue(`${family}.${name}`, full) !== (type === 'number' ? 'number' : 'string'),
    ),
  );
  expect(silent).toEqual([]);
  expect(named.length).toBeGreaterThan(45);
});

describe('campaign', () => {
  it.each([
    ['inbound', 'Inbound'],
    ['preview', 'Preview'],
    ['predictive', 'Dialer'],
    ['manual', 'Manual'],
  ] as const)('the type %s is sent as %s', (type, label) => {
    expect(jsonValue('campaign.tipo', { ...facts, campaign: { ...facts.campaign, type } })).toBe(label);
  });
});

describe('call', () => {
  it('the phone of an outbound call is the number that was dialled', () => {
    expect(jsonValue('call.phone', withSession({ direction: 'outbound' }))).toBe('+12025550100');
  });

  it.each([
    ['/var/spool/a.wav', 'a.wav'],
    ['C:\\rec\\a b.wav', 'a b.wav'],
    ['a.wav', 'a.wav'],
    ['https://rec.example/2026/a%20b.wav?token=secret#x', 'a b.wav'],
    ['https://rec.example/100%.wav', '100%.wav'],
  ])('the file of the recording %s is %s', (location, name) => {
    const recordings = [{ recordingId: 'r', legId: 'l-9', location, startedAt: session.offeredAt ?? '' }];
    expect(jsonValue('call.rec_filename', withSession({ recordings }))).toBe(name);
    expect(jsonValue('call.recordingUrl', withSession({ recordings }))).toBe(
      location.startsWith('https') ? location : undefined,
    );
  });

  it('of several recordings it is that of the part, and else the last', () => {
    const recordings = ['l-1', 'l-2', 'l-3'].map((legId) => ({
      recordingId: legId,
      legId,
      location: legId,
      startedAt: '2026-11-20T23:41:26.000Z',
    }));
    expect(jsonValue('call.recordingId', withSession({ recordings }))).toBe('l-2');
    expect(
      jsonValue('call.recordingId', {
        ...withSession({ recordings, interactions: [] }),
        interaction: { ...part, legId: 'l-7' },
      }),
    ).toBe('l-3');
  });

  it('without a part it is about the last that was answered; of the agent, if there is one', () => {
    const other = { ...part, interactionId: 'i-2', agent: { agentId: '1002', name: 'Agent Two' } };
    const { answeredAt: _answeredAt, ...missed } = { ...part, interactionId: 'i-3' };
    const { interaction: _gone, agent, ...rest } = withSession({ interactions: [part, other, missed] });
    expect(jsonValue('call.interactionId', { ...rest, agent: agent ?? { id: '' } })).toBe('i-1');
    expect([jsonValue('call.interactionId', rest), jsonValue('call.agentName', rest)]).toEqual(['i-2', 'Agent Two']);
  });

  it('an agent whom the configuration names otherwise - has that name; never the name of another', () => {
    expect(jsonValue('call.agent_name', { ...facts, agent: { id: '1001', name: 'Ana' } })).toBe('Ana');
    expect(jsonValue('call.agent_name', { ...facts, agent: { id: '2002' } })).toBeUndefined();
  });

  it('an external id of a system that the campaign does not use is not sent', () => {
    expect(
      jsonValue('call.agentExternalId', { ...facts, agent: { id: '1001', externalIds: { other: 'A-2' } } }),
    ).toBeUndefined();
  });

  it('a disposition outside a call has a cause and a time, and nothing of a call', () => {
    const given = { ...outside, cause: 'disposition' } as const;
    expect([jsonValue('call.event', given), jsonValue('call.datetime', given)]).toEqual([
      'disposition',
      facts.occurredAt,
    ]);
    expect([jsonValue('call.callId', given), jsonValue('call.phone', given), jsonValue('variable.x', given)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('contact', () => {
  it('a column called contact_id or external_id goes before ours, also when it is empty', () => {
    const values = { contact_id: 'their own' };
    const contact = { contactId: '1', databaseId: 'd', externalId: 'X', values };
    expect(jsonValue('contact.contact_id', { ...facts, contact })).toBe('their own');
    const database = { columns: ['contact_id', 'external_id'] };
    expect(jsonValue('contact.external_id', { ...facts, contact, database })).toBeUndefined();
    expect(jsonValue('contact.external_id', { ...facts, contact, database: customers })).toBe('X');
  });

  it('no contact, or several - no value', () => {
    const { contact: _none, ...rest } = facts;
    expect([
      jsonValue('contact.city', rest),
      jsonValue('contact.contact_id', rest),
      jsonValue('call.contact_id', rest),
    ]).toEqual([undefined, undefined, undefined]);
  });
});

describe('dialplan', () => {
  const dialplan = (key: string, variables: Record<string, string>): unknown =>
    jsonValue(`dialplan.${key}`, withSession({ variables }));

  it.each([
    ['no list - all', {}, '4711'],
    ['an empty list - all', { OMLCUSTOMDIALPLANVARS: '' }, '4711'],
    ['a list that names it', { OMLCUSTOMDIALPLANVARS: 'Omlcrmplan&Omlcrmid' }, '4711'],
    ['a list that names it in another case', { omlcustomdialplanvars: 'OMLCRMID' }, '4711'],
    ['a list that names others', { OMLCUSTOMDIALPLANVARS: 'Omlcrmplan&Omlcrmid2' }, undefined],
  ] as const)('%s', (_what, list, expected) => {
    expect(dialplan('Omlcrmid', { Omlcrmid: '4711', ...list })).toBe(expected);
  });

  it.each(['omlcrmid', 'OMLCRMID', '_Omlcrmid', '__OmlCrmId'])('the variable %s is found', (name) => {
    expect(dialplan('Omlcrmid', { [name]: '1' })).toBe('1');
  });

  it('of two that differ in case it is the one that is written so', () => {
    expect(dialplan('OmlCrmId', { Omlcrmid: '1', OmlCrmId: '2' })).toBe('2');
  });
});

describe('disposition', () => {
  it.each([
    ['id', 'sold'],
    ['name', 'Sold'],
    ['comments', 'at last'],
    ['previous_id', 'later'],
    ['previous_name', 'Call again'],
    ['previous_comments', undefined],
    ['form.Motivo', 'ventá'],
    ['form.n', 1],
    ['form.nested', ['a', 'b']],
    ['form.constructor', undefined],
    ['previous_form.Motivo', 'no'],
    ['previous_form.n', undefined],
  ])('%s - %j', (key, expected) => {
    expect(jsonValue(`disposition.${key}`, disposition)).toEqual(expected);
  });

  it('the form is base64url without padding of what Python writes: the reference vector', () => {
    const form = { Motivo: 'ventá', n: 1 };
    const given: SiteFacts = { ...facts, disposition: { value: { optionId: 'a', name: 'A', form } } };
    expect(jsonValue('disposition.form', given)).toBe('eyJNb3Rpdm8iOiAidmVudFx1MDBlMSIsICJuIjogMX0');
  });

  it('a form with everything in it: the bytes of Python 3.12', () => {
    const form = { a: '\x7f€😀\n"\\/', b: [1, 2.5, true, null, { c: [] }], é: {} };
    const given: SiteFacts = { ...facts, disposition: { value: { optionId: 'a', name: 'A', form } } };
    const sent = String(jsonValue('disposition.form', given));
    expect(sent).toBe(
      'eyJhIjogIlx1MDA3Zlx1MjBhY1x1ZDgzZFx1ZGUwMFxuXCJcXC8iLCAiYiI6IFsxLCAyLjUsIHRydWUsIG51bGwsIHsiYyI6IFtdfV0sICJcdTAwZTkiOiB7fX0',
    );
    expect(JSON.parse(Buffer.from(sent, 'base64url').toString())).toEqual(form);
  });

  it('without a form it is empty, not missing; without a disposition it is missing', () => {
    const given: SiteFacts = { ...facts, disposition: { value: { optionId: 'a', name: 'A' } } };
    expect(jsonValue('disposition.form', given)).toBe('');
    expect(jsonValue('disposition.previous_form', given)).toBeUndefined();
    expect(jsonValue('disposition.form')).toBeUndefined();
  });
});

it('rendering reads facts and changes none', () => {
  const before = structuredClone(disposition);
  renderServerRequest(post('json'), [], disposition);
  expect(disposition).toEqual(before);
});
