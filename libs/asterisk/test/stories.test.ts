import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { renderStory, storyOf, storySchema } from '@patchcord/call-model';
import { parseEvent } from '@patchcord/contracts';
import { afterEach, describe, expect, it } from 'vitest';
import { eventsOf, readRecording, recordingEvents, replayRecording } from '../src/index.ts';

const here = import.meta.dirname;
const lines = (name: string): string => join(here, '../fixtures', `${name}.ami.jsonl`);
const bytes = (name: string): string => join(here, '../fixtures/raw', `${name}.ami.txt`);
const namesIn = (folder: string, ending: string): string[] =>
  readdirSync(join(here, folder))
    .filter((file) => file.endsWith(ending))
    .map((file) => file.slice(0, -ending.length))
    .sort();

const names = namesIn('../fixtures/raw', '.ami.txt');

/** The story without the sentence above it that says what the recording is about. */
const expected = (name: string): string =>
  readFileSync(join(here, 'stories', `${name}.txt`), 'utf8').replace(/^#.*\n\n/, '');

const told = (file: string): string => renderStory(storyOf(recordingEvents(file)));

describe('stories - recordings of a real Asterisk', () => {
  it('there are 56, each with its story and its times', () => {
    expect(names).toHaveLength(56);
    expect(namesIn('stories', '.txt')).toEqual(names);
    expect(namesIn('../fixtures', '.ami.jsonl')).toEqual(names);
  });

  it.each(names)('%s - messages with times', (name) => {
    expect(told(lines(name))).toBe(expected(name));
  });

  it.each(names)('%s - bytes of the connection', (name) => {
    expect(told(bytes(name))).toBe(expected(name));
  });

  it.each(names)('%s - every event fits its schema and has an id of its own', (name) => {
    const events = recordingEvents(lines(name));
    expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
    for (const event of events) expect(parseEvent(event)).toMatchObject({ ok: true });
  });

  it('the same recording gives the same events', () => {
    expect(recordingEvents(lines('s5_att_refer'))).toEqual(recordingEvents(bytes('s5_att_refer')));
  });

  it('the story is also data', () => {
    const story = storySchema.parse(JSON.parse(JSON.stringify(storyOf(recordingEvents(lines('s5_atxfer_ami'))))));
    expect(
      story.calls[0]?.interactions.map(({ ringMs, talkMs, holdMs, endedBy }) => ({ ringMs, talkMs, holdMs, endedBy })),
    ).toEqual([
      { ringMs: 607, talkMs: 6002, holdMs: 4255, endedBy: 'transfer' },
      { ringMs: 1004, talkMs: 4391, holdMs: 0, endedBy: 'customer' },
    ]);
  });
});

describe('replay - recordings', () => {
  const folders: string[] = [];
  const alone = (name: string): string => {
    const folder = mkdtempSync(join(tmpdir(), 'recording-'));
    folders.push(folder);
    copyFileSync(bytes(name), join(folder, 'alone.ami.txt'));
    return join(folder, 'alone.ami.txt');
  };
  const untimed = (name: string): string => {
    const recording = readRecording(alone(name));
    expect(recording.clock).toBe('none');
    return renderStory(storyOf(eventsOf(recording), { withoutTimes: true }));
  };

  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
  });

  it('bytes without times tell the story without durations', () => {
    expect(untimed('s2_agent_hangup')).toBe(`Call c-lab-1795216537_2E2: inbound, answered
  +14155550123 (Test Caller) called +12025550100
  the agent hung up
  queue support: waited for an unknown time, connected
  Agent One (1001) for support: talked for an unknown time, no hold; the agent hung up
  variable CAMPAIGN = "support"
  variable RULE = "default"
`);
  });

  it('bytes without times show a crash by the uptime of the PBX', () => {
    expect(untimed('s9_pbx_crash')).toContain('the PBX ended it (pbx-crash)');
  });

  it('a gap without a snapshot ends no call', () => {
    expect(untimed('s9_ami_reconnect')).toContain('the caller hung up');
  });

  it('messages come with their times, banners and responses included', () => {
    const messages = replayRecording(bytes('s6_c2c_agent_unknown'));
    expect(messages).toHaveLength(7);
    expect(messages[0]).toEqual({
      message: { headers: [['Banner', 'Asterisk Call Manager/11.0.0']] },
      at: expect.any(Number),
    });
    expect(messages.map(({ at }) => at)).toEqual(replayRecording(lines('s6_c2c_agent_unknown')).map(({ at }) => at));
  });

  it('refuses a file that is not there', () => {
    expect(() => recordingEvents('/nowhere/x.ami.txt')).toThrow(expect.objectContaining({ code: 'recording_missing' }));
  });

  it('refuses a file that is not a recording, and says why', () => {
    expect(() => recordingEvents(join(here, 'stories', 's1_caller_hangup.txt'))).toThrow(
      expect.objectContaining({ code: 'not_a_recording', message: expect.stringContaining('s1_caller_hangup.txt') }),
    );
  });

  it('refuses lines that are not messages, with the number of the line', () => {
    expect(() => recordingEvents(join(here, '../package.json'))).toThrow(
      expect.objectContaining({ code: 'not_a_recording', message: expect.stringContaining('line 1') }),
    );
  });
});
