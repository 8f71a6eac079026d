import { type Bus, type Served, serveRpc } from '@patchcord/bus';
import { type RpcDefinition, rpc } from '@patchcord/contracts';
import type { Part } from '@patchcord/runtime';
import type { DeliveryLog } from '../adapters/delivery-log.ts';
import type { DispatcherMetrics } from '../adapters/metrics.ts';
import type { AskCrms } from '../usecases/ask-crms.ts';
import type { CheckFrame } from '../usecases/check-frame.ts';
import type { BeginConsent, EndConsent } from '../usecases/consent.ts';
import type { DiscardJob } from '../usecases/discard-job.ts';
import type { ListPops } from '../usecases/give-out-pop.ts';
import type { Identify } from '../usecases/identify.ts';
import type { ListWorkQueues } from '../usecases/list-work-queues.ts';
import type { Lookup } from '../usecases/lookup.ts';
import type { ReplayJob } from '../usecases/replay-job.ts';
import type { ReportDestinations } from '../usecases/report-destinations.ts';
import type { WorkflowRunner } from '../usecases/run-workflow.ts';
import type { Secrets } from '../usecases/secrets.ts';
import type { SignIn } from '../usecases/sign-in.ts';
import type { TellCrmHealth } from '../usecases/tell-crm-health.ts';
import type { TestAutomation } from '../usecases/test-automation.ts';
import type { TestSite } from '../usecases/test-site.ts';

export interface RpcOptions {
  readonly bus: Bus;
  readonly metrics: DispatcherMetrics;
  readonly lookup: Lookup;
  readonly identify: Identify;
  readonly replayJob: ReplayJob;
  readonly discardJob: DiscardJob;
  readonly deliveries: Pick<DeliveryLog, 'list'>;
  readonly secrets: Pick<Secrets, 'put' | 'list' | 'remove'>;
  readonly beginConsent: BeginConsent;
  readonly endConsent: EndConsent;
  readonly signIn: SignIn;
  readonly askCrms: AskCrms;
  readonly testSite: TestSite;
  readonly testAutomation: TestAutomation;
  readonly listPops: ListPops;
  readonly checkFrame: CheckFrame;
  readonly runner: Pick<WorkflowRunner, 'run' | 'read'>;
  readonly tellCrmHealth: TellCrmHealth;
  readonly reportDestinations: ReportDestinations;
  readonly listWorkQueues: ListWorkQueues;
}

/** Callers wait on the line: more at once than any PBX asks, but not without bound. */
const lookupsAtOnce = 2000;

/** What other services may ask of the dispatcher. */
export function rpcPart(options: RpcOptions): Part {
  const { bus, metrics, lookup, identify, replayJob, discardJob, deliveries, testSite, listPops } = options;
  let served: Served[] = [];
  const serve = <Request, Reply extends object>(
    definition: RpcDefinition<Request, Reply>,
    handler: (request: Request) => Promise<Reply>,
    concurrency = 64,
  ): Served => serveRpc(bus, definition, measured(metrics, definition.verb, handler), { concurrency });
  return {
    name: 'rpc',
    start: async () => {
      served = [
        serve(rpc.lookup, lookup, lookupsAtOnce),
        serve(rpc.identify, identify, lookupsAtOnce),
        serve(rpc.replayJob, replayJob),
        serve(rpc.discardJob, discardJob),
        serve(rpc.listDeliveries, (query) => deliveries.list(query)),
        serve(rpc.destinations, options.reportDestinations),
        serve(rpc.workQueues, options.listWorkQueues),
        ...serveSecrets(serve, options),
        ...serveCrms(serve, options),
        ...serveSignIn(serve, options),
        serve(rpc.testSite, testSite),
        serve(rpc.testAutomation, options.testAutomation),
        serve(rpc.screenPops, listPops),
        serve(rpc.checkFrame, options.checkFrame),
        serve(rpc.runWorkflow, (request) => options.runner.run(request), lookupsAtOnce),
        serve(rpc.workflowRun, options.runner.read),
        serve(rpc.crmHealth, options.tellCrmHealth),
      ];
    },
    stop: () => Promise.all(served.map((each) => each.stop())),
  };
}

type Serve = <Request, Reply extends object>(
  definition: RpcDefinition<Request, Reply>,
  handler: (request: Request) => Promise<Reply>,
) => Served;

const serveSecrets = (serve: Serve, { secrets, beginConsent, endConsent }: RpcOptions): Served[] => [
  serve(rpc.putSecret, secrets.put),
  serve(rpc.listSecrets, async ({ tenantId }) => ({ secrets: secrets.list(tenantId) })),
  serve(rpc.removeSecret, async ({ tenantId, id }) => ({
    outcome: (await secrets.remove(tenantId, id)) ? ('removed' as const) : ('unknown' as const),
  })),
  serve(rpc.beginConsent, beginConsent),
  serve(rpc.endConsent, endConsent),
];

const serveSignIn = (serve: Serve, { signIn }: RpcOptions): Served[] => [
  serve(rpc.beginSignIn, (request) => signIn.begin(request)),
  serve(rpc.endSignIn, (request) => signIn.end(request)),
  serve(rpc.endProviderSession, (request) => signIn.endSession(request)),
];

const serveCrms = (serve: Serve, { askCrms }: RpcOptions): Served[] => [
  serve(rpc.crmTest, askCrms.test),
  serve(rpc.crmDescribe, askCrms.describe),
  serve(rpc.crmSearch, askCrms.search),
  serve(rpc.crmLogCall, askCrms.logCall),
  serve(rpc.crmList, askCrms.list),
  serve(rpc.crmUsers, askCrms.users),
  serve(rpc.previewMemorialization, askCrms.preview),
];

function measured<Request, Reply extends object>(
  metrics: DispatcherMetrics,
  verb: string,
  handler: (request: Request) => Promise<Reply>,
): (request: Request) => Promise<Reply> {
  return async (request) => {
    const startedAt = performance.now();
    let outcome = 'error';
    try {
      const reply = await handler(request);
      outcome = 'outcome' in reply ? String(reply.outcome) : 'ok';
      return reply;
    } finally {
      metrics.rpc(verb, outcome, startedAt);
    }
  };
}
