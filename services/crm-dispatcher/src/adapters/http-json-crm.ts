import { aboutConnection, type Crm, type CrmResult, httpJson } from '@patchcord/connectors';
import type { CrmConnection } from '@patchcord/contracts';
import type { Egress } from '@patchcord/egress';
import { recordOfEntry } from '../domain/crm-calls.ts';
import type { CrmPassages } from './crm-passages.ts';

export interface HttpJsonAsked {
  readonly egress: Egress;
  readonly passages: Pick<CrmPassages, 'open'>;
  readonly tenantId: string;
  readonly connection: CrmConnection;
  readonly timeoutMs: number;
}

/** A destination for JSON as if it were a CRM: it takes calls, and says why it takes nothing else. */
export function httpJsonCrm({ egress, passages, tenantId, connection, timeoutMs }: HttpJsonAsked): Crm {
  const why = aboutConnection(connection).cannot.read ?? 'it only takes calls';
  const unable = (): Promise<CrmResult<never>> => Promise.resolve({ outcome: 'unable', why });
  return {
    test: unable,
    listModules: unable,
    listFields: unable,
    searchByPhone: unable,
    searchByEmail: unable,
    find: unable,
    read: unable,
    create: unable,
    update: unable,
    upsert: unable,
    attachNote: unable,
    link: unable,
    listRecords: unable,
    listUsers: unable,
    setPresence: unable,
    deepLink: () => undefined,
    findLagMs: () => 0,
    logCall: async (entry) => {
      const record = recordOfEntry(entry, tenantId);
      const passage = passages.open({ tenantId, connection, who: 'caller', deadline: Date.now() + timeoutMs });
      const limited: Pick<Egress, 'send'> = { send: (one) => passage.send(one, (it) => egress.send(it), false) };
      const sent = await httpJson.logCall({ egress: limited, connection, timeoutMs }, record, entry.key);
      passage.note({ durationMs: sent.durationMs, failure: sent.ok ? undefined : sent.failure });
      if (!sent.ok) return { outcome: 'failed', failure: sent.failure };
      const ref = { module: 'call-records', id: record.recordId };
      return { outcome: 'done', value: { ref, again: false, cut: [] } };
    },
  };
}
