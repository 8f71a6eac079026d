import { expect, test } from 'vitest';
import { createRecordingLinks } from '../src/adapters/recording-links.ts';
import type { IndexedRecording } from '../src/domain/indexed-recording.ts';
import { fileNameIn } from '../src/domain/recording-file.ts';
import { createLinkRecordings } from '../src/usecases/link-recordings.ts';

const now = Date.parse('2026-11-20T23:41:30.000Z');
const recording: IndexedRecording = {
  recordingId: 'r-1',
  callId: 'c-1',
  legId: 'l-1',
  location: '/monitor/a.wav',
  startedAt: '2026-11-20T23:41:21.000Z',
  agentIds: ['1001'],
};
const links = createRecordingLinks('a key of more than thirty-two characters', () => now);
const linker = (publicUrl: string | undefined) =>
  createLinkRecordings({
    recordings: { named: async (_tenantId, name) => (name === 'a.wav' ? recording : undefined) },
    links,
    publicUrl,
    now: () => now,
  });
const request = { tenantId: 'acme', fileNames: ['a.wav', 'b.wav'], ttlSeconds: 300 };

test('links - of each name that is known, for whom the agent is to be heard, until their time is over', async () => {
  const link = linker('https://calls.example.com');
  const reply = await link(request);
  expect(reply.links).toMatchObject([{ fileName: 'a.wav', recordingId: 'r-1', expiresAt: '2026-11-20T23:46:30.000Z' }]);
  const [, text = ''] = (reply.links[0]?.url ?? '').split('https://calls.example.com/v1/recordings/file?token=');
  expect(links.verify(text)).toEqual({ tenantId: 'acme', recordingId: 'r-1' });
  expect((await link({ ...request, onlyOf: '1001' })).links).toHaveLength(1);
  expect((await link({ ...request, onlyOf: '1002' })).links).toEqual([]);
});

test('links - refuses where nobody said how the service is reached', async () => {
  await expect(linker(undefined)(request)).rejects.toMatchObject({ class: 'own-trouble', code: 'not_configured' });
});

test.each([
  ['/var/spool/monitor/q-1.wav', 'q-1.wav'],
  ['q-1.wav', 'q-1.wav'],
  ['C:\\rec\\q-1.wav', 'q-1.wav'],
  ['https://store.example/rec/q%201.wav?sig=x', 'q 1.wav'],
  ['https://store.example/rec/%zz', '%zz'],
])('file name - of %s', (location, expected) => {
  expect(fileNameIn(location)).toBe(expected);
});
