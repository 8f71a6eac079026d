import { readFileSync } from 'node:fs';
import { parseJson } from '@patchcord/contracts';
import { z } from 'zod';
import { Problem, usage } from './problem.ts';

interface ClientOptions {
  readonly url: string;
  readonly token: string;
}

interface ClientRequest {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly query?: Readonly<Record<string, string | undefined>>;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent as it is. */
  readonly yaml?: string;
  /** Sent as it comes. */
  readonly csv?: AsyncIterable<Uint8Array>;
  /** Default: a minute. */
  readonly timeoutMs?: number;
}

/** Asks the console's API. Whatever goes wrong is a {@link Problem} with a remedy. */
export interface ConsoleClient {
  text(path: string, request?: ClientRequest): Promise<string>;
  json<T>(path: string, schema: z.ZodType<T>, request?: ClientRequest): Promise<T>;
}

export type Environment = Readonly<Record<string, string | undefined>>;

const defaultUrl = 'http://127.0.0.1:8080';
const defaultTimeoutMs = 60_000;

/** The client that `PATCHCORD_URL` and `PATCHCORD_TOKEN` describe. */
export function clientFrom(env: Environment): ConsoleClient {
  const url = env.PATCHCORD_URL || defaultUrl;
  if (!/^https?:\/\//.test(url) || !URL.canParse(url)) {
    throw usage(`PATCHCORD_URL: expected the address of the console, e.g. ${defaultUrl}`);
  }
  const token = env.PATCHCORD_TOKEN || tokenFile(env.PATCHCORD_TOKEN_FILE);
  if (!token) throw usage('PATCHCORD_TOKEN is not set: set it to an API token of your tenant with the scope admin');
  return createClient({ url, token });
}

function tokenFile(path: string | undefined): string | undefined {
  if (!path) return undefined;
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (cause) {
    throw new Problem(`PATCHCORD_TOKEN_FILE: "${path}" cannot be read`, { exitCode: 2, cause });
  }
}

function createClient(options: ClientOptions): ConsoleClient {
  const text = async (path: string, request: ClientRequest = {}): Promise<string> => {
    const response = await ask(options, path, request);
    const body = await response.text();
    if (response.ok) return body;
    throw refusal(response.status, body, options.url);
  };
  return {
    text,
    json: async (path, schema, request) => {
      const parsed = schema.safeParse(parseJson(await text(path, request)));
      if (parsed.success) return parsed.data;
      throw new Problem(`${options.url} answered something else than a Patchcord console does`, {
        details: ['Check PATCHCORD_URL: it names the console, not another service.'],
        cause: parsed.error,
      });
    },
  };
}

async function ask({ url, token }: ClientOptions, path: string, request: ClientRequest): Promise<Response> {
  const target = new URL(path, url);
  for (const [name, value] of Object.entries(request.query ?? {})) {
    if (value !== undefined) target.searchParams.set(name, value);
  }
  const { type, body } = bodyOf(request);
  try {
    return await fetch(target, {
      method: request.method ?? 'GET',
      headers: { authorization: `Bearer ${token}`, ...(type === undefined ? {} : { 'content-type': type }) },
      signal: AbortSignal.timeout(request.timeoutMs ?? defaultTimeoutMs),
      ...(body === undefined ? {} : { body, duplex: 'half' }),
    });
  } catch (cause) {
    const details = ['Start it, or set PATCHCORD_URL to where it answers.'];
    throw new Problem(`the console does not answer at ${url}`, { details, cause });
  }
}

function bodyOf({ json, yaml, csv }: ClientRequest): { type?: string; body?: string | ReadableStream } {
  if (csv !== undefined) return { type: 'text/csv', body: ReadableStream.from(csv) };
  if (yaml !== undefined) return { type: 'application/yaml', body: yaml };
  return json === undefined ? {} : { type: 'application/json', body: JSON.stringify(json) };
}

const refusalBody = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    issues: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  }),
});

const remedies: Readonly<Record<number, string>> = {
  401: 'Set PATCHCORD_TOKEN to an API token that exists.',
  403: 'Use a token with the scope that is named.',
  412: 'Read it again and repeat your change.',
  429: 'Wait a little and repeat it.',
  503: 'Something it needs is away: see /readyz of the services, and repeat it.',
};

function refusal(status: number, body: string, url: string): Problem {
  const parsed = refusalBody.safeParse(parseJson(body));
  const remedy = remedies[status];
  const hints = remedy === undefined ? [] : [remedy];
  if (!parsed.success) return new Problem(`${url} answered ${status}`, { details: hints });
  const { code, message, issues } = parsed.data.error;
  if (issues === undefined || issues.length === 0) return new Problem(`${message} (${code})`, { details: hints });
  const places = issues.map((issue) => (issue.path === '' ? issue.message : `${issue.path}: ${issue.message}`));
  const count = issues.length === 1 ? '1 problem' : `${issues.length} problems`;
  return new Problem(`refused (${code}): ${count}`, { details: [...places, ...hints] });
}
