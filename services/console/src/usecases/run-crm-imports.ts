import { setTimeout as setTimeoutAsync } from 'node:timers/promises';
import { type Bus, type ConfigStore, callRpc } from '@patchcord/bus';
import {
  type Contacts,
  type CrmImportClaim,
  type CrmImportJobs,
  fieldsOf,
  importPage,
  type ReadPage,
} from '@patchcord/contacts';
import { Failure, failureFromData, rpc } from '@patchcord/contracts';
import type { Logger, Part } from '@patchcord/runtime';
import { contactDatabaseOf } from './contact-database.ts';

export interface RunCrmImportsOptions {
  readonly bus: Bus;
  readonly config: ConfigStore;
  readonly contacts: Contacts;
  readonly jobs: CrmImportJobs;
  readonly log: Logger;
  /** For so long an import is one replica's; longer than a page may take (ms). */
  readonly leaseMs?: number;
  /** How often it is looked whether there is one (ms). */
  readonly everyMs?: number;
}

const budgetMs = 30_000;
const graceMs = 5000;
const pageSize = 100;

/**
 * Goes on with imports from CRMs, one page at a time, whoever of the replicas has time. The dispatcher speaks to the CRM,
 * within the limits of its connection; records go from its answer to the contacts, and are kept nowhere else.
 */
export function createCrmImportRunner(options: RunCrmImportsOptions): Part {
  const { jobs, log, leaseMs = 60_000, everyMs = 1000 } = options;
  let timer: NodeJS.Timeout | undefined;
  let isOver = false;
  let running: Promise<void> = Promise.resolve();
  const round = async (): Promise<void> => {
    for (;;) {
      if (isOver) return;
      const claim = await jobs.claim(leaseMs);
      if (claim === undefined) return;
      // A page each: several imports take turns, and a lease is never long.
      if ((await step(options, claim)) === 'more') await jobs.release(claim);
    }
  };
  const next = (): void => {
    timer = setTimeout(() => {
      running = round()
        .catch((error: unknown) => log.warn({ err: error }, 'an import from a CRM could not go on'))
        .finally(() => {
          if (!isOver) next();
        });
    }, everyMs);
  };
  return {
    name: 'crm-imports',
    start: () => Promise.resolve(next()),
    stop: async () => {
      isOver = true;
      clearTimeout(timer);
      // A page that is never answered is not waited for: another replica reads it again.
      await Promise.race([running, setTimeoutAsync(graceMs, undefined, { ref: false })]);
    },
  };
}

async function step(options: RunCrmImportsOptions, claim: CrmImportClaim): Promise<'more' | 'over' | 'later'> {
  const { bus, config, contacts, jobs } = options;
  const { tenantId, job } = claim;
  const read: ReadPage = async ({ connectionId, module, modifiedSince }, cursor) => {
    const asked = { tenantId, connectionId, module, fields: fieldsOf(job), limit: pageSize, budgetMs };
    const more = {
      ...(cursor === undefined ? {} : { cursor }),
      ...(modifiedSince === undefined ? {} : { modifiedSince }),
    };
    const reply = await callRpc(bus, rpc.crmList, { ...asked, ...more }, { timeoutMs: budgetMs + graceMs });
    if (reply.outcome === 'done') return reply;
    if (reply.failure !== undefined) throw failureFromData(reply.failure);
    throw new Failure('permanent', 'crm_unable', reply.why ?? 'this kind of CRM cannot list records');
  };
  const where = databaseOf(config, tenantId, job.databaseId);
  if (where instanceof Failure) {
    const updatedAt = new Date().toISOString();
    await jobs.finish(claim, { ...claim.state, state: 'failed', updatedAt, message: where.message });
    return 'over';
  }
  return importPage({ contacts, jobs }, { claim, where, read });
}

function databaseOf(config: ConfigStore, tenantId: string, id: string) {
  try {
    return contactDatabaseOf(config, tenantId, id);
  } catch (thrown) {
    if (thrown instanceof Failure) return thrown;
    throw thrown;
  }
}
