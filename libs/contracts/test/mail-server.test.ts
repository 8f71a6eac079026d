import { describe, expect, it } from 'vitest';
import { configKinds, configSchemas, eventIssues, parseMailAddress } from '../src/index.ts';

const server = { id: 'orders', name: 'Orders', host: 'smtp.example.com', from: 'Orders <orders@example.com>' };

describe('mail server', () => {
  it('demands TLS by default', () => {
    expect(configSchemas['mail-server'].parse(server)).toMatchObject({
      port: 587,
      security: 'starttls',
      timeoutMs: 10_000,
      concurrency: 5,
      tls: { verify: true },
      egress: { allowPlain: false, allowCidrs: [] },
    });
  });

  it('is known before what may name it', () => {
    expect(configKinds.indexOf('mail-server')).toBeLessThan(configKinds.indexOf('trigger'));
  });

  it.each([
    [{ security: 'none' }, 'security'],
    [{ security: 'none', egress: { allowHttp: true } }, 'egress'],
    [{ username: 'shop' }, 'password'],
    [{ password: 'shop-password' }, 'username'],
    [{ from: 'Orders' }, 'from'],
    [{ from: 'Orders <orders@example.com>\r\nBcc: eve@example.com' }, 'from'],
    [{ host: 'smtp://smtp.example.com' }, 'host'],
    [{ host: '[::1]' }, 'host'],
    [{ port: 0 }, 'port'],
  ])('%j is refused at %s', (wrong, path) => {
    const parsed = configSchemas['mail-server'].safeParse({ ...server, ...wrong });
    expect(parsed.success ? [] : eventIssues(parsed.error).map((issue) => issue.path)).toContain(path);
  });

  it('in clear only where that is said twice', () => {
    const plain = { ...server, security: 'none', egress: { allowPlain: true } };
    expect(configSchemas['mail-server'].safeParse(plain).success).toBe(true);
  });
});

describe('the text of a mailbox', () => {
  it.each([
    ['ana@example.com', { address: 'ana@example.com' }],
    ['  <ana@example.com> ', { address: 'ana@example.com' }],
    ['Ana Ní Ó <a.b+c@Example.COM>', { name: 'Ana Ní Ó', address: 'a.b+c@example.com' }],
    ['"Orders, \\"Ltd\\"" <o@example.com>', { name: 'Orders, "Ltd"', address: 'o@example.com' }],
    ['o@müller.example', { address: 'o@xn--mller-kva.example' }],
    ['root@mailhost', { address: 'root@mailhost' }],
  ])('%s', (text, expected) => {
    expect(parseMailAddress(text)).toEqual(expected);
  });

  it.each([
    '',
    'ana',
    '@example.com',
    'ana@',
    'ana@@example.com',
    'a b@example.com',
    '.a@example.com',
    'a..b@example.com',
    'ana@example..com',
    'ana@-x.example',
    'ana@[127.0.0.1]',
    'ana@127.0.0.1',
    'ana@0x7f.1',
    'ana@example.com.',
    'a@x.example, b@x.example',
    'a@x.example;b@x.example',
    'Team: a@x.example;',
    'Ana <a@x.example> <b@x.example>',
    'a@x.example (comment)',
    'a@x.example\r\n',
    'a@x.example\0',
    'A\nB <a@x.example>',
    'A\u2028B <a@x.example>',
    '\u202eA <a@x.example>',
    '"A <a@x.example>',
    'b@y.example <a@x.example>',
    'ana@x.example/y',
    'ana@x.example?y',

    `${'a'.repeat(65)}@x.example`,
    `a@${'x'.repeat(64)}.example`,
    `${'A'.repeat(600)} <a@x.example>`,
    'é@x.example',
  ])('%j is none', (text) => {
    expect(parseMailAddress(text)).toBeUndefined();
  });
});
