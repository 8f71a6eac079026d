import { tlsSettings } from '@patchcord/contracts';
import type { SmtpBehaviour } from '@patchcord/testkit/smtp-server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Mail } from '../../src/index.ts';
import { tcpServer } from '../servers.ts';
import { aMail, certificates, type MailFixture, mailFixture, settings, told, verdict } from './fixture.ts';

let mail: MailFixture;
beforeEach(() => {
  mail = mailFixture();
});
afterEach(() => mail.stop());

const users = { shop: 's3cret' };
const login = { username: 'shop', password: 'pw' };

describe('mail - what a refusal means', () => {
  it.each<[SmtpBehaviour['at'], number, string]>([
    ['greeting', 421, 'transient smtp_421'],
    ['greeting', 554, 'permanent smtp_554'],
    ['login', 454, 'transient smtp_454'],
    ['login', 535, 'permanent mail_login_refused'],
    ['sender', 451, 'transient smtp_451'],
    ['sender', 530, 'permanent smtp_530'],
    ['recipient', 450, 'transient smtp_450'],
    ['recipient', 550, 'permanent smtp_550'],
    ['message', 421, 'transient smtp_421'],
    ['message', 452, 'transient smtp_452'],
    ['message', 554, 'permanent smtp_554'],
  ])('at %s with %d: %s, and nothing of its text is told', async (at, answer, expected) => {
    await mail.server({ users, behaviour: { at, answer } });
    const outcome = await mail.send({}, login, { password: users.shop });
    expect(verdict(outcome)).toBe(expected);
    expect(told(outcome)).not.toMatch(/example\.com|Your order|welcome|s3cret/);
  });

  it('all recipients refused, one only for now: to be sent again', async () => {
    const server = await mail.server({ behaviour: { at: 'recipient', answer: 450, recipients: ['ana@example.com'] } });
    server.behave({ at: 'recipient', answer: 450 });
    expect(verdict(await mail.send({ cc: ['boss@example.com'] }))).toBe('transient smtp_450');
  });

  it('a wrong password, and one that nobody has set', async () => {
    await mail.server({ users });
    const wrong = await mail.send({}, login, { password: 'wr0ng' });
    expect(verdict(wrong)).toBe('permanent mail_login_refused');
    expect(told(wrong)).not.toMatch(/wr0ng|d3Iwbmc/);
    expect(verdict(await mail.send({}, login))).toBe('permanent secret_missing');
  });

  it('a user, but no login on offer', async () => {
    const server = await mail.server();
    expect(verdict(await mail.send({}, login, { password: 'x' }))).toBe('permanent mail_login_impossible');
    expect(server.messages).toEqual([]);
  });

  it('a message larger than the server takes', async () => {
    await mail.server({ maxSize: 2000 });
    expect(verdict(await mail.send({ text: 'x'.repeat(5000) }))).toBe('permanent mail_too_large');
  });
});

describe('mail - what a broken connection means', () => {
  it.each<[SmtpBehaviour['at'], string]>([
    ['greeting', 'transient connection_reset'],
    ['sender', 'transient connection_reset'],
    ['recipient', 'transient connection_reset'],
  ])('closed at %s: %s', async (at, expected) => {
    const server = await mail.server({ behaviour: { at, answer: 'close' } });
    expect(verdict(await mail.send())).toBe(expected);
    expect(server.messages).toEqual([]);
  });

  it('closed after the last byte: it may have arrived, and a repeat has the same Message-ID', async () => {
    const server = await mail.server({ behaviour: { at: 'message', answer: 'close', times: 1 } });
    expect(verdict(await mail.send())).toBe('transient mail_unconfirmed');
    expect(verdict(await mail.send())).toBe('taken 1');
    const ids = server.messages.map(({ parsed }) => parsed.messageId);
    expect(ids).toEqual(['<w-1@shop.example>', '<w-1@shop.example>']);
  });

  it('nobody listens', async () => {
    const server = await mail.server();
    await server.close();
    expect(verdict(await mail.send())).toBe('transient connection_refused');
  });

  it.each([
    ['a web server', 'HTTP/1.1 400 Bad Request\r\n\r\n', 'transient protocol_error'],
    ['one that never ends its line', 'x'.repeat(100_000), 'transient protocol_error'],
  ])('%s instead of a mail server', async (_name, greeting, expected) => {
    const server = await tcpServer((socket) => void socket.write(greeting));
    expect(verdict(await mail.send({}, { port: server.port }))).toBe(expected);
    await server.close();
  });
});

describe('mail - what TLS demands', () => {
  it('a server without STARTTLS, or with it stripped, gets neither password nor message', async () => {
    const server = await mail.server({ users });
    const starttls = { ...login, security: 'starttls' } as const;
    const outcome = await mail.send({}, starttls, { password: users.shop });
    expect(verdict(outcome)).toBe('permanent starttls_refused');
    expect(server.messages).toEqual([]);
  });

  it('a certificate of nobody known, and one of another host', async () => {
    const { ca, server: tls } = await certificates();
    await mail.server({ tls });
    expect(verdict(await mail.send({}, { security: 'starttls' }))).toMatch(/^permanent tls_(self_signed|unable)/);
    const elsewhere = { security: 'starttls', host: '127.0.0.2', tls: tlsSettings.parse({ ca }) } as const;
    const other = await mail.server({ tls, host: '127.0.0.2' });
    const outcome = await mail.send({}, { ...elsewhere, port: other.port });
    expect(verdict(outcome)).toBe('permanent tls_cert_altname_invalid');
  });

  it('a server that speaks in clear where TLS is expected', async () => {
    await mail.server();
    expect(verdict(await mail.send({}, { security: 'tls' }))).toBe('transient tls_handshake_failed');
  });

  it('mail in clear is refused without permission', async () => {
    const server = await mail.server();
    const refused = { ...settings(server.port), egress: { allowPlain: false, allowCidrs: ['127.0.0.0/8'] } };
    const outcome = await mail.mailer.send(aMail(), { server: refused });
    expect(verdict(outcome)).toBe('permanent plain_refused');
    expect(server.connections()).toBe(0);
  });
});

describe('mail - what cannot be sent', () => {
  it.each<[string, Partial<Mail>, string]>([
    ['from', { from: 'orders' }, 'mail_address_invalid'],
    ['to[1]', { to: ['ana@example.com', 'bob@evil.example, eve@evil.example'] }, 'mail_address_invalid'],
    ['to[0]', { to: [''] }, 'mail_address_invalid'],
    ['cc[0]', { cc: ['a@evil.example\r\nRCPT TO:<x@y.example>'] }, 'mail_address_invalid'],
    ['bcc[0]', { bcc: ['<a@evil.example'] }, 'mail_address_invalid'],
    ['replyTo', { replyTo: 'evil@127.1' }, 'mail_address_invalid'],
    ['to, cc', { to: [] }, 'mail_without_recipient'],
    ['Bcc', { headers: { Bcc: 'eve@evil.example' } }, 'mail_header_invalid'],
    ['Content-Type', { headers: { 'Content-Type': 'evil/x' } }, 'mail_header_invalid'],
    ['X-Order', { headers: { 'X-Order': '1\nBcc: eve@evil.example' } }, 'mail_header_invalid'],
    ['header name', { headers: { 'X: evil\r\nBcc': '1' } }, 'mail_header_invalid'],
  ])('%s is named, and not what stands there', async (named, wrong, code) => {
    const server = await mail.server();
    const outcome = await mail.send(wrong);
    expect(verdict(outcome)).toBe(`permanent ${code}`);
    expect(outcome.ok ? '' : outcome.failure.message).toContain(named);
    if (named !== 'header name') expect(told(outcome)).not.toContain('evil');
    expect(server.connections()).toBe(0);
  });
});
