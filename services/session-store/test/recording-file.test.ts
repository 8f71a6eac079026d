import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SettingsError, settings } from '@patchcord/runtime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRecordingFiles } from '../src/adapters/recording-files.ts';
import { createRecordingLinks } from '../src/adapters/recording-links.ts';
import { settingsSchema } from '../src/config.ts';
import { byteRange } from '../src/domain/byte-range.ts';
import { contentTypeOf, pathInStore, type RecordingStore, safeFileName } from '../src/domain/recording-file.ts';

describe('ranges', () => {
  it.each([
    [undefined, 'whole'],
    ['bytes=0-9', { first: 0, last: 9 }],
    ['bytes=90-', { first: 90, last: 99 }],
    ['bytes=90-1000', { first: 90, last: 99 }],
    ['bytes=-10', { first: 90, last: 99 }],
    ['bytes=-1000', { first: 0, last: 99 }],
    ['bytes=99-99', { first: 99, last: 99 }],
    ['bytes=100-', 'unsatisfiable'],
    ['bytes=-0', 'unsatisfiable'],
    ['bytes=9-3', 'whole'],
    ['bytes=0-1,5-6', 'whole'],
    ['bytes=-', 'whole'],
    ['lines=1-2', 'whole'],
    ['bytes=1e3-', 'whole'],
  ])('%s of 100 bytes is %j', (header, expected) => {
    expect(byteRange(header, 100)).toEqual(expected);
  });

  it('nothing of an empty file can be asked for', () => {
    expect(byteRange('bytes=0-', 0)).toBe('unsatisfiable');
    expect(byteRange(undefined, 0)).toBe('whole');
  });
});

describe('paths', () => {
  const store = {
    tenantId: 'acme',
    kind: 'directory',
    path: '/rec',
    stripPrefix: '/var/spool/asterisk/monitor',
  } as const;
  it.each([
    ['/var/spool/asterisk/monitor/2026/a.wav', '2026/a.wav'],
    ['/var/spool/asterisk/monitor/../secret', undefined],
    ['/var/spool/asterisk/monitored/a.wav', undefined],
    ['/var/spool/asterisk/monitor', undefined],
    ['/rec/a.wav', 'a.wav'],
    ['/etc/passwd', undefined],
    ['a.wav', 'a.wav'],
    ['https://pbx.example.com/a.wav', undefined],
    ['a\0.wav', undefined],
  ])('%j lies at %j', (location, expected) => {
    expect(pathInStore(store, location)).toBe(expected);
  });

  it.each([
    ['/rec/2026/a.wav', 'a.wav', 'audio/wav'],
    ['/rec/q"uo\r\nte; x=.mp3', 'q_uo_te_x_.mp3', 'audio/mpeg'],
    ['/rec/..', 'r-1', 'application/octet-stream'],
    ['/rec/.htaccess', 'htaccess', 'application/octet-stream'],
    ['/rec/ñandú.ogg', 'and_.ogg', 'audio/ogg'],
    ['/rec/page.html', 'page.html', 'application/octet-stream'],
    ['/rec/a.WAV', 'a.WAV', 'audio/wav'],
  ])('%j is offered as %s, %s', (location, name, type) => {
    expect(safeFileName(location, 'r-1')).toBe(name);
    expect(contentTypeOf(location)).toBe(type);
  });
});

describe('files', () => {
  let folder: string;
  let store: RecordingStore;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'recordings-'));
    store = { tenantId: 'acme', kind: 'directory', path: join(folder, 'monitor') };
    await mkdir(join(store.path, '2026'), { recursive: true });
    await writeFile(join(store.path, '2026/a.wav'), 'audio');
    await writeFile(join(folder, 'secret.wav'), 'secret');
    await symlink(join(folder, 'secret.wav'), join(store.path, 'link.wav'));
    await symlink(folder, join(store.path, 'up'));
    await symlink('2026/a.wav', join(store.path, 'latest.wav'));
    await symlink(store.path, join(folder, 'mounted'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const recording = (location: string, pbxId?: string) => ({
    recordingId: 'r-1',
    callId: 'c-1',
    legId: 'l-1',
    startedAt: '2026-11-20T23:41:21.000Z',
    agentIds: [],
    location,
    ...(pbxId === undefined ? {} : { pbxId }),
  });
  const opened = async (location: string, stores: RecordingStore[] = [store], tenant = 'acme', pbxId?: string) => {
    const { handle, sizeBytes } = await createRecordingFiles(stores)(tenant, recording(location, pbxId));
    const text = await handle.readFile('utf8');
    await handle.close();
    expect(sizeBytes).toBe(Buffer.byteLength(text));
    return text;
  };

  it('a file inside is opened, also through a link that stays inside and a folder that is one', async () => {
    expect(await opened('2026/a.wav')).toBe('audio');
    expect(await opened('latest.wav')).toBe('audio');
    expect(await opened('2026/a.wav', [{ ...store, path: join(folder, 'mounted') }])).toBe('audio');
  });

  it.each(['link.wav', 'up/secret.wav', '../secret.wav', '2026/../../secret.wav'])(
    'refuses %s, which leads out of the store',
    async (location) => {
      await expect(opened(location)).rejects.toMatchObject({ class: 'permanent', code: 'forbidden' });
    },
  );

  it.each(['2027/b.wav', '2026', '2026/a.wav/x', `${'x'.repeat(300)}.wav`])(
    'a recording at %j is not ready, and the answer says what to check',
    async (location) => {
      await expect(opened(location)).rejects.toMatchObject({
        code: 'recording_not_ready',
        message: expect.stringContaining('mounted'),
      });
    },
  );

  it('a store of another tenant or PBX is not looked into', async () => {
    await expect(opened('2026/a.wav', [store], 'other')).rejects.toMatchObject({ code: 'recording_not_ready' });
    const ofMain = [{ ...store, pbxId: 'main' }];
    await expect(opened('2026/a.wav', ofMain, 'acme', 'branch')).rejects.toMatchObject({ code: 'recording_not_ready' });
    expect(await opened('2026/a.wav', ofMain, 'acme', 'main')).toBe('audio');
  });

  it('the next store is looked into when the file is not in the first', async () => {
    expect(await opened('2026/a.wav', [{ ...store, path: join(folder, 'nowhere') }, store])).toBe('audio');
  });
});

describe('links', () => {
  const soon = new Date(Date.now() + 60_000);
  const links = createRecordingLinks('k'.repeat(32));
  const text = links.sign({ tenantId: 'acme', recordingId: 'r-1' }, soon);

  it('a link names its tenant and its recording', () => {
    expect(links.verify(text)).toEqual({ tenantId: 'acme', recordingId: 'r-1' });
  });

  it('refuses a link that was changed, is signed with another key, or is none', () => {
    const [body = '', seal = ''] = text.split('.');
    const other = Buffer.from(JSON.stringify(['other', 'r-1', soon.getTime()])).toString('base64url');
    const foreign = createRecordingLinks('x'.repeat(32)).sign({ tenantId: 'acme', recordingId: 'r-1' }, soon);
    for (const wrong of [`${other}.${seal}`, body, `${body}.`, `.${seal}`, `${text}.x`, '', '.', foreign]) {
      expect(() => links.verify(wrong), wrong).toThrow(expect.objectContaining({ code: 'forbidden' }));
    }
  });

  it('a link ends', () => {
    const later = createRecordingLinks('k'.repeat(32), () => soon.getTime());
    expect(() => later.verify(text)).toThrow(expect.objectContaining({ code: 'gone' }));
  });
});

describe('settings', () => {
  it.each([
    ['RECORDINGS_STORES', 'not json', /JSON list/],
    ['RECORDINGS_STORES', '[{"tenantId":"acme","kind":"http","path":"/x"}]', /\[0\]\.kind|directory/],
    ['RECORDINGS_STORES', '[{"tenantId":"acme","kind":"directory","path":"x"}]', /begins with "\/"/],
    ['RECORDINGS_LINK_KEY', 'short', /32 characters/],
    ['RECORDINGS_PUBLIC_URL', 'calls.example.com', /https:\/\//],
  ])('refuses %s=%s', (name, value, message) => {
    expect(() => settings(settingsSchema, { [name]: value })).toThrow(SettingsError);
    expect(() => settings(settingsSchema, { [name]: value })).toThrow(message);
  });
});
