import { randomUUID } from 'node:crypto';
import type { ConfigStore } from '@patchcord/bus';
import { type Crm, type CrmResult, connectionProblems } from '@patchcord/connectors';
import { type CrmConnection, type CrmDescribeReply, Failure, type FailureData } from '@patchcord/contracts';
import type { Egress } from '@patchcord/egress';
import type { ConnectCrm } from '../adapters/crm-connections.ts';
import type { CrmPassages } from '../adapters/crm-passages.ts';
import { httpJsonCrm } from '../adapters/http-json-crm.ts';

export interface AskCrmOptions {
  readonly config: Pick<ConfigStore, 'tenant'>;
  readonly connect: ConnectCrm;
  readonly egress: Egress;
  readonly passages: Pick<CrmPassages, 'open'>;
}

interface Asked {
  readonly tenantId: string;
  readonly connection: CrmConnection;
  readonly timeoutMs: number;
  readonly logInAnew?: boolean;
}

/** Asks the CRM of a connection on behalf of somebody who waits for it. Nothing is thrown. */
export type AskCrm = <Value>(of: Asked, act: (crm: Crm) => Promise<CrmResult<Value>>) => Promise<Answered<Value>>;

export interface Answered<Value> {
  readonly result: CrmResult<Value>;
  readonly durationMs: number;
}

export function createAskCrm({ connect, egress, passages }: AskCrmOptions): AskCrm {
  const open = (asked: Asked): Crm | Failure => {
    const problem = configurationProblem(asked.connection);
    if (problem !== undefined) return problem;
    if (asked.connection.connector === 'http-json') return httpJsonCrm({ ...asked, egress, passages });
    return connect({ ...asked, who: 'caller', messageId: `asked-${randomUUID()}` });
  };
  return async (asked, act) => {
    const startedAt = performance.now();
    const crm = open(asked);
    const result = crm instanceof Failure ? ({ outcome: 'failed', failure: crm } as const) : await act(crm);
    const durationMs = Math.round(performance.now() - startedAt);
    return { result: durationMs < asked.timeoutMs ? result : timedOut(result, asked), durationMs };
  };
}

/** A request that we broke off because the time was over looks like trouble of our own. */
function timedOut<Value>(result: CrmResult<Value>, { timeoutMs }: Asked): CrmResult<Value> {
  if (result.outcome !== 'failed' || result.failure.class !== 'own-trouble') return result;
  const failure = new Failure('transient', 'timeout', `the CRM was not done within ${timeoutMs} ms`);
  return { outcome: 'failed', failure };
}

/** Why a connection cannot be used as it is. */
export function configurationProblem(connection: CrmConnection): Failure | undefined {
  const problems = connectionProblems(connection);
  if (problems.length === 0) return undefined;
  const places = problems.map(({ path, expected }) => `${path}: expected ${expected}`);
  return new Failure('permanent', 'config_invalid', places.join('; '));
}

/** @throws Failure permanent `not_found` */
export function storedConnection({ config }: Pick<AskCrmOptions, 'config'>, tenantId: string, id: string) {
  const connection = config.tenant(tenantId)['crm-connection'].get(id);
  if (connection === undefined) throw new Failure('permanent', 'not_found', `there is no crm-connection "${id}"`);
  return connection;
}

/** How an answer is told: the outcome, and why it is none. */
export function told({
  result,
  durationMs,
}: Answered<unknown>): Pick<CrmDescribeReply, 'outcome' | 'failure' | 'why' | 'durationMs'> {
  switch (result.outcome) {
    case 'done':
      return { outcome: 'done', durationMs };
    case 'failed':
      return { outcome: 'failed', failure: shown(result.failure), durationMs };
    case 'unable':
      return { outcome: 'unable', why: result.why, durationMs };
  }
}

/** A defect of ours may hold anything in its text. */
export const shown = (failure: Failure): FailureData =>
  failure.class === 'defect'
    ? { class: 'defect', code: failure.code, message: 'the connector failed in a way that nobody thought of' }
    : failure.toData();

/** All requests of one question together have the connection's time, and no more than is asked for. */
export const timeOf = ({ timeoutMs }: CrmConnection, budgetMs: number): number => Math.min(timeoutMs, budgetMs);
