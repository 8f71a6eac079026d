import { Failure } from '@patchcord/contracts';
import { isTooLong } from './failures.ts';
import type { CallEntry, CrmApi, CrmConnector, RecordRef } from './port.ts';

/** What is known of calls that were logged in a CRM which has no key of ours. Throws `Failure` own-trouble. */
export interface CallLedger {
  /** `begun`: somebody began to write it, last at `beganAt` (ms since 1970), and how that ended is not known. */
  get(
    key: string,
  ): Promise<
    | { readonly state: 'begun'; readonly beganAt: number }
    | { readonly state: 'written'; readonly ref: RecordRef }
    | undefined
  >;
  begin(key: string): Promise<void>;
  written(key: string, ref: RecordRef): Promise<void>;
  /** It is sure that nothing was written. */
  forget(key: string): Promise<void>;
}

interface Logging<Settings> {
  readonly connector: CrmConnector<Settings>;
  readonly api: CrmApi<Settings>;
  readonly ledger: CallLedger;
}

/**
 * Writes a call into the CRM so that it is there once, however often it is written, and whatever became of the answer
 * before. Where the CRM holds our key it sees to that itself; else we note what we wrote, and look before we repeat what
 * had no answer.
 */
export async function loggedOnce<Settings>(
  logging: Logging<Settings>,
  entry: CallEntry,
): Promise<{ readonly ref: RecordRef; readonly again: boolean }> {
  const { connector, api } = logging;
  const { isKeyed } = connector.calls;
  if (typeof isKeyed === 'function' ? isKeyed(api.settings) : isKeyed)
    return { ref: await connector.logCall(api, entry), again: false };
  const known = await knownCall(logging, entry.key);
  if (known !== undefined) {
    await connector.updateCall?.(api, known, entry);
    return { ref: known, again: true };
  }
  return { ref: await create(logging, entry), again: false };
}

/** The call, if it is there already. */
async function knownCall<Settings>(
  { connector, api, ledger }: Logging<Settings>,
  key: string,
): Promise<RecordRef | undefined> {
  const noted = await ledger.get(key);
  if (noted === undefined) return undefined;
  if (noted.state === 'written') return noted.ref;
  const found = await connector.findCall?.(api, key);
  if (found !== undefined) await ledger.written(key, found);
  else if (Date.now() < noted.beganAt + (connector.calls.findLagMs?.(api.settings) ?? 0)) throw tooEarly();
  return found;
}

/** What was written may be there, though a search does not find it yet: to write it again would be to guess. */
const tooEarly = (): Failure =>
  new Failure('transient', 'crm_index_lag', 'whether the call was written is not known yet: a search finds it later');

async function create<Settings>({ connector, api, ledger }: Logging<Settings>, entry: CallEntry): Promise<RecordRef> {
  await ledger.begin(entry.key);
  let isWritten = false;
  const written = async (ref: RecordRef): Promise<void> => {
    isWritten = true;
    await ledger.written(entry.key, ref);
  };
  try {
    const ref = await connector.logCall(api, entry, written);
    if (!isWritten) await written(ref);
    return ref;
  } catch (thrown) {
    if (!isWritten && wasRefused(thrown)) await ledger.forget(entry.key);
    throw thrown;
  }
}

/** The CRM answered, and what it answered says that it wrote nothing. A 5xx may have been written. */
const wasRefused = (thrown: unknown): boolean =>
  thrown instanceof Failure && (thrown.class === 'permanent' || thrown.class === 'throttled') && !isTooLong(thrown);
