import { eventsOf, type Recording, readRecording } from '@patchcord/asterisk';
import { renderStory, storyOf } from '@patchcord/call-model';
import { asFailure, token } from '@patchcord/contracts';
import { Command } from 'commander';
import { Problem, usage } from '../problem.ts';
import { plain, print, printJson } from '../terminal.ts';

interface StoryCommandOptions {
  readonly json?: boolean;
  readonly pbx: string;
  readonly trunk?: string[];
}

const storyHelp = `
FILE is what an AMI connection said: its bytes (.ami.txt), or one message per line with the time it came (.ami.jsonl).
Bytes have no times; they are taken from the .ami.jsonl of the same name beside FILE or one folder up. Without one the
story has no times and durations.

Examples:
  $ patchcord asterisk story libs/asterisk/fixtures/s5_att_refer.ami.jsonl
  $ patchcord asterisk story trace.ami.txt --trunk PJSIP/carrier --json`;

/** `patchcord asterisk story FILE`: what happened in a recording, told as a person would. */
export function asteriskStoryCommand(): Command {
  const command = new Command('asterisk').description('recorded calls of an Asterisk');
  command
    .command('story')
    .description('tell what happened in a recording of an AMI connection; needs no connection')
    .argument('<FILE>', 'recording: .ami.txt or .ami.jsonl')
    .option('--json', 'as data')
    .option('--pbx <id>', 'id of the PBX in the ids of calls', 'lab')
    .option(
      '--trunk <device...>',
      'devices that lead outside, e.g. PJSIP/carrier; default: what does not look like a phone',
    )
    .addHelpText('after', storyHelp)
    .action(tell);
  return command;
}

function tell(file: string, { json, pbx, trunk }: StoryCommandOptions): void {
  if (!token.safeParse(pbx).success) throw usage(`--pbx: expected letters, digits, "_" and "-", not "${pbx}"`);
  const recording = read(file);
  const events = eventsOf(recording, { pbxId: pbx, trunks: trunk });
  const story = storyOf(events, { withoutTimes: recording.clock === 'none' });
  if (json === true) printJson(story);
  else print(renderStory(story).split('\n').map(plain).join('\n'));
}

function read(file: string): Recording {
  try {
    return readRecording(file);
  } catch (error) {
    const { message, cause } = asFailure(error);
    throw new Problem(message, { exitCode: 2, cause });
  }
}
