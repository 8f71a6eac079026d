import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { egressPolicy } from '@patchcord/contracts';
import { createEgress, type Egress } from '@patchcord/egress';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CustomCrmQuestion, lookupCustomCrm } from '../src/index.ts';

/** A CRM that keeps the bytes it was sent. */
let server: Server;
let egress: Egress;
let origin: string;
let received = '';

beforeAll(async () => {
  server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  origin = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  egress = createEgress({ userAgent: 'Patchcord' });
});
afterAll(async () => {
  await egress.close();
  server.close();
});

function answer(socket: Socket): void {
  socket.setEncoding('latin1').on('data', (bytes: string) => {
    received += bytes;
    const [head = '', body] = received.split('\r\n\r\n');
    const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
    if (body === undefined || body.length < length) return;
    socket.end('HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 4\r\nconnection: close\r\n\r\nGOLD');
  });
}

interface Sent {
  readonly line: string;
  readonly headers: readonly string[];
  readonly body: string;
}

async function sent(more: Partial<CustomCrmQuestion>): Promise<Sent> {
  received = '';
  const result = await lookupCustomCrm(egress, {
    url: origin,
    fieldName: 'Field_Name',
    method: 'GET',
    headers: {},
    send: 'exact',
    input: { ani: '+14155550123', dnis: '+12025550100', callId: 'c-1' },
    policy: egressPolicy.parse({ allowHttp: true, allowCidrs: ['127.0.0.0/8'] }),
    timeoutMs: 2000,
    ...more,
  });
  expect(result).toMatchObject({ outcome: 'found', value: 'GOLD' });
  const [head = '', body = ''] = received.split('\r\n\r\n');
  const [line = '', ...headers] = head.split('\r\n');
  return { line, headers: headers.filter((header) => !header.startsWith('host:')).toSorted(), body };
}

const dtmf = { ani: '+14155550123', dtmf: '42' };
const own = ['accept-encoding: identity', 'connection: keep-alive', 'user-agent: Patchcord'];

describe('a custom CRM sees, byte for byte, what PBXware sends', () => {
  it('GET without dtmf', async () => {
    expect(await sent({})).toEqual({ line: 'GET /?field_name=Field_Name HTTP/1.1', headers: own, body: '' });
  });

  it('GET with dtmf', async () => {
    const { line } = await sent({ url: `${origin}/crm`, input: dtmf });
    expect(line).toBe('GET /crm?field_name=Field_Name&dtmf=42 HTTP/1.1');
  });

  it('POST as JSON, without and with dtmf', async () => {
    const bare = await sent({ method: 'POST', url: `${origin}/crm?k=1` });
    expect(bare.line).toBe('POST /crm?k=1 HTTP/1.1');
    expect(bare.headers).toContain('content-type: application/json');
    expect(bare.body).toBe('{"field_name":"Field_Name"}');
    expect((await sent({ method: 'POST', input: dtmf })).body).toBe('{"field_name":"Field_Name","dtmf":"42"}');
  });

  it('a header of its own, and no other beside ours', async () => {
    const { headers } = await sent({ headers: { 'X-Api-Key': 'k 1' } });
    expect(headers).toEqual(['X-Api-Key: k 1', ...own]);
  });

  it('full - who calls, whom, and which call, in the query or in the body', async () => {
    const full = { send: 'full', input: { ...dtmf, dnis: '+12025550100', callId: 'c-1' } } as const;
    expect((await sent(full)).line).toBe(
      'GET /?field_name=Field_Name&dtmf=42&caller=%2B14155550123&called=%2B12025550100&call_id=c-1&did=%2B12025550100 HTTP/1.1',
    );
    expect((await sent({ ...full, method: 'POST' })).body).toBe(
      '{"field_name":"Field_Name","dtmf":"42","caller":"+14155550123","called":"+12025550100","call_id":"c-1","did":"+12025550100"}',
    );
  });
});
