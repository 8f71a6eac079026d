import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { storySchema } from '@patchcord/call-model';
import { expect, test } from 'vitest';
import { fileWith, patchcord, patchcordProcess } from './fixture.ts';

const asterisk = join(import.meta.dirname, '../../../libs/asterisk');
const lines = join(asterisk, 'fixtures/s5_att_refer.ami.jsonl');
const bytes = join(asterisk, 'fixtures/raw/s5_att_refer.ami.txt');
const expected = readFileSync(join(asterisk, 'test/stories/s5_att_refer.txt'), 'utf8').replace(/^#.*\n\n/, '');

test('asterisk story - tells a recording, from messages and from bytes', async () => {
  expect(await patchcordProcess(['asterisk', 'story', lines])).toEqual({ code: 0, out: expected, err: '' });
  expect(await patchcord(['asterisk', 'story', bytes])).toEqual({ code: 0, out: expected, err: '' });
});

test('asterisk story - as data, with the id of the PBX and its trunks', async () => {
  const { out } = await patchcord([
    'asterisk',
    'story',
    lines,
    '--json',
    '--pbx',
    'berlin',
    '--trunk',
    'PJSIP/carrier',
  ]);
  const story = storySchema.parse(JSON.parse(out));
  expect(story.calls).toMatchObject([
    { callId: 'c-berlin-1795216875_2E70', direction: 'inbound', outcome: 'answered' },
  ]);
});

test('asterisk story - a name of a caller cannot steer the terminal', async () => {
  const recording = readFileSync(lines, 'utf8').replaceAll('Test Caller', '\\u001b[2JX');
  const { out } = await patchcord(['asterisk', 'story', fileWith(recording)]);
  expect(out).toContain('(\\x1b[2JX)');
});

test('asterisk story - refuses a file that is not there, a file that is none, an id that is none', async () => {
  const missing = await patchcord(['asterisk', 'story', '/nowhere/x.ami.txt']);
  expect([missing.code, missing.err]).toEqual([2, expect.stringContaining('/nowhere/x.ami.txt')]);
  const none = await patchcord(['asterisk', 'story', fileWith('hello\n')]);
  expect([none.code, none.err]).toEqual([2, expect.stringContaining('is not an AMI recording')]);
  const pbx = await patchcord(['asterisk', 'story', lines, '--pbx', 'a b']);
  expect([pbx.code, pbx.err]).toEqual([2, expect.stringContaining('--pbx')]);
  expect((await patchcord(['asterisk', 'story'])).code).toBe(2);
});
