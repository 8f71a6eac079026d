import { createHash, randomUUID } from 'node:crypto';
import { type Bus, type ConfigStore, callRpc } from '@patchcord/bus';
import {
  Failure,
  failureFromData,
  rpc,
  runWorkflowReply,
  token,
  workflowInput,
  workflowRunId,
  workflowRunReply,
} from '@patchcord/contracts';
import { type HttpServer, type Identity, identityOf, requireScope } from '@patchcord/runtime';
import { z } from 'zod';

export interface WorkflowRunRoutes {
  readonly bus: Bus;
  readonly config: ConfigStore;
}

const tags = ['workflows'];
const onRequest = requireScope('routing:decide');

/** Whatever the workflow's own limit is: 60 s at most (ms). */
const answerMs = 62_000;
const readMs = 3000;

const wholeMs = z.number().int().min(1).max(60_000);

const body = z
  .strictObject({
    workflowInput: workflowInput.prefault({}),
    callId: token
      .optional()
      .meta({ description: 'The call it belongs to: its values can be used, its card shows what comes of it' }),
    interactionId: token.optional(),
    runId: workflowRunId
      .optional()
      .meta({ description: 'Names the run: the same again does nothing twice. Or send `Idempotency-Key`' }),
    timeoutMilliSec: z
      .union([
        wholeMs,
        z
          .string()
          .regex(/^\d{1,5}$/, 'expected milliseconds, e.g. "6000"')
          .transform(Number)
          .pipe(wholeMs),
      ])
      .optional()
      .meta({ description: 'An answer after this time is of no use; what is being written goes on' }),
  })
  .meta({
    id: 'WorkflowStart',
    examples: [
      { workflowInput: { phoneNumber: '+14155550123' }, callId: 'c-berlin-1795218080_2E1608' },
      { workflowInput: { search: { entity: 'Contact', filter: "LastName = 'Weber'" } }, timeoutMilliSec: '6000' },
    ],
  });

const answer = runWorkflowReply.and(z.object({ runId: z.string() }));

const headers = z.looseObject({
  'idempotency-key': z
    .string()
    .min(1)
    .max(256)
    .optional()
    .meta({ description: 'The same run again does nothing twice' }),
});

/** Runs CRM workflows, and tells what became of them. */
export function registerWorkflowRuns(app: HttpServer, { bus, config }: WorkflowRunRoutes): void {
  const demandKnown = (tenantId: string, id: string): void => {
    if (config.tenant(tenantId)['crm-workflow'].has(id)) return;
    throw new Failure('permanent', 'not_found', `there is no workflow "${id}"`);
  };
  const run = {
    summary: 'Runs a CRM workflow and waits for what comes of it',
    tags,
    params: z.object({ id: token }),
    headers,
    body,
    response: { 200: answer },
  };
  app.post('/v1/workflows/:id/run', { onRequest, schema: run }, async (request) => {
    const identity = identityOf(request);
    const { tenantId } = identity;
    const { id: workflowId } = request.params;
    demandKnown(tenantId, workflowId);
    const { workflowInput: input, timeoutMilliSec: budgetMs, runId: given, ...of } = request.body;
    const runId = ofAgent(identity, given ?? runIdOf(identity, request.headers['idempotency-key']));
    await demandCall(bus, identity, request.body.callId);
    const asked = { ...of, tenantId, workflowId, runId, input, by: authorOf(identity), budgetMs };
    const reply = await callRpc(bus, rpc.runWorkflow, asked, { timeoutMs: answerMs });
    if (reply.outcome === 'failed' && reply.failure.code === 'run_differs') throw failureFromData(reply.failure);
    return { ...reply, runId };
  });
  const state = {
    summary: 'What became of a run of a CRM workflow',
    tags,
    params: z.object({ id: token, runId: workflowRunId }),
    response: { 200: workflowRunReply },
  };
  app.get('/v1/workflows/:id/runs/:runId', { onRequest, schema: state }, async (request) => {
    const identity = identityOf(request);
    const { tenantId } = identity;
    const { id: workflowId } = request.params;
    const runId = ofAgent(identity, request.params.runId);
    const reply = await callRpc(bus, rpc.workflowRun, { tenantId, workflowId, runId }, { timeoutMs: readMs });
    if (reply.state !== 'unknown') return reply;
    throw new Failure('permanent', 'not_found', 'there is no such run, or it is too long ago');
  });
}

const authorOf = ({ agentId, tokenId }: Identity) =>
  agentId === undefined ? ({ kind: 'api', id: tokenId } as const) : ({ kind: 'agent', id: agentId } as const);

/** A key may hold anything, and is one of its token alone. */
const runIdOf = ({ tokenId }: Identity, key: string | undefined): string =>
  key === undefined ? randomUUID() : `k-${createHash('sha256').update(`${tokenId} ${key}`).digest('base64url')}`;

/** Who acts for one agent names and reads runs of that agent alone. */
function ofAgent({ agentId }: Identity, runId: string): string {
  const own = `agent-${agentId}.`;
  return agentId === undefined || runId.startsWith(own) ? runId : withinLimit(own, runId);
}

const longestRunId = 256;

/** One that would be too long is another text of the same meaning. */
const withinLimit = (own: string, runId: string): string => {
  const whole = `${own}${runId}`;
  return whole.length <= longestRunId ? whole : `${own}${createHash('sha256').update(runId).digest('base64url')}`;
};

/** A workflow uses, shows and writes values of its call: who acts for one agent starts it for his own calls only. */
async function demandCall(bus: Bus, { tenantId, agentId }: Identity, callId: string | undefined): Promise<void> {
  if (agentId === undefined || callId === undefined) return;
  const reply = await callRpc(bus, rpc.readSession, { tenantId, callId }, { timeoutMs: readMs });
  const isHis = reply.outcome === 'found' && reply.session.interactions.some(({ agent }) => agent?.agentId === agentId);
  if (!isHis) throw new Failure('permanent', 'not_found', `there is no call "${callId}"`);
}
