import { asFailure, type Failure, type FailureClass, type IssueRule, issueRule, ruleOf } from '@patchcord/contracts';
import type { FastifyError, FastifyReply, FastifyRequest, FastifySchemaValidationError } from 'fastify';
import { z } from 'zod';

/** Every error answer of every service. */
export const errorBody = z
  .object({
    error: z.object({
      code: z.string(),
      message: z.string(),
      issues: z.array(z.object({ path: z.string(), message: z.string(), rule: issueRule.optional() })).optional(),
    }),
  })
  .meta({ id: 'Error', description: 'What went wrong: `code` for programs, the rest for people.' });
type ErrorBody = z.infer<typeof errorBody>;

interface Issue {
  readonly path: string;
  readonly message: string;
  readonly rule?: IssueRule | undefined;
}

interface Answer {
  readonly status: number;
  readonly body: ErrorBody;
  readonly retryAfterSeconds?: number;
}

const statusOfCode: Readonly<Record<string, number>> = {
  already_disposed: 409,
  already_exists: 409,
  config_invalid: 422,
  conflict: 409,
  forbidden: 403,
  gone: 410,
  invalid_request: 400,
  not_found: 404,
  recording_not_ready: 404,
  payload_too_large: 413,
  revision_conflict: 412,
  run_differs: 409,
  unauthorized: 401,
  unsupported_media_type: 415,
};

const statusOfClass: Readonly<Record<FailureClass, number>> = {
  transient: 502,
  throttled: 429,
  permanent: 422,
  'destination-gone': 502,
  'own-trouble': 503,
  defect: 500,
};

const defaultRetrySeconds = 2;

const issueList = z.array(
  z.object({
    path: z.string(),
    message: z.string().optional(),
    expected: z.string().optional(),
    rule: issueRule.optional().catch(undefined),
  }),
);

/** What a thrown value is answered with. Only failures that were thrown on purpose show their text. */
function answerFor(thrown: unknown, now = Date.now()): Answer {
  const failure = asFailure(thrown);
  if (failure.class === 'defect') return { status: 500, body: bodyOf('internal', 'an internal error; it was logged') };
  const status = (failure.class === 'permanent' && statusOfCode[failure.code]) || statusOfClass[failure.class];
  const body = bodyOf(failure.code, failure.message, issuesOf(thrown));
  return { status, body, ...retryAfter(failure, status, now) };
}

function retryAfter(failure: Failure, status: number, now: number): { retryAfterSeconds?: number } {
  if (failure.retryAt !== undefined) {
    return { retryAfterSeconds: Math.max(1, Math.ceil((failure.retryAt.getTime() - now) / 1000)) };
  }
  return status === 503 || status === 429 ? { retryAfterSeconds: defaultRetrySeconds } : {};
}

function bodyOf(code: string, message: string, issues?: readonly Issue[]): ErrorBody {
  return { error: { code, message, ...(issues === undefined ? {} : { issues: [...issues] }) } };
}

function issuesOf(thrown: unknown): Issue[] | undefined {
  if (typeof thrown !== 'object' || thrown === null || !('issues' in thrown)) return undefined;
  const issues = issueList.safeParse(thrown.issues);
  if (!issues.success) return undefined;
  return issues.data.map(({ path, message, expected, rule }) => ({
    path,
    message: message ?? (expected === undefined ? 'is not valid' : `expected ${expected}`),
    ...(rule === undefined ? {} : { rule }),
  }));
}

const codeOfStatus: Readonly<Record<number, string>> = {
  400: 'invalid_request',
  404: 'not_found',
  405: 'method_not_allowed',
  413: 'payload_too_large',
  414: 'invalid_request',
  415: 'unsupported_media_type',
  429: 'rate_limited',
};

/** What fastify itself refuses: a body that is no JSON, is too large or of an unknown type, or does not fit its schema. */
function answerForFastify(error: FastifyError): Answer | undefined {
  if (error.validation !== undefined) {
    const issues = error.validation.map((finding) => {
      const rule = ruleOfFinding(finding);
      return {
        path: pathOf(finding.instancePath, error.validationContext),
        message: finding.message ?? 'is not valid',
        ...(rule === undefined ? {} : { rule }),
      };
    });
    const where = error.validationContext ?? 'request';
    return { status: 400, body: bodyOf('invalid_request', `the ${where} is not as expected`, issues) };
  }
  const status = error.statusCode;
  if (status === undefined || status < 400 || status >= 500) return undefined;
  return { status, body: bodyOf(codeOfStatus[status] ?? 'invalid_request', error.message) };
}

/** A finding holds the issue of zod in parts. */
const ruleOfFinding = ({ keyword, message = '', params }: FastifySchemaValidationError): IssueRule | undefined =>
  ruleOf({ ...params, code: keyword, message, path: [] } as z.core.$ZodIssue);

/** `/data/agent/0/id` of a body as `data.agent[0].id`; of anything else with its place in front, e.g. `query.limit`. */
function pathOf(instancePath: string, context: string | undefined): string {
  const place = context === undefined || context === 'body' ? '' : context === 'querystring' ? 'query' : context;
  return instancePath
    .split('/')
    .filter((key) => key !== '')
    .reduce((path, key) => (/^\d+$/.test(key) ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`), place);
}

const isFastifyError = (error: unknown): error is FastifyError =>
  error instanceof Error && ('validation' in error || ('code' in error && String(error.code).startsWith('FST_')));

/** Answers an error and logs what a person should look at. */
export function handleError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const answer = (isFastifyError(error) ? answerForFastify(error) : undefined) ?? answerFor(error);
  const about = { err: error, reqId: request.id, route: request.routeOptions.url };
  if (answer.status === 500) request.log.error(about, 'request failed');
  else if (answer.status > 500) request.log.warn(about, 'request refused');
  if (answer.status === 401) reply.header('www-authenticate', 'Bearer');
  if (answer.retryAfterSeconds !== undefined) reply.header('retry-after', String(answer.retryAfterSeconds));
  // Past the route's own serializer: its schemas are those of good answers, and would strip this one.
  return reply
    .status(answer.status)
    .header('content-type', 'application/json; charset=utf-8')
    .serializer((body: unknown) => JSON.stringify(body))
    .send(answer.body);
}
