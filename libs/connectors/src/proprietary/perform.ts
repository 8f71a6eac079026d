import { type CrmOperation, type DescribedAnswer, type DescribedRequest, Failure } from '@patchcord/contracts';
import type { CrmApi } from '../crm/port.ts';
import { pagingOf, rowsOf, unreadableCode } from './answer.ts';
import { filledRequest } from './fill.ts';
import type { Settings } from './settings.ts';

const reading: readonly CrmOperation[] = [
  'test',
  'searchByPhone',
  'search',
  'read',
  'findCall',
  'listRecords',
  'listUsers',
];

/** Throws `Failure` for what is not described; {@link CrmConnector.cannot} says it before. */
export function requestOf({ settings }: CrmApi<Settings>, operation: CrmOperation): DescribedRequest {
  const request = settings.described.requests[operation];
  if (request !== undefined) return request;
  throw new Failure('permanent', 'request_missing', `the connection does not describe the request "${operation}"`);
}

interface Performed {
  readonly rows: readonly unknown[];
  readonly described: DescribedAnswer;
  /** Of lists. */
  readonly next: string | undefined;
  readonly total: number | undefined;
}

/** Sends one of the requests that are described; the records in the answer, as they stand there. */
export async function perform(
  api: CrmApi<Settings>,
  operation: CrmOperation,
  values: Readonly<Record<string, unknown>>,
): Promise<Performed> {
  const request = requestOf(api, operation);
  const { answer: described } = request;
  const reads = reading.includes(operation);
  const mayMiss = reads && operation !== 'test';
  const answer = await api.ask({
    ...filledRequest(request, values),
    ...(mayMiss ? { expect: described.notFoundStatus } : {}),
    ...(reads ? {} : { writes: true }),
  });
  try {
    return { rows: rowsOf(described, answer), described, ...pagingOf(described, answer) };
  } catch (thrown) {
    throw operation === 'logCall' ? unknownWhetherWritten(thrown) : thrown;
  }
}

/** It may have been written: it is looked up before it is repeated, which what is refused for good would not be. */
function unknownWhetherWritten(thrown: unknown): unknown {
  if (!(thrown instanceof Failure) || thrown.code !== unreadableCode) return thrown;
  return new Failure('transient', thrown.code, thrown.message, { cause: thrown });
}
