import type { WorkQueue, workQueuesReply } from '@patchcord/contracts';
import type { JobQueue } from '@patchcord/jobs';
import type { z } from 'zod';
import { parseQueue } from '../domain/destinations.ts';

export interface ListWorkQueuesOptions {
  readonly names: () => Promise<readonly string[]>;
  readonly open: (queue: string) => Pick<JobQueue<unknown>, 'depth' | 'oldestAgeMs'>;
}

export type ListWorkQueues = (request: { readonly tenantId: string }) => Promise<z.infer<typeof workQueuesReply>>;

/** The tenant's own queues, and those that all tenants share. Throws own-trouble. */
export function createListWorkQueues({ names, open }: ListWorkQueuesOptions): ListWorkQueues {
  const look = async (name: string, key: string | undefined): Promise<WorkQueue> => {
    const queue = open(name);
    const [depth, oldestAgeMs] = await Promise.all([queue.depth(), queue.oldestAgeMs()]);
    return {
      name,
      ...(key === undefined ? { of: 'shared' } : { of: 'tenant', destination: key }),
      ...depth,
      ...(oldestAgeMs === undefined ? {} : { oldestAgeMs }),
    };
  };
  return async ({ tenantId }) => {
    const known = (await names()).toSorted().map((name) => ({ name, parsed: parseQueue(name) }));
    const seen = known.filter(({ parsed }) => parsed === undefined || parsed.tenantId === tenantId);
    return { queues: await Promise.all(seen.map(({ name, parsed }) => look(name, parsed?.key))) };
  };
}
