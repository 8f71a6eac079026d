import { asFailure, type Failure } from '@patchcord/contracts';
import type { HttpServer } from '@patchcord/runtime';
import type { FastifyContextConfig, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Errors stand beside `status` as well, each as one text: so the original told those of dispositions. */
    flatErrors?: boolean;
    /** Trouble of a phone or a PBX is told with 200 too. */
    troubleIsAnswer?: boolean;
    /** With what status the original refused data here, where it was not 200. */
    originalStatus?: number;
  }
}

interface ErrorBody {
  readonly status: 'ERROR';
  readonly message: string;
  readonly errors: Readonly<Record<string, readonly string[]>>;
  readonly [field: string]: unknown;
}

/** What the parts beneath call a field, and what it is called here. */
const fieldNames = new Map([
  ['optionId', 'idDispositionOption'],
  ['campaignId', 'idCampaign'],
  ['contactId', 'idContact'],
  ['agentId', 'idAgent'],
  ['externalSystem', 'idExternalSystem'],
  ['callId', 'callid'],
  ['to', 'phone'],
]);

const issueList = z.array(z.object({ path: z.string(), message: z.string() }));

function errorsOf(thrown: unknown): Record<string, string[]> {
  const holder: unknown = typeof thrown === 'object' && thrown !== null && 'issues' in thrown ? thrown.issues : [];
  const issues = issueList.safeParse(holder);
  const errors = new Map<string, string[]>();
  for (const { path, message } of issues.success ? issues.data : []) {
    const name = fieldNames.get(path) ?? path;
    errors.set(name, [...(errors.get(name) ?? []), message]);
  }
  return Object.fromEntries(errors);
}

/** Codes that are about the request as such, whoever it is for. All other refusals are answered with 200. */
const statusOfCode: Readonly<Record<string, number>> = {
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  malformed_body: 400,
};

export const statusChoices = ['always-200', 'as-original'] as const;
export type StatusChoice = (typeof statusChoices)[number];

/** The status of refused data is the script's matter; all others are HTTP's. */
function statusOf(
  failure: Failure,
  { troubleIsAnswer = false, originalStatus = 200 }: FastifyContextConfig,
  choice: StatusChoice,
): number {
  const refused = choice === 'as-original' ? originalStatus : 200;
  const whoever = failure.code === 'unauthorized' || failure.code === 'forbidden';
  if (troubleIsAnswer && !whoever && failure.class !== 'defect') return refused;
  if (failure.class === 'permanent') return statusOfCode[failure.code] ?? refused;
  if (failure.class === 'throttled') return 429;
  return failure.class === 'defect' ? 500 : 503;
}

/** What a request that was refused is answered with. */
function refusalBody(thrown: unknown, options: { readonly flat: boolean }): ErrorBody {
  const failure = asFailure(thrown);
  const errors = errorsOf(thrown);
  const message = failure.class === 'defect' ? 'an internal error; it was logged' : failure.message;
  const flat = Object.entries(errors).map(([name, texts]) => [name, texts.join(' ')] as const);
  return {
    ...(options.flat ? { ...Object.fromEntries(flat), msg: message } : {}),
    status: 'ERROR',
    message,
    errors,
  };
}

/**
 * Refusals of data are 200 with `"status": "ERROR"`, as the documents of the original say; by choice with the status that
 * each of its paths really had. What is not about the data keeps the status of HTTP.
 */
export function answerErrors(app: HttpServer, choice: StatusChoice): void {
  app.setErrorHandler((error, request, reply) => {
    const early = statusOfFastify(error);
    if (early !== undefined) {
      const message = error instanceof Error ? error.message : 'the request cannot be read';
      return send(reply, early, { status: 'ERROR', message, detail: message, errors: {} });
    }
    const failure = asFailure(error);
    const status = statusOf(failure, request.routeOptions.config, choice);
    log(request, status, error);
    if (status === 401) reply.header('www-authenticate', 'Bearer');
    if (status === 429 || status === 503) reply.header('retry-after', String(secondsUntil(failure.retryAt)));
    const body = refusalBody(error, { flat: request.routeOptions.config.flatErrors === true });
    return send(reply, status, status === 200 ? body : { ...body, detail: body.message });
  });
}

const send = (reply: FastifyReply, status: number, body: ErrorBody): FastifyReply =>
  reply.status(status).header('content-type', 'application/json; charset=utf-8').send(JSON.stringify(body));

const secondsUntil = (at: Date | undefined): number =>
  at === undefined ? 2 : Math.max(1, Math.ceil((at.getTime() - Date.now()) / 1000));

function log(request: FastifyRequest, status: number, err: unknown): void {
  const about = { err, reqId: request.id, route: request.routeOptions.url };
  if (status === 500) request.log.error(about, 'request failed');
  else if (status > 500) request.log.warn(about, 'request refused');
}

/** What fastify itself refuses: a type of body that is unknown, or a body that is too large. */
function statusOfFastify(error: unknown): number | undefined {
  if (!(error instanceof Error && 'code' in error && String(error.code).startsWith('FST_'))) return undefined;
  const status = 'statusCode' in error ? Number(error.statusCode) : 500;
  return status >= 400 && status < 500 ? status : undefined;
}
