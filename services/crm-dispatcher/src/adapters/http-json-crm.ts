import { aboutConnection, type Crm, type CrmResult, httpJson } from '@patchcord/connectors';
import type { CrmConnection } from '@patchcord/contracts';
import type { Egress } from '@patchcord/egress';
import { recordOfEntry } from '../domain/crm-calls.ts';

export interface HttpJsonAsked {
  readonly egress: Egress;
  readonly tenantId: string;
  readonly connection: CrmConnection;
  readonly timeoutMs: number;
}

/** A destination for JSON as if it were a CRM: it takes calls, and says why it takes nothing else. */
export function httpJsonCrm({ egress, tenantId, connection, timeoutMs }: HttpJsonAsked): Crm {
  const why = aboutConnection(connection).cannot.read ?? 'it only takes calls';
  const unable = (): Promise<CrmResult<never>> => Promise.resolve({ outcome: 'unable', why });
  return {
    test: unable,
    listModules: unable,
    listFields: unable,
    searchByPhone: unable,
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
      const sent = await httpJson.logCall({ egress, connection, timeoutMs }, record, entry.key);
      if (!sent.ok) return { outcome: 'failed', failure: sent.failure };
      const ref = { module: 'call-records', id: record.recordId };
      return { outcome: 'done', value: { ref, again: false, cut: [] } };
    },
  };
}
