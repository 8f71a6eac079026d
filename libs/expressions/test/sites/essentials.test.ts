import { describe, expect, it } from 'vitest';
import { disposition, facts, jsonValue, outside, post, rendered, session, siteOf } from './fixture.ts';

describe('samples of a test call', () => {
  it('win over what is known, by any name of the key', () => {
    const sample = {
      call: { phone: '+1', waitMs: 5 },
      campaign: { nombre: 'Sample' },
      contact: { city: 'X' },
      dialplan: { Omlcrmid: '9' },
    };
    const given = { ...facts, sample };
    expect(
      ['call.telefono', 'call.waitMs', 'campaign.name', 'contact.city', 'dialplan.Omlcrmid', 'call.ani'].map((what) =>
        jsonValue(what, given),
      ),
    ).toEqual(['+1', 5, 'Sample', 'X', '9', '+14155550123']);
  });

  it('a form is given as its fields, or written out already', () => {
    const fields = { ...facts, sample: { disposition: { form: { Motivo: 'ventá', n: 1 } } } };
    expect(jsonValue('disposition.form', fields)).toBe('eyJNb3Rpdm8iOiAidmVudFx1MDBlMSIsICJuIjogMX0');
    expect(jsonValue('disposition.form.n', fields)).toBe(1);
    expect(jsonValue('disposition.form', { ...facts, sample: { disposition: { form: 'eyJ9' } } })).toBe('eyJ9');
  });

  it('what JSON cannot hold is no value', () => {
    const given = { ...facts, sample: { variable: { a: Number.NaN, b: () => 1, c: 1n } } };
    expect(['a', 'b', 'c'].map((key) => jsonValue(`variable.${key}`, given))).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('a site without a parameter table', () => {
  it('is sent everything essential, and the variables as an object', () => {
    expect(JSON.parse(rendered(post('json'), []).body ?? '')).toEqual({
      event: 'answered',
      eventTime: '2026-11-20T23:41:25.200Z',
      tenantId: 'acme',
      callId: 'c-1',
      pbxCallId: '1559667982.424',
      interactionId: 'i-1',
      direction: 'inbound',
      state: 'talking',
      ani: '+14155550123',
      callerName: 'José & Co',
      dnis: '+12025550100',
      did: '+12025550100',
      contactId: '321321321',
      queue: 'support',
      agentId: '1001',
      agentName: 'Agent One',
      offeredAt: '2026-11-20T23:41:21.100Z',
      answeredAt: '2026-11-20T23:41:25.200Z',
      waitMs: 4100,
      ringMs: 2200,
      talkMs: 61_000,
      holdMs: 500,
      digits: '42',
      campaignId: '11',
      campaignName: 'Support',
      variables: session.variables,
    });
  });

  it('of a disposition it is sent that, its form and what it was before', () => {
    const { body } = rendered(post('json', { trigger: 'disposition' }), [], { ...disposition });
    expect(JSON.parse(body ?? '')).toMatchObject({
      dispositionId: 'sold',
      dispositionName: 'Sold',
      dispositionComments: 'at last',
      dispositionForm: { Motivo: 'ventá', n: 1, nested: ['a', 'b'] },
      previousDispositionId: 'later',
    });
    const { body: plain } = rendered(post('json', { trigger: 'disposition' }), [], {
      ...outside,
      cause: 'disposition',
    });
    expect(JSON.parse(plain ?? '')).not.toHaveProperty('variables');
  });

  it('in a query it is the same but for objects', () => {
    const query = new URL(rendered(siteOf({ url: 'https://crm.example/?key=1' }), []).url).searchParams;
    expect([query.get('key'), query.get('waitMs'), query.get('callerName'), query.has('variables')]).toEqual([
      '1',
      '4100',
      'José & Co',
      false,
    ]);
  });

  it('with samples it shows them', () => {
    const given = { ...facts, sample: { call: { ani: '+1' }, variable: { x: 1 } } };
    expect(JSON.parse(rendered(post('json'), [], given).body ?? '')).toMatchObject({
      ani: '+1',
      variables: { x: 1, 'ivr.premium': 'true' },
    });
  });
});
