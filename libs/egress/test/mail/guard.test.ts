import type { LookupAddress } from 'node:dns';
import { afterEach, describe, expect, it } from 'vitest';
import { type MailFixture, mailFixture, verdict } from './fixture.ts';

let mail: MailFixture;
afterEach(() => mail.stop());

interface Asked {
  readonly host: string;
  /** Of the mail server. */
  readonly allowCidrs: string[];
  /** Of the operator. */
  readonly allowedCidrs?: string[];
  /** What a name resolves to. */
  readonly addresses?: string[];
}

async function asked({ host, allowCidrs, allowedCidrs, addresses }: Asked): Promise<[string, number]> {
  const found = addresses?.map((address): LookupAddress => ({ address, family: address.includes(':') ? 6 : 4 }));
  mail = mailFixture({
    allowedCidrs,
    ...(found === undefined ? {} : { resolve: (_name, _options, callback) => callback(null, found) }),
  });
  const server = await mail.server();
  const outcome = await mail.send({}, { host, timeoutMs: 3000, egress: { allowPlain: true, allowCidrs } });
  return [verdict(outcome), server.connections()];
}

const refused = ['permanent address_refused', 0];

describe('mail - addresses that are not public', () => {
  it.each<Asked>([
    { host: '127.0.0.1', allowCidrs: [] },
    { host: 'localhost', allowCidrs: [] },
    { host: '::1', allowCidrs: [] },
    { host: '::ffff:127.0.0.1', allowCidrs: ['127.0.0.0/8'] },
    { host: '169.254.169.254', allowCidrs: ['127.0.0.0/8'] },
    { host: '10.0.0.25', allowCidrs: [] },
    { host: '0.0.0.0', allowCidrs: [] },
    { host: '127.0.0.1', allowCidrs: ['0.0.0.0/0'], allowedCidrs: [] },
    { host: '127.0.0.1', allowCidrs: ['127.0.0.0/8'], allowedCidrs: ['10.0.0.0/8'] },
    { host: '127.0.0.1', allowCidrs: [], allowedCidrs: ['127.0.0.0/8'] },
    { host: 'mail.example', allowCidrs: [], addresses: ['127.0.0.1', '10.0.0.1', '::1'] },
    { host: 'mail.example', allowCidrs: ['::1/128'], addresses: ['127.0.0.1'] },
    { host: '2130706433', allowCidrs: [] },
  ])('are refused: %j', async (target) => {
    expect(await asked(target)).toEqual(refused);
  });

  it('are used where both the mail server and the operator allow them', async () => {
    const allowCidrs = ['127.0.0.0/8'];
    expect(await asked({ host: '127.0.0.1', allowCidrs, allowedCidrs: ['127.0.0.1/32'] })).toEqual(['taken 1', 1]);
  });

  it('of a name that has both kinds only the allowed ones are tried', async () => {
    const addresses = ['10.255.255.1', '::1', '127.0.0.1', '169.254.169.254'];
    const allowCidrs = ['127.0.0.1/32'];
    expect(await asked({ host: 'mail.example', allowCidrs, addresses })).toEqual(['taken 1', 1]);
  });

  it('a name is resolved once for a message, so that a second answer cannot lead elsewhere', async () => {
    let lookups = 0;
    mail = mailFixture({
      resolve: (_name, _options, callback) => {
        lookups += 1;
        callback(null, [{ address: lookups === 1 ? '127.0.0.1' : '127.0.0.2', family: 4 }]);
      },
    });
    await mail.server();
    expect(verdict(await mail.send({}, { host: 'mail.example' }))).toBe('taken 1');
    expect(lookups).toBe(1);
  });
});
