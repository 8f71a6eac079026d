import { type CourseStep, courseOf, digitalContactOf } from '@patchcord/call-model';
import type { DigitalContact } from '@patchcord/contracts';
import type { DigitalRef, DigitalStore } from '../domain/ports.ts';

interface DigitalFilter {
  readonly limit: number;
  /** Only those of which he has, or had, a segment. */
  readonly agentId?: string | undefined;
}

export interface FindDigital {
  /** Open contacts, those that changed last first. */
  open(tenantId: string, filter: DigitalFilter): Promise<DigitalContact[]>;
  one(ref: DigitalRef): Promise<{ readonly contact: DigitalContact; readonly course: CourseStep[] } | undefined>;
}

/** So many contacts are looked at in one go. */
const pageSize = 100;

export function createFindDigital(store: Pick<DigitalStore, 'read' | 'openOf'>): FindDigital {
  const one: FindDigital['one'] = async (ref) => {
    const { log, version } = await store.read(ref);
    return log.length === 0 ? undefined : { contact: digitalContactOf(ref, log, version), course: courseOf(log) };
  };
  return {
    one,
    open: async (tenantId, { limit, agentId }) => {
      const found: DigitalContact[] = [];
      for (let from = 0; found.length < limit; from += pageSize) {
        const ids = await store.openOf(tenantId, { from, count: pageSize, agentId });
        const contacts = await Promise.all(ids.map((contactId) => one({ tenantId, contactId })));
        // The list may still hold one that was closed just now.
        for (const read of contacts)
          if (read?.contact.state === 'open' && isOf(read.contact, agentId)) found.push(read.contact);
        if (ids.length < pageSize) break;
      }
      return found.slice(0, limit);
    },
  };
}

/** Whether an agent takes part in a contact; everybody's (undefined) is anybody's. */
export const isOf = ({ segments }: DigitalContact, agentId: string | undefined): boolean =>
  agentId === undefined || segments.some(({ agent }) => agent.agentId === agentId);
