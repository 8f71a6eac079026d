import { expect, test } from 'vitest';
import { z } from 'zod';
import { jsonOf, refusalOf, startConsole } from './fixture.ts';

const list = z.object({
  items: z.array(z.object({ name: z.string(), type: z.string(), channel: z.string(), meaning: z.string() })),
});

test('data items - all that rows can name are listed for administrators', async () => {
  const { request, token } = await startConsole();
  const path = '/v1/memorialization/items';
  const { items } = await jsonOf(await request(path, { token: await token() }), list);
  const byName = new Map(items.map((item) => [item.name, item]));
  expect(byName.get('disposition.name')).toMatchObject({ type: 'text', channel: 'both' });
  expect(byName.get('talk.ms')).toMatchObject({ type: 'number' });
  expect(byName.get('transcript')).toMatchObject({ channel: 'digital' });
  expect(byName.has('ivr.*')).toBe(true);
  expect(byName.size).toBe(items.length);
  expect((await request(path, { token: await token('acme', 'sessions:read') })).status).toBe(403);
  expect((await request(path)).status).toBe(401);
});

test('a memorialization that its CRM cannot do is refused with the place and the remedy', async () => {
  const { request, token: mint } = await startConsole();
  const token = await mint();
  const put = (path: string, body: unknown): Promise<Response> =>
    request(`/v1/config/${path}`, { method: 'PUT', token, body });
  const described = { requests: { test: {} } };
  const own = { name: 'Own', connector: 'proprietary', baseUrl: 'https://crm.example', described };
  expect((await put('crm-connection/own', own)).status).toBe(201);
  const refused = await refusalOf(await put('memorialization/m', { name: 'M', connection: 'own' }));
  expect([refused.status, refused.issues]).toEqual([
    422,
    [{ path: 'timeline', message: expect.stringContaining('logs no calls') }],
  ]);
  const unknown = await refusalOf(await put('memorialization/m', { name: 'M', connection: 'none' }));
  expect(unknown.issues).toEqual([
    { path: 'memorialization/m.connection', message: expect.stringContaining('crm-connection') },
  ]);
});
