import { describe, expect, it } from 'vitest';
import { externalSite, placeholderName, siteParameter } from '../src/index.ts';

/** What is wrong with one row of a parameter table, as its administrator is told. */
function issues(more: Readonly<Record<string, unknown>>): string[] {
  const parsed = siteParameter.safeParse({ family: 'call', key: 'ani', name: 'phone', ...more });
  return parsed.success ? [] : parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
}

describe('the name', () => {
  it.each(['', 'a b', 'ñ', 'a&b', 'a=b', 'a"b', '{}', '{a b}', '{1', '1}', 'x{1}', '{a.b}', 'a\r\nb', 'a\n'])(
    '%j - refused',
    (name) => {
      expect(issues({ name })).toEqual([
        'name: expected letters, digits, "-", "_", "." or ":", or a placeholder such as {1} or {idClient}',
      ]);
    },
  );

  it.each(['idClient', 'id-client_2', 'client.id', 'ns:id', 'ids[]', 'ids[0]', '{1}', '{idClient}'])(
    '%s - accepted',
    (name) => {
      expect(issues({ name })).toEqual([]);
    },
  );

  it('longer than 128 characters - refused', () => {
    expect(issues({ name: 'x'.repeat(129) })).toHaveLength(1);
    expect(issues({ name: 'x'.repeat(128) })).toEqual([]);
  });

  it.each([
    ['{1}', true],
    ['{idClient}', true],
    ['1', false],
    ['x{1}', false],
    ['{1}\n', false],
  ])('%j is a placeholder: %s', (name, expected) => {
    expect(placeholderName.test(name)).toBe(expected);
  });
});

describe('family and key', () => {
  it('a family that there is not - refused', () => {
    expect(issues({ family: 'agent' })[0]).toMatch(
      /^family: .*"campaign"\|"contact"\|"call"\|"fixed"\|"dialplan"\|"disposition"/,
    );
  });

  it.each(['campaign', 'contact', 'call', 'disposition', 'variable'])('no key in the family %s - refused', (family) => {
    expect(issues({ family, key: '' })).toEqual(['key: expected a key: only a fixed value may be empty']);
  });

  it('an empty fixed value - accepted', () => {
    expect(issues({ family: 'fixed', key: '' })).toEqual([]);
  });

  it.each(['customerid', 'Xomlcrmid', 'OMLCUSTOMDIALPLANVARS'])('the dialplan variable %s - refused', (key) => {
    expect(issues({ family: 'dialplan', key })).toEqual([
      'key: expected the name of a dialplan variable, which begins with "Omlcrm"',
    ]);
  });

  it.each(['Omlcrmcustomerid', 'OMLCRMID', 'omlcrmid'])('the dialplan variable %s - accepted', (key) => {
    expect(issues({ family: 'dialplan', key })).toEqual([]);
  });

  it('a key of more than 256 characters - refused', () => {
    expect(issues({ family: 'fixed', key: 'x'.repeat(257) })).toHaveLength(1);
    expect(issues({ family: 'fixed', key: 'x'.repeat(256) })).toEqual([]);
  });
});

describe('what happens without a value', () => {
  it('"default" without one - refused', () => {
    expect(issues({ missing: 'default' })).toEqual(['default: expected a text: missing is "default"']);
  });

  it.each([undefined, 'empty', 'omit', 'fail'])('a default with missing %s - refused', (missing) => {
    expect(issues({ missing, default: 'x' })).toEqual(['missing: expected "default", because a default is given']);
  });

  it.each([{ missing: 'empty' }, { missing: 'omit' }, { missing: 'fail' }, { missing: 'default', default: '' }])(
    '%j - accepted',
    (more) => {
      expect(issues(more)).toEqual([]);
    },
  );

  it('"null", which there is not - refused', () => {
    expect(issues({ missing: 'null' })).toHaveLength(1);
  });
});

it('a row holds nothing else', () => {
  expect(issues({ value: 'x' })).toHaveLength(1);
});

it('a table has at most 100 rows', () => {
  const rows = Array.from({ length: 101 }, (_, at) => ({ family: 'fixed', key: 'x', name: `n${at}` }));
  const site = { id: 'crm', name: 'CRM', url: 'https://crm.example' };
  expect(externalSite.safeParse({ ...site, parameters: rows }).success).toBe(false);
  expect(externalSite.safeParse({ ...site, parameters: rows.slice(1) }).success).toBe(true);
});
