import { randomUUID } from 'node:crypto';
import { callRpc, type Served, serveRpc } from '@patchcord/bus';
import {
  type CardResultRequest,
  type LinkedRecord,
  type RunWorkflowReply,
  type RunWorkflowRequest,
  rpc,
  type Session,
  type WriteSessionRequest,
} from '@patchcord/contracts';
import { eventually } from '@patchcord/testkit';
import { type FakeDynamics, startFakeDynamics } from '../../../libs/connectors/test/crm/dynamics/fake.ts';
import { apiKey, startFakeEspoCrm } from '../../../libs/connectors/test/crm/espocrm/fake.ts';
import type { CrmCall } from '../../../libs/connectors/test/crm/fake-http.ts';
import { type FakeSalesforce, startFakeSalesforce } from '../../../libs/connectors/test/crm/salesforce/fake.ts';
import { session } from './automation-scene.ts';
import { newCallId, tenantId } from './call.ts';
import { type Fixture, onThisMachine, startFixture } from './fixture.ts';

export interface Scene {
  readonly fixture: Fixture;
  readonly salesforce: FakeSalesforce;
  readonly dynamics: FakeDynamics;
  readonly espo: Awaited<ReturnType<typeof startFakeEspoCrm>>;
  /** Calls that the session store knows, what was written into them, and what cards were told. */
  readonly sessions: Map<string, Session>;
  readonly written: WriteSessionRequest[];
  readonly cards: CardResultRequest[];
  readonly linked: Map<string, LinkedRecord[]>;
  readonly workflow: (id: string, more: object) => Promise<void>;
  readonly newCall: (more?: Partial<Session>) => string;
  readonly run: (workflowId: string, more?: Partial<RunWorkflowRequest>) => Promise<RunWorkflowReply>;
  stop(): Promise<void>;
}

export const newRunId = (): string => `run-${randomUUID()}`;

/** Two dispatchers, three CRMs, and those whom they tell of what came of it. */
export async function startScene(): Promise<Scene> {
  const [fixture, salesforce, dynamics, espo] = await Promise.all([
    startFixture(),
    startFakeSalesforce(),
    startFakeDynamics(),
    startFakeEspoCrm(),
  ]);
  const sessions = new Map<string, Session>();
  const written: WriteSessionRequest[] = [];
  const cards: CardResultRequest[] = [];
  const linked = new Map<string, LinkedRecord[]>();
  const served = serve(fixture, { sessions, written, cards, linked });
  await configure(fixture, { salesforce: salesforce.url, dynamics: dynamics.url, espo: espo.url });
  await fixture.startReplica();
  await fixture.startReplica();
  const run: Scene['run'] = (workflowId, more = {}) =>
    callRpc(
      fixture.bus,
      rpc.runWorkflow,
      { tenantId, workflowId, runId: newRunId(), input: {}, by: { kind: 'api' }, ...more },
      { timeoutMs: 20_000 },
    );
  return {
    fixture,
    salesforce,
    dynamics,
    espo,
    sessions,
    written,
    cards,
    linked,
    run,
    workflow: async (id, more) => {
      await fixture.config.put(tenantId, 'crm-workflow', { id, name: id, ...more });
      await eventually(async () => {
        const reply = await run(id, { budgetMs: 1, runId: `probe-${newRunId()}`, input: probe });
        return !(reply.outcome === 'failed' && reply.failure.code === 'workflow_unknown');
      });
    },
    newCall: (more = {}) => {
      const callId = newCallId();
      sessions.set(callId, { ...session, tenantId, callId, ...more });
      return callId;
    },
    stop: async () => {
      await Promise.all(served.map((one) => one.stop()));
      await fixture.stop();
      await Promise.all([salesforce.close(), dynamics.close(), espo.close()]);
    },
  };
}

/** No workflow may be started with it: what a replica knows of is seen, and nothing is done. */
const probe = { values: { NoSuchField: 'x' }, record: { module: 'NoSuchModule', id: 'x' } };

const bearer = { salesforce: 'Bearer 00Dxx0000001gPF!AQ', dynamics: 'Bearer eyJ0.entra' };

async function configure(fixture: Fixture, urls: Record<'salesforce' | 'dynamics' | 'espo', string>): Promise<void> {
  const put = (id: string, connector: string, baseUrl: string, more: object) =>
    fixture.config.put(tenantId, 'crm-connection', {
      id,
      name: id,
      connector,
      baseUrl,
      egress: onThisMachine,
      ...more,
    });
  await put('sf', 'salesforce', urls.salesforce, { headers: { authorization: bearer.salesforce }, timeoutMs: 3000 });
  await put('dyn', 'dynamics', urls.dynamics, { headers: { authorization: bearer.dynamics }, timeoutMs: 3000 });
  await put('espo', 'espocrm', urls.espo, { headers: { 'x-api-key': apiKey }, timeoutMs: 3000 });
  await put('json', 'http-json', fixture.crm.url, {});
}

function serve(
  { bus }: Fixture,
  { sessions, written, cards, linked }: Pick<Scene, 'sessions' | 'written' | 'cards' | 'linked'>,
): Served[] {
  return [
    serveRpc(bus, rpc.readSession, async ({ callId }) => {
      const known = sessions.get(callId);
      return known === undefined
        ? { outcome: 'unknown' as const }
        : { outcome: 'found' as const, session: known, etag: '1' };
    }),
    serveRpc(bus, rpc.writeSession, async (request) => {
      written.push(request);
      return { outcome: 'written' as const, version: 1, etag: '2', data: {} };
    }),
    serveRpc(bus, rpc.cardResult, async (request) => {
      cards.push(request);
      return { outcome: 'stored' as const, cardId: request.callId, version: 1 };
    }),
    serveRpc(bus, rpc.linkedRecords, async ({ callId }) => ({ linked: linked.get(callId) ?? [], pinned: [] })),
  ];
}

/** A request that makes a record. */
export const isCreate =
  (module: string) =>
  ({ method, path }: CrmCall): boolean =>
    method === 'POST' && path.at(-1) === module;
