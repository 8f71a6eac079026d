import { siteTestReply, siteTestRequest } from '@patchcord/contracts';
import { Command } from 'commander';
import { parse } from 'yaml';
import type { z } from 'zod';
import { clientFrom } from '../console-client.ts';
import { Problem, usage } from '../problem.ts';
import { plain, print, printJson, readText, say } from '../terminal.ts';

type Reply = z.output<typeof siteTestReply>;
type Sample = z.output<typeof siteTestRequest>['sample'];

const testHelp = `
Without --send nothing leaves the house. The sample file is JSON or YAML, values by family and key:
  call:
    ani: "+14155550123"
  contact:
    name: Jane Roe

Examples:
  $ patchcord site test orders
  $ patchcord site test orders --campaign sales --sample sample.yaml --send`;

export function siteCommand(): Command {
  const command = new Command('site').description('external sites');
  command
    .command('test')
    .description('show what a site would be sent, and with --send send it; credentials are masked')
    .argument('<id>')
    .option('--send', 'send it, and show the answer')
    .option('--sample <file>', 'values in place of those of a call; - is standard input')
    .option('--campaign <id>', 'the campaign whose parameters are used')
    .option('--json', 'as JSON')
    .addHelpText('after', testHelp)
    .action(test);
  return command;
}

interface TestOptions {
  readonly send?: true;
  readonly sample?: string;
  readonly campaign?: string;
  readonly json?: true;
}

async function test(id: string, { send, sample, campaign, json }: TestOptions): Promise<void> {
  const body = {
    send: send === true,
    ...(campaign === undefined ? {} : { campaignId: campaign }),
    ...(sample === undefined ? {} : { sample: sampleOf(await readText(sample), sample) }),
  };
  const path = `/v1/external-sites/${encodeURIComponent(id)}/test`;
  const reply = await clientFrom(process.env).json(path, siteTestReply, {
    method: 'POST',
    json: body,
    timeoutMs: 135_000,
  });
  if (json) printJson(reply);
  else show(reply);
  if (reply.failure === undefined) return;
  throw new Problem(`${plain(reply.failure.message)} (${reply.failure.code})`);
}

function sampleOf(text: string, path: string): Sample {
  const parsed = siteTestRequest.shape.sample.safeParse(readYaml(text, path));
  if (parsed.success) return parsed.data;
  throw usage(`${path}: expected families, each with keys and values, e.g. {"call": {"ani": "+14155550123"}}`);
}

/** JSON is YAML too. */
function readYaml(text: string, path: string): unknown {
  try {
    return parse(text);
  } catch (cause) {
    throw new Problem(`${path}: ${cause instanceof Error ? cause.message : 'cannot be read'}`, { exitCode: 2, cause });
  }
}

function show({ request, pop, answer, notes }: Reply): void {
  if (request !== undefined) {
    print(`${request.method} ${plain(request.url)}`);
    print(message(request.headers, request.body));
  }
  if (pop !== undefined) print(`in the browser of the agent:\n${JSON.stringify(pop, null, 2)}`);
  if (answer !== undefined) {
    print(`-> ${answer.status} in ${Math.round(answer.durationMs)} ms`);
    print(message(answer.headers, answer.body));
  }
  for (const note of notes) say(`note: ${plain(note)}`);
}

function message(headers: Readonly<Record<string, string>>, body = ''): string {
  const lines = Object.entries(headers).map(([name, value]) => `${plain(name)}: ${plain(value)}`);
  // Line breaks are of the body's form; whatever else could move the cursor is shown as what it is.
  const text = body.split(/\r?\n/).map(plain).join('\n');
  return [...lines, ...(text === '' ? [] : ['', text]), ''].join('\n');
}
