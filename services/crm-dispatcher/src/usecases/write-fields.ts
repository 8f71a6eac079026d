import type { CrmResult } from '@patchcord/connectors';
import { Failure } from '@patchcord/contracts';

/** What a record that was written by parts came to. `failure`: nothing more was tried because of it. */
export interface FieldsWritten {
  readonly written: readonly string[];
  /** Field to the CRM's reason, without its value. */
  readonly refused: ReadonlyMap<string, string>;
  readonly failure?: Failure;
}

type Values = Readonly<Record<string, string | number | boolean>>;

export interface WriteFieldsOptions {
  readonly write: (values: Values) => Promise<CrmResult<unknown>>;
  /** Told after each part that was written or refused, so that it is not done again. */
  readonly note: (done: FieldsWritten) => Promise<void>;
}

/** So many requests a refused record may cost. What is not told apart by then is refused together. */
const maxRequests = 16;

/**
 * Writes fields of a record. When the CRM refuses them, halves are tried, so that what it does not refuse is written. When
 * it takes none at all, the record itself is refused: that is the `failure`.
 */
export async function writeFields(values: Values, { write, note }: WriteFieldsOptions): Promise<FieldsWritten> {
  const written: string[] = [];
  const refused = new Map<string, string>();
  let first: Failure | undefined;
  let requests = 0;
  const parts: Values[] = Object.keys(values).length === 0 ? [] : [values];
  for (let part = parts.shift(); part !== undefined; part = parts.shift()) {
    requests += 1;
    const failure = failureOf(await write(part));
    if (failure !== undefined && !mayBeAField(failure)) return { written, refused, failure };
    if (failure === undefined) written.push(...Object.keys(part));
    else if (canBeParted(part, requests + parts.length)) parts.unshift(...halves(part));
    else for (const field of Object.keys(part)) refused.set(field, reasonOf(failure, part));
    first ??= failure;
    if (requests > 1 && written.length > 0) await note({ written, refused });
  }
  return written.length === 0 && first !== undefined ? { written, refused, failure: first } : { written, refused };
}

const failureOf = (result: CrmResult<unknown>): Failure | undefined => {
  if (result.outcome === 'done') return undefined;
  return result.outcome === 'failed' ? result.failure : new Failure('permanent', 'crm_unable', result.why);
};

/** Refusals that another set of fields would not change. */
const ofRecord: ReadonlySet<number> = new Set([401, 403, 404, 405, 410]);

/** Whether the CRM may have refused a field, and not the record, the user or all requests. */
export const mayBeAField = ({ class: failureClass, code, status }: Failure): boolean =>
  failureClass === 'permanent' && code !== 'crm_unable' && !ofRecord.has(status ?? 0);

/** Each half costs one more request at least. */
const canBeParted = (part: Values, requests: number): boolean =>
  Object.keys(part).length > 1 && requests + 2 <= maxRequests;

function halves(part: Values): Values[] {
  const entries = Object.entries(part);
  const middle = Math.ceil(entries.length / 2);
  return [entries.slice(0, middle), entries.slice(middle)].map((half) => Object.fromEntries(half));
}

/** Connectors keep values out of their messages; a CRM that repeats one in a code of its own is kept from it here. */
function reasonOf({ message }: Failure, part: Values): string {
  const texts = Object.values(part).filter((value) => String(value).length > 2);
  return texts.reduce<string>((text, value) => text.replaceAll(String(value), '…'), message).slice(0, 500);
}
