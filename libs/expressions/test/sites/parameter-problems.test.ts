import { describe, expect, it } from 'vitest';
import { parameterProblems } from '../../src/index.ts';
import { customers, post, row, siteOf } from './fixture.ts';

const paths = (...args: Parameters<typeof parameterProblems>): string[] =>
  parameterProblems(...args).map(({ path, expected }) => `${path}: ${expected}`);

describe('a table that does not fit its site', () => {
  it('a placeholder that neither the URL nor a header has', () => {
    const site = siteOf({ url: 'https://crm.example/{1}#{1}', headers: { X: 'a{who}' } });
    expect(paths(site, [row('fixed.1 as {1}'), row('fixed.2 as {who}'), row('fixed.3 as {2}')])).toEqual([
      'parameters[2].name: a placeholder of the URL or of a header: there are {1}, {who}',
    ]);
    expect(paths(siteOf(), [row('fixed.1 as {1}')])).toEqual([
      'parameters[0].name: a placeholder of the URL or of a header: neither has any',
    ]);
  });

  it.each(['agent', 'automatic', 'server'])('a disposition with the trigger %s', (trigger) => {
    const site = siteOf({ trigger, target: trigger === 'server' ? 'none' : 'embedded' });
    expect(paths(site, [row('disposition.name as d')])).toEqual([
      `parameters[0].family: no "disposition": there is one only with the trigger "disposition", not with "${trigger}"`,
    ]);
  });

  it('a disposition with the trigger disposition fits', () => {
    const table = ['id', 'name', 'comments', 'form', 'previous_form', 'form.a.b'].map((key) =>
      row(`disposition.${key} as ${key}`),
    );
    expect(paths(post('json', { trigger: 'disposition' }), table)).toEqual([]);
  });

  it('a column that the contact database does not have', () => {
    const table = [
      row('contact.name as a'),
      row('contact.contact_id as b'),
      row('contact.external_id as c'),
      row('contact.Name as d'),
    ];
    expect(paths(siteOf(), table, customers)).toEqual([
      'parameters[3].key: a column of the contact database "customers": name, city, phone, contact_id, external_id',
    ]);
    expect(paths(siteOf(), table)).toEqual([]);
  });

  it.each([
    ['campaign.colour', 'parameters[0].key: one of id, name, type, externalId'],
    ['call.toString', expect.stringMatching(/^parameters\[0\]\.key: one of event, .*callId.*rec_filename/)],
    [
      'disposition.forms',
      expect.stringMatching(/^parameters\[0\]\.key: one of id, name, comments, form, .*form\.<field>/),
    ],
  ])('the key %s, which there is not', (what, expected) => {
    expect(paths(post('json', { trigger: 'disposition' }), [row(`${what} as v`)])).toEqual([expected]);
  });

  it('two parameters of one name', () => {
    expect(paths(siteOf(), [row('fixed.1 as a'), row('fixed.2 as b'), row('fixed.3 as a')])).toEqual([
      'parameters[2].name: a name of its own: parameters[0] has "a"',
    ]);
  });

  it('a name that the query of the URL has already - only where parameters go into the query', () => {
    const url = 'https://crm.example/?x=1&la%6Eg=es#?lang=1';
    expect(paths(siteOf({ url }), [row('fixed.en as lang')])).toEqual([
      'parameters[0].name: another name: "lang" is in the query of the URL already, and is not overwritten',
    ]);
    expect(paths(post('json', { url }), [row('fixed.en as lang')])).toEqual([]);
    expect(paths(siteOf({ url: 'https://crm.example/#?lang=1' }), [row('fixed.en as lang')])).toEqual([]);
  });

  it('several problems are told at once', () => {
    const table = [row('call.x as {1}'), row('disposition.y as {1}')];
    expect(parameterProblems(siteOf(), table).map(({ path }) => path)).toEqual([
      'parameters[0].name',
      'parameters[0].key',
      'parameters[1].name',
      'parameters[1].name',
      'parameters[1].key',
      'parameters[1].family',
    ]);
  });
});
