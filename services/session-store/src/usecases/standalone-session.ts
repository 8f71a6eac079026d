import { InvalidInput } from '@patchcord/bus';
import { Failure, type SessionChanges, type SessionWriter } from '@patchcord/contracts';
import type { StandaloneSession, StandaloneSessions } from '../domain/ports.ts';
import { etagMatches, sessionEtag } from '../domain/session-etag.ts';
import { dataProblem, sortChanges } from '../domain/session-rules.ts';

interface StandaloneWrite {
  readonly changes: SessionChanges;
  readonly by: SessionWriter;
  readonly lenient: boolean;
  readonly ifMatch?: string | undefined;
}

/**
 * Makes a session without a call, or writes into one, by the rules of every session.
 *
 * @throws InvalidInput permanent `invalid_request` | `payload_too_large`
 * @throws Failure permanent `revision_conflict`, own-trouble
 */
export interface StandaloneWrites {
  create(tenantId: string, write: StandaloneWrite): Promise<StandaloneSession>;
  write(tenantId: string, id: string, write: StandaloneWrite): Promise<StandaloneSession | undefined>;
}

export function createStandaloneWrites(sessions: StandaloneSessions): StandaloneWrites {
  return {
    create: (tenantId, write) => sessions.create(tenantId, merged({}, write)),
    write: (tenantId, id, write) =>
      sessions.change(tenantId, id, ({ data }) => {
        if (etagMatches(write.ifMatch, sessionEtag({ data }))) return merged(data, write);
        throw new Failure('permanent', 'revision_conflict', 'somebody else wrote into the session since it was read');
      }),
  };
}

function merged(before: StandaloneSession['data'], { changes: given, by, lenient }: StandaloneWrite) {
  const { changes, refused } = sortChanges(given, by);
  if (refused.length > 0 && !lenient)
    throw new InvalidInput('invalid_request', 'some of it may not be written, so nothing was', refused);
  const all = Object.entries({ ...before, ...changes }).filter(([, value]) => value !== null);
  const data = Object.fromEntries(all);
  const problem = dataProblem(data);
  if (problem === undefined) return data;
  throw new InvalidInput('payload_too_large', `expected ${problem}`, [{ path: '', message: `expected ${problem}` }]);
}
