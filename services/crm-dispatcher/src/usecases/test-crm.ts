import { InvalidInput } from '@patchcord/bus';
import type { Crm, CrmResult } from '@patchcord/connectors';
import type { CrmConnection, CrmTestReply, CrmTestRequest, CrmTestStep } from '@patchcord/contracts';
import { sampleCall } from '../domain/crm-calls.ts';
import { crmHitOf, mapped } from '../domain/crm-hits.ts';
import { defined } from '../domain/defined.ts';
import { draftConnection } from '../domain/draft-connection.ts';
import { type AskCrm, type AskCrmOptions, configurationProblem, shown, storedConnection, timeOf } from './ask-crm.ts';
import { logCall } from './log-call-in-crm.ts';

/** @throws Failure permanent `not_found` | InvalidInput permanent `config_invalid` */
export type TestCrm = (request: CrmTestRequest) => Promise<CrmTestReply>;

/** Tries a connection step by step: its configuration, who we are in the CRM, a search, a call. */
export function createTestCrm(options: Pick<AskCrmOptions, 'config'>, ask: AskCrm): TestCrm {
  return async (request) => {
    const { tenantId, phone } = request;
    const connection = { ...connectionOf(options, request), enabled: true };
    const run = startSteps(ask, { tenantId, connection, budgetMs: request.budgetMs });
    run.configuration(connection);
    const user = await run.step({ step: 'log-in', act: (crm) => crm.test(), say: (one) => `we are ${one.user}` });
    const found = phone === undefined ? undefined : await run.step(searching(connection, phone));
    const call = request.logCall ? await run.step(logging(connection, phone)) : undefined;
    return { ...run.summary(), ...defined({ user: user?.user, hits: found?.hits, call }) };
  };
}

function connectionOf(options: Pick<AskCrmOptions, 'config'>, request: CrmTestRequest): CrmConnection {
  const { tenantId, connectionId, connection } = request;
  if ((connectionId === undefined) === (connection === undefined)) {
    const message = 'expected either the id of a connection, or a connection';
    throw new InvalidInput('invalid_request', message, [{ path: 'connection', message }]);
  }
  if (connectionId !== undefined) return storedConnection(options, tenantId, connectionId);
  return draftConnection(options.config.tenant(tenantId), connection);
}

interface Step<Value> {
  readonly step: Exclude<CrmTestStep['step'], 'configuration'>;
  readonly act: (crm: Crm) => Promise<CrmResult<Value>>;
  /** What was done, for people. */
  readonly say: (value: Value) => string;
}

type Search = { readonly hits: NonNullable<CrmTestReply['hits']>; readonly why?: string };

const mostHits = 20;

const searching = ({ id: connection }: CrmConnection, phone: string): Step<Search> => ({
  step: 'search',
  act: async (crm) => {
    const found = await crm.searchByPhone({ number: phone });
    return mapped(found, (one) =>
      one.searched
        ? { hits: one.hits.slice(0, mostHits).map((hit) => crmHitOf(hit, { connection, crm, fields: [hit.field] })) }
        : { hits: [], why: one.why },
    );
  },
  say: ({ hits, why }) => {
    if (why !== undefined) return `nobody was looked for: ${why}`;
    if (hits.length === 0) return 'nobody has the number';
    return hits.length === 1 ? 'one has the number' : `${hits.length} have the number`;
  },
});

const logging = (connection: CrmConnection, phone: string | undefined): Step<NonNullable<CrmTestReply['call']>> => ({
  step: 'log-call',
  act: (crm) => logCall(crm, sampleCall(phone), { connection, userId: undefined }),
  say: ({ module, about, cut }) => {
    const at = about.length === 0 ? 'at nobody' : `at ${about.map((one) => one.module).join(', ')}`;
    return `a test call was written into ${module}, ${at}${cut.length === 0 ? '' : `; cut: ${cut.join(', ')}`}`;
  },
});

interface Running {
  readonly tenantId: string;
  readonly connection: CrmConnection;
  readonly budgetMs: number;
}

/** Runs steps one after the other. After one that none other can do without, they are skipped. */
function startSteps(ask: AskCrm, { tenantId, connection, budgetMs }: Running) {
  const startedAt = performance.now();
  const steps: CrmTestStep[] = [];
  const spentMs = (): number => Math.round(performance.now() - startedAt);
  const whySkipped = (): string | undefined => {
    const needed = steps.find(({ step, outcome }) => step !== 'search' && outcome === 'failed');
    if (needed !== undefined) return `the step before it failed: ${needed.step}`;
    return spentMs() >= budgetMs ? 'there was no time left' : undefined;
  };
  return {
    configuration: (tested: CrmConnection): void => {
      const problem = configurationProblem(tested);
      const step = { step: 'configuration', durationMs: 0 } as const;
      if (problem === undefined) steps.push({ ...step, outcome: 'done', message: 'as this kind of CRM wants it' });
      else steps.push({ ...step, outcome: 'failed', message: problem.message, failure: problem.toData() });
    },
    step: async <Value>({ step, act, say }: Step<Value>): Promise<Value | undefined> => {
      const skipped = whySkipped();
      if (skipped !== undefined) {
        steps.push({ step, outcome: 'skipped', durationMs: 0, message: skipped });
        return undefined;
      }
      const timeoutMs = timeOf(connection, budgetMs - spentMs());
      const answer = await ask({ tenantId, connection, timeoutMs, logInAnew: step === 'log-in' }, act);
      steps.push({ step, durationMs: answer.durationMs, ...outcomeOf(answer.result, say) });
      return answer.result.outcome === 'done' ? answer.result.value : undefined;
    },
    summary: (): Pick<CrmTestReply, 'outcome' | 'steps' | 'durationMs'> => ({
      outcome: steps.some(({ outcome }) => outcome === 'failed') ? 'failed' : 'passed',
      steps,
      durationMs: spentMs(),
    }),
  };
}

function outcomeOf<Value>(
  result: CrmResult<Value>,
  say: (value: Value) => string,
): Pick<CrmTestStep, 'outcome' | 'message' | 'failure'> {
  switch (result.outcome) {
    case 'done':
      return { outcome: 'done', message: say(result.value) };
    case 'unable':
      return { outcome: 'unable', message: result.why };
    case 'failed': {
      const failure = shown(result.failure);
      return { outcome: 'failed', message: failure.message, failure };
    }
  }
}
