import { tlsSettings } from '@patchcord/contracts';
import { eventually } from '@patchcord/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { certificates, type MailFixture, mailFixture, verdict } from './fixture.ts';

let mail: MailFixture;
beforeEach(() => {
  mail = mailFixture();
});
afterEach(() => mail.stop());

const users = { shop: 's3cret with ünïcode' };
const secured = async () => {
  const { ca, server } = await certificates();
  return { tls: server, trusting: tlsSettings.parse({ ca }) };
};

describe('mail - by STARTTLS and TLS', () => {
  it('logs in after STARTTLS, by the name of the host, and says good-bye', async () => {
    const { tls, trusting } = await secured();
    const server = await mail.server({ tls, users });
    const settings = {
      security: 'starttls',
      host: 'localhost',
      username: 'shop',
      password: 'pw',
      tls: trusting,
    } as const;
    const outcome = await mail.send({}, settings, { password: users.shop });
    expect(verdict(outcome)).toBe('taken 1');
    expect(server.messages).toMatchObject([{ secure: true, user: 'shop', servername: 'localhost' }]);
    await eventually(() => server.open() === 0 || undefined);
  });

  it('speaks TLS from the first byte, and checks an address against the certificate where there is no name', async () => {
    const { tls, trusting } = await secured();
    const server = await mail.server({ tls, implicitTls: true });
    expect(verdict(await mail.send({}, { security: 'tls', tls: trusting }))).toBe('taken 1');
    expect(server.messages).toMatchObject([{ secure: true, servername: undefined }]);
  });

  it('in clear, where that is allowed, nothing is encrypted though the server could', async () => {
    const { tls } = await secured();
    const server = await mail.server({ tls });
    expect(verdict(await mail.send())).toBe('taken 1');
    expect(server.messages[0]?.secure).toBe(false);
  });

  it('without verification any certificate will do', async () => {
    const { tls } = await secured();
    await mail.server({ tls });
    const strict = await mail.send({}, { security: 'starttls' });
    expect(verdict(strict)).toMatch(/^permanent tls_/);
    const outcome = await mail.send({}, { security: 'starttls', tls: tlsSettings.parse({ verify: false }) });
    expect(verdict(outcome)).toBe('taken 1');
  });
});

describe('mail - what arrives', () => {
  it('is read as it was meant, in whatever letters', async () => {
    const server = await mail.server();
    const outcome = await mail.send({
      from: '"Bestellungen, Köln" <orders@müller.example>',
      to: ['Łukasz Żółć <lukasz@example.com>', 'ana@example.com'],
      cc: ['Ana <ana@example.com>', 'boss@example.com'],
      bcc: ['archive@example.com'],
      replyTo: 'Hilfe <help@shop.example>',
      subject: 'Bestellung №42 ist da 📦: grüße\r\nBcc: evil@example.com',
      text: '.\nGrüße aus Köln\n..zwei Punkte\n.\n',
      html: '<p>Grüße aus <b>Köln</b> 📦</p>',
      headers: { 'X-Order': 'Nº 42' },
    });
    expect(verdict(outcome)).toBe('taken 4');
    const [got] = server.messages;
    // The server shows it in letters again.
    expect(got?.sender).toBe('orders@müller.example');
    expect(got?.recipients).toEqual([
      'lukasz@example.com',
      'ana@example.com',
      'boss@example.com',
      'archive@example.com',
    ]);
    expect(got?.parsed).toMatchObject({
      from: { name: 'Bestellungen, Köln', address: 'orders@xn--mller-kva.example' },
      to: [{ name: 'Łukasz Żółć', address: 'lukasz@example.com' }, { address: 'ana@example.com' }],
      cc: [{ name: 'Ana', address: 'ana@example.com' }, { address: 'boss@example.com' }],
      replyTo: [{ name: 'Hilfe', address: 'help@shop.example' }],
      subject: 'Bestellung №42 ist da 📦: grüße Bcc: evil@example.com',
      messageId: '<w-1@xn--mller-kva.example>',
    });
    expect(got?.parsed.text?.replaceAll('\r\n', '\n').trim()).toBe('.\nGrüße aus Köln\n..zwei Punkte\n.');
    expect(got?.parsed.html?.trim()).toBe('<p>Grüße aus <b>Köln</b> 📦</p>');
    expect(got?.parsed.attachments).toEqual([]);
    expect(got?.source).toContain('<orders@xn--mller-kva.example>');
    expect(got?.source).not.toContain('archive@example.com');
    const headers = Object.fromEntries(got?.parsed.headers.map(({ key, value }) => [key, value]) ?? []);
    expect(headers['auto-submitted']).toBe('auto-generated');
    expect(headers['x-order']).toContain('UTF-8');
  });

  it('has the same Message-ID when it is sent again, whatever the id is made of', async () => {
    const server = await mail.server();
    for (const messageId of ['w.c-1.mail', 'w.c-1.mail', 'a b>\r\nX: y', 'a b>\r\nX: y'])
      await mail.send({ messageId });
    const [one, again, odd, oddAgain] = server.messages.map(({ parsed }) => parsed.messageId);
    expect(one).toBe('<w.c-1.mail@shop.example>');
    expect(again).toBe(one);
    expect(odd).toMatch(/^<[0-9a-f]{64}@shop\.example>$/);
    expect(oddAgain).toBe(odd);
  });

  it('texts that look like files and URLs are texts', async () => {
    const server = await mail.server();
    const html =
      '<img src="file:///etc/passwd"><img src="http://127.0.0.1:1/x.png"><img src="data:image/png;base64,AAAA">';
    expect(verdict(await mail.send({ text: '/etc/passwd', html }))).toBe('taken 1');
    expect(server.messages[0]?.parsed).toMatchObject({ text: expect.stringContaining('/etc/passwd'), attachments: [] });
    expect(server.messages[0]?.parsed.html).toContain('file:///etc/passwd');
  });

  it('goes to those whom the server takes; of the others the field is told and not the address', async () => {
    const server = await mail.server({
      behaviour: { at: 'recipient', answer: 550, recipients: ['gone@example.com', 'lost@example.com'] },
    });
    const cc = ['gone@example.com', 'boss@example.com'];
    const outcome = await mail.send({ cc, bcc: ['lost@example.com'] });
    expect(outcome).toMatchObject({
      ok: true,
      accepted: 2,
      refused: [
        { field: 'cc[0]', code: 'smtp_550' },
        { field: 'bcc[0]', code: 'smtp_550' },
      ],
    });
    expect(server.messages[0]?.recipients).toEqual(['ana@example.com', 'boss@example.com']);
    expect(JSON.stringify(outcome)).not.toContain('example.com');
  });
});
