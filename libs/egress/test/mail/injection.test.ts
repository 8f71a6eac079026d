import { parseMailAddress } from '@patchcord/contracts';
import type { SmtpServer } from '@patchcord/testkit/smtp-server';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type MailFixture, mailFixture } from './fixture.ts';

let mail: MailFixture;
let server: SmtpServer;
beforeAll(async () => {
  mail = mailFixture();
  server = await mail.server();
});
afterAll(() => mail.stop());

const lines = ['\r', '\n', '\r\n', '\r\n\r\n', '\0', '\t', ' ', '\u2028', '\u0085', '\u000b', '\ud800', '\u202e'];
const signs = [',', ';', ':', '"', '\\', '(', ')', '<', '>', '@', '.', '..', '=', '--', 'a', 'é', '📦', 'x'.repeat(90)];
const words = [
  'Bcc: eve@evil.example',
  'Bcc:',
  '<eve@evil.example>',
  'eve@evil.example',
  '\r\n.\r\nMAIL FROM:<eve@evil.example>\r\nRCPT TO:<eve@evil.example>\r\nDATA\r\n',
  '=?utf-8?q?=0D=0ABcc:?=',
  '%0d%0a',
  'boundary="',
];
const pieces = [...lines, ...signs, ...words];
const nasty = fc.array(fc.constantFrom(...pieces), { maxLength: 8 }).map((parts) => parts.join(''));
const wild = fc.oneof(nasty, fc.string({ unit: 'binary', maxLength: 40 }));
const around = (value: string): fc.Arbitrary<string> => fc.tuple(wild, wild).map(([a, b]) => `${a}${value}${b}`);
const good = ['ana@example.com', 'Ána 📦 <ana@example.com>', '"A: \\" <x@y.example>, b" <bob@example.com>'];
const address = fc.oneof(
  { arbitrary: fc.constantFrom(...good), weight: 8 },
  { arbitrary: fc.oneof(around('ana@example.com'), around('Ana <ana@example.com>'), nasty), weight: 1 },
);
const headers = fc.oneof(
  { arbitrary: fc.dictionary(fc.constant('X-Note'), fc.string({ unit: 'grapheme' })), weight: 4 },
  { arbitrary: fc.dictionary(fc.oneof(fc.constant('X-Note'), nasty), wild, { maxKeys: 2 }), weight: 1 },
);

const known = new Set(
  'from to cc reply-to subject message-id auto-submitted date mime-version content-type content-transfer-encoding'.split(
    ' ',
  ),
);
const domainOf = (text: string): string | undefined => parseMailAddress(text)?.address;

it('mail - whatever stands in it, a message has only the headers and the recipients that were meant', async () => {
  const message = fc.record({
    to: fc.array(address, { minLength: 1, maxLength: 2 }),
    cc: fc.array(address, { maxLength: 1 }),
    replyTo: fc.option(address, { nil: undefined }),
    subject: wild,
    text: fc.option(wild, { nil: undefined }),
    html: fc.option(wild, { nil: undefined }),
    messageId: wild,
    headers,
  });
  let taken = 0;
  await fc.assert(
    fc.asyncProperty(message, async (wanted) => {
      const before = server.messages.length;
      const outcome = await mail.send(wanted);
      const arrived = server.messages.slice(before);
      if (!outcome.ok) {
        expect(outcome.failure.code).toMatch(/^mail_(address|header)_invalid$/);
        expect(arrived).toEqual([]);
        return;
      }
      taken += 1;
      expect(arrived).toHaveLength(1);
      const [got] = arrived;
      const meant = new Set([...wanted.to, ...wanted.cc].map(domainOf));
      expect(new Set(got?.recipients)).toEqual(meant);
      const names = got?.parsed.headers.map(({ key }) => key) ?? [];
      const own = Object.keys(wanted.headers).map((name) => name.toLowerCase());
      expect(names.filter((name) => !known.has(name) && !own.includes(name))).toEqual([]);
      expect(got?.parsed.bcc).toBeUndefined();
      expect(names.filter((name) => name === 'subject').length).toBeLessThanOrEqual(1);
    }),
    { numRuns: 300 },
  );
  expect(taken).toBeGreaterThan(50);
});
