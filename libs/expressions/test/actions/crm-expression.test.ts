import { describe, expect, it } from 'vitest';
import { renderCrmExpression, valuesScope } from '../../src/index.ts';

const rendered = (text: string, x: unknown) => renderCrmExpression(text, valuesScope({ x }));

describe('expressions of CRMs', () => {
  it.each([
    ["Name = '{x}'", 'Müller & Sons, 3rd', "Name = 'Müller & Sons, 3rd'"],
    ["Name = '{x}'", '--', "Name = '--'"],
    ['createdon gt {x}', '2026-11-20T10:00:00Z', 'createdon gt 2026-11-20T10:00:00Z'],
    ['amount < {x}', -12.5, 'amount < -12.5'],
    ['type:ticket tags:{x}', 'vip', 'type:ticket tags:vip'],
    ['active=true^state={x}', 'New', 'active=true^state=New'],
  ])('%s with %s', (text, x, value) => {
    expect(rendered(text, x)).toEqual({ ok: true, value });
  });

  it.each([
    ['a quote', "Name = '{x}'", "' OR Name != '"],
    ['a pattern', "Name LIKE '{x}'", '%'],
    ['a backslash', "Name = '{x}' OR Phone = '{x}'", '\\'],
    ['a condition', 'amount = {x} AND deleted = 0', '1 OR 1=1'],
    ['a comment that ended what came after it', 'contacts.amount = {x} AND contacts.deleted = 0', '1--'],
    ['the very field, which is equal to itself', 'contacts.amount = {x}', 'amount'],
    ['the very field, named otherwise', 'Account/Name eq {x}', 'account.NAME'],
    ['a script that ServiceNow runs', 'caller_id={x}', 'javascript:gs.getUserID'],
    ['nothing, which is equal to much', 'amount = {x}', ''],
  ])('refuse %s', (_, text, x) => {
    const { ok, ...said } = rendered(text, x);
    expect(ok).toBe(false);
    if (x.length > 2) expect(JSON.stringify(said)).not.toContain(x);
  });
});
