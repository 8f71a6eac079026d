import type { Socket } from 'node:net';
import { eventually } from '@patchcord/testkit';
import type { SmtpBehaviour } from '@patchcord/testkit/smtp-server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Resolve } from '../../src/address-guard.ts';
import { type TestServer, tcpServer } from '../servers.ts';
import { aMail, certificates, type MailFixture, mailFixture, settings, verdict } from './fixture.ts';

let mail: MailFixture;
let scripted: TestServer | undefined;
beforeEach(() => {
  mail = mailFixture();
});
afterEach(async () => {
  await mail.stop();
  await scripted?.close();
  scripted = undefined;
});

const users = { shop: 's3cret' };
const login = { username: 'shop', password: 'pw' };

/** A server that greets and answers by the first word of each line; it is silent where it has no answer. */
function scriptedServer(answers: Readonly<Record<string, string>>): Promise<TestServer> {
  const answer = (socket: Socket, line: string): void => {
    const reply = answers[line.split(/[ :]/)[0]?.toUpperCase() ?? ''];
    if (reply !== undefined) socket.write(`${reply}\r\n`);
  };
  return tcpServer((socket) => {
    socket.write('220 scripted\r\n');
    socket.on('data', (data) => {
      for (const line of data.toString().split('\r\n')) answer(socket, line);
    });
  });
}

const ehlo = { EHLO: '250 scripted' };
const hello = { ...ehlo, MAIL: '250 ok', RCPT: '250 ok' };

describe('mail - a server that hangs is left at the deadline', () => {
  it.each<[SmtpBehaviour['at'], string]>([
    ['greeting', 'transient timeout'],
    ['login', 'transient timeout'],
    ['sender', 'transient timeout'],
    ['recipient', 'transient timeout'],
    ['message', 'transient mail_unconfirmed'],
  ])('at %s', async (at, expected) => {
    const server = await mail.server({ users, behaviour: { at, answer: 'hang' } });
    // All that comes before must fit in, also on a busy machine.
    const timeoutMs = at === 'message' ? 2500 : 400;
    const outcome = await mail.send({}, { ...login, timeoutMs }, { password: users.shop });
    expect(verdict(outcome)).toBe(expected);
    expect(outcome.durationMs).toBeGreaterThanOrEqual(timeoutMs - 1);
    expect(outcome.durationMs).toBeLessThan(timeoutMs + 2000);
    await eventually(() => server.open() === 0 || undefined);
  });

  it.each<[string, Record<string, string>, 'starttls' | 'none']>([
    ['EHLO', {}, 'none'],
    ['STARTTLS', { EHLO: '250-scripted\r\n250 STARTTLS' }, 'starttls'],
    ['the handshake', { EHLO: '250-scripted\r\n250 STARTTLS', STARTTLS: '220 go' }, 'starttls'],
    ['DATA', hello, 'none'],
  ])('after %s', async (_name, answers, security) => {
    scripted = await scriptedServer(answers);
    const outcome = await mail.send({}, { port: scripted.port, security, timeoutMs: 400 });
    expect(verdict(outcome)).toBe('transient timeout');
    expect(outcome.durationMs).toBeLessThan(2400);
    await eventually(() => scripted?.open() === 0 || undefined);
  });

  it('one that answers a little each time does not last longer', async () => {
    scripted = await tcpServer((socket) => {
      const drip = setInterval(() => socket.write('220-wait\r\n'), 20);
      socket.on('close', () => clearInterval(drip));
    });
    const outcome = await mail.send({}, { port: scripted.port, timeoutMs: 400 });
    expect(verdict(outcome)).toBe('transient timeout');
    await eventually(() => scripted?.open() === 0 || undefined);
  });

  it('one that reads nothing while a large message is written', async () => {
    scripted = await tcpServer((socket) => {
      socket.write('220 scripted\r\n');
      socket.on('data', (data) => {
        if (data.includes('EHLO')) socket.write('250 scripted\r\n');
        if (data.includes('MAIL') || data.includes('RCPT')) socket.write('250 ok\r\n');
        if (data.includes('DATA')) {
          socket.write('354 go\r\n');
          socket.pause();
        }
      });
    });
    const outcome = await mail.send({ text: 'x '.repeat(8_000_000) }, { port: scripted.port, timeoutMs: 2500 });
    expect(verdict(outcome)).toBe('transient timeout');
  });

  it('a resolver that never answers', async () => {
    const silent = mailFixture({ resolve: () => {} });
    const outcome = await silent.send({}, { host: 'mail.example', timeoutMs: 300 });
    expect(verdict(outcome)).toBe('transient timeout');
    await silent.stop();
  });
});

describe('mail - called off', () => {
  it('by its signal: before it begins, and at any time later', async () => {
    const server = await mail.server({ behaviour: { at: 'recipient', answer: 'hang' } });
    const gone = await mail.send({}, {}, { signal: AbortSignal.abort() });
    expect(verdict(gone)).toBe('own-trouble aborted');
    expect(server.connections()).toBe(0);
    const controller = new AbortController();
    const sending = mail.send({}, {}, { signal: controller.signal });
    await eventually(() => server.open() === 1 || undefined);
    controller.abort();
    expect(verdict(await sending)).toBe('own-trouble aborted');
    await eventually(() => server.open() === 0 || undefined);
    // Nothing of the first came later.
    expect(server.connections()).toBe(1);
  });

  it('under TLS the broken connection is nobody else’s error', async () => {
    const { server: tls } = await certificates();
    const server = await mail.server({ tls, behaviour: { at: 'message', answer: 'hang' } });
    const secure = settings(server.port, { security: 'starttls', tls: { verify: false, minVersion: 'TLSv1.2' } });
    const sending = mail.mailer.send(aMail(), { server: secure });
    await eventually(() => server.messages.length === 1 || undefined);
    mail.mailer.close();
    expect(verdict(await sending)).toBe('own-trouble aborted');
    await eventually(() => server.open() === 0 || undefined);
  });

  it('when the process stops; nothing is sent afterwards', async () => {
    const server = await mail.server({ behaviour: { at: 'greeting', answer: 'hang' } });
    const sending = mail.send();
    await eventually(() => server.open() === 1 || undefined);
    mail.mailer.close();
    expect(verdict(await sending)).toBe('own-trouble aborted');
    expect(verdict(await mail.send())).toBe('own-trouble aborted');
    expect(server.connections()).toBe(1);
  });
});

describe('mail - our own trouble with names', () => {
  it.each([
    ['EAI_AGAIN', 'own-trouble dns_unavailable'],
    ['ENOTFOUND', 'transient dns_not_found'],
  ])('%s', async (code, expected) => {
    const resolve: Resolve = (_name, _options, callback) => callback(Object.assign(new Error(code), { code }), []);
    const failing = mailFixture({ resolve });
    expect(verdict(await failing.send({}, { host: 'mail.example' }))).toBe(expected);
    await failing.stop();
  });
});
