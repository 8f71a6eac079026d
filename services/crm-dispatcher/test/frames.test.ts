import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { externalSite, type FrameCheck, type ScreenPop } from '@patchcord/contracts';
import { createEgress } from '@patchcord/egress';
import { expect, onTestFinished, test } from 'vitest';
import { framePolicy } from '../src/domain/frame-policy.ts';
import { createCheckFrame } from '../src/usecases/check-frame.ts';

const console_ = 'https://desk.acme.example';
const policyOf = (headers: Record<string, string>, embedder = console_): string => {
  const { outcome, reason } = framePolicy({ url: 'https://crm.example/page', headers, embedder });
  return reason ?? outcome;
};
const ancestors = (sources: string) => ({
  'content-security-policy': `default-src 'self'; frame-ancestors ${sources}`,
});

test.each([
  [{}, 'allowed'],
  [{ 'x-frame-options': 'DENY' }, 'x-frame-options'],
  [{ 'x-frame-options': 'sameorigin' }, 'x-frame-options'],
  [{ 'x-frame-options': 'SAMEORIGIN, DENY' }, 'x-frame-options'],
  [{ 'x-frame-options': 'ALLOW-FROM https://other.example' }, 'allowed'],
  [ancestors("'none'"), 'frame-ancestors'],
  [ancestors(''), 'frame-ancestors'],
  [ancestors("'self'"), 'frame-ancestors'],
  [ancestors("'self' https://desk.acme.example"), 'allowed'],
  [ancestors('desk.acme.example'), 'allowed'],
  [ancestors('http://desk.acme.example'), 'allowed'],
  [ancestors('https://*.acme.example'), 'allowed'],
  [ancestors('https://*.example'), 'allowed'],
  [ancestors('https://acme.example'), 'frame-ancestors'],
  [ancestors('https://desk.acme.example:8443'), 'frame-ancestors'],
  [ancestors('https://desk.acme.example:*'), 'allowed'],
  [ancestors('https:'), 'allowed'],
  [ancestors('*'), 'allowed'],
  // It counts instead of the older header; of two policies both count.
  [{ ...ancestors('*'), 'x-frame-options': 'DENY' }, 'allowed'],
  [{ 'content-security-policy': "frame-ancestors *, frame-ancestors 'none'" }, 'frame-ancestors'],
  [{ 'content-security-policy': "default-src 'none'", 'x-frame-options': 'DENY' }, 'x-frame-options'],
])('frames - %j: %s', (headers, expected) => {
  expect(policyOf(headers as Record<string, string>)).toBe(expected);
});

test('frames - no browser loads an insecure page into a secure one', () => {
  const embedder = 'https://desk.acme.example';
  expect(framePolicy({ url: 'http://crm.lan/', headers: {}, embedder }).reason).toBe('mixed-content');
  expect(framePolicy({ url: 'http://127.0.0.1:8080/', headers: {}, embedder }).outcome).toBe('allowed');
});

interface Crm {
  readonly url: string;
  /** Method and path of what was asked. */
  readonly asked: string[];
}

async function startCrm(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<Crm> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    answer(request, response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

const embedder = 'http://127.0.0.1:1';

/** Asks about the pop of agent 1001 that shows this address. */
function checking(url: string, { kind = 'navigate', handle }: { kind?: string; handle?: string } = {}) {
  const allowCidrs = ['127.0.0.1/32'];
  const site = externalSite.parse({ id: 'crm', name: 'CRM', url, egress: { allowHttp: true, allowCidrs } });
  const egress = createEgress();
  onTestFinished(() => egress.close());
  let now = 0;
  const pop = { popId: 'p', site, action: { kind, url } } as unknown as ScreenPop;
  const check = createCheckFrame({
    config: { tenant: () => ({ 'external-site': new Map([['crm', site]]) }) as never },
    pops: { list: async (_, agentId) => (agentId === '1001' ? [{ pop, handle }] : []) },
    egress,
    now: () => now,
  });
  const ask = (agentId = '1001'): Promise<FrameCheck> =>
    check({ tenantId: 'acme', agentId, popId: 'p', origin: embedder });
  const later = (ms: number): void => {
    now += ms;
  };
  return { ask, later };
}

test('frames - the headers are asked for without setting anything off, once for a while', async () => {
  const crm = await startCrm((_, response) => void response.setHeader('x-frame-options', 'DENY').end());
  const { ask, later } = checking(`${crm.url}/customers/7?from=%2B1415#top`);
  expect(await Promise.all([ask(), ask()])).toEqual([
    { outcome: 'refused', reason: 'x-frame-options' },
    { outcome: 'refused', reason: 'x-frame-options' },
  ]);
  expect(crm.asked).toEqual(['HEAD /customers/7?from=%2B1415']);
  later(11 * 60_000);
  await ask();
  expect(crm.asked.length).toBe(2);
});

test('frames - what counts is the page at the end of redirects', async () => {
  const crm = await startCrm(({ url }, response) => {
    if (url === '/in') return void response.writeHead(302, { location: '/log-in' }).end();
    response.setHeader('content-security-policy', "frame-ancestors 'self'").end();
  });
  expect(await checking(`${crm.url}/in`).ask()).toEqual({ outcome: 'refused', reason: 'frame-ancestors' });
});

test('frames - a redirect leads nowhere that the site may not be asked at', async () => {
  const inner = await startCrm((_, response) => void response.end());
  const within = inner.url.replace('127.0.0.1', '127.0.0.2');
  const crm = await startCrm((_, response) => void response.writeHead(302, { location: within }).end());
  expect(await checking(crm.url).ask()).toEqual({ outcome: 'unknown', reason: 'no-answer' });
  expect(inner.asked).toEqual([]);
});

test('frames - a site that answers no such question, or none at all, is not known; and asked again soon', async () => {
  const crm = await startCrm((_, response) => void response.writeHead(405).end());
  const { ask, later } = checking(crm.url);
  expect((await ask()).outcome).toBe('unknown');
  later(16_000);
  await ask();
  expect(crm.asked.length).toBe(2);
  expect((await checking('http://127.0.0.1:9/').ask()).outcome).toBe('unknown');
});

test('frames - what goes through us is ours to show; of the pop of another agent nothing is asked', async () => {
  const crm = await startCrm((_, response) => void response.end());
  expect(await checking(crm.url, { handle: 'h' }).ask()).toEqual({ outcome: 'allowed' });
  await expect(checking(crm.url).ask('1002')).rejects.toMatchObject({ code: 'not_found' });
  expect(crm.asked).toEqual([]);
});
