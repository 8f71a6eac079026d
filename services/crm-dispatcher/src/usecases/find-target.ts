import { aboutConnection, type Crm, type RecordRef } from '@patchcord/connectors';
import { asFailure, type CrmConnection, Failure } from '@patchcord/contracts';
import type { ReadLinked } from '../adapters/tell-card.ts';
import type { TimelinePlan, UpdatePlan } from '../domain/workflow-plan.ts';

export interface TargetOptions {
  readonly crm: Crm;
  readonly connection: CrmConnection;
  readonly readLinked: ReadLinked;
  readonly tenantId: string;
  readonly callId: string | undefined;
}

type Sought = Pick<UpdatePlan | TimelinePlan, 'record' | 'from' | 'number'>;

/** The one record that an update means; a `Failure` where that is not clear. */
export async function findTarget(options: TargetOptions, sought: Sought, module: string): Promise<RecordRef | Failure> {
  for (const source of sought.from) {
    const found = await foundBy(options, source, sought, module);
    if (found instanceof Failure) return found;
    const [only, other] = found;
    if (other !== undefined)
      return new Failure(
        'permanent',
        'record_ambiguous',
        `several records of ${module} may be meant: none was changed`,
      );
    if (only !== undefined) return only;
  }
  return new Failure('permanent', 'record_unknown', `no record of ${module} is known that could be changed`);
}

/** The records that an entry is about: those of the first source that knows any. Of several with one number nobody is chosen. */
export async function findAbout(options: TargetOptions, sought: Sought): Promise<readonly RecordRef[] | Failure> {
  for (const source of sought.from) {
    const found = await foundBy(options, source, sought, undefined);
    // An entry about nobody is better than none; only the CRM's own trouble is that of the entry as well.
    if (found instanceof Failure && source === 'phone') return found;
    if (found instanceof Failure || found.length === 0) continue;
    if (source !== 'phone' || found.length === 1) return found;
  }
  return [];
}

async function foundBy(
  options: TargetOptions,
  source: Sought['from'][number],
  { record, number }: Sought,
  module: string | undefined,
): Promise<readonly RecordRef[] | Failure> {
  switch (source) {
    case 'input':
      return record === undefined ? [] : [record];
    case 'card':
      return onCard(options, module);
    case 'phone':
      return number === undefined ? [] : byPhone(options, number, module);
  }
}

async function onCard(
  { readLinked, tenantId, callId, connection }: TargetOptions,
  module: string | undefined,
): Promise<readonly RecordRef[] | Failure> {
  if (callId === undefined) return [];
  try {
    const { linked, pinned } = await readLinked(tenantId, callId);
    const ours = (of: typeof linked) =>
      of
        .filter((one) => one.connection === connection.id && (module === undefined || one.module === module))
        .map((one) => ({ module: one.module, id: one.id }));
    const written = ours(linked);
    return written.length > 0 ? written : ours(pinned);
  } catch (error) {
    return asFailure(error);
  }
}

async function byPhone(
  { crm, connection }: TargetOptions,
  number: string,
  module: string | undefined,
): Promise<readonly RecordRef[] | Failure> {
  const { standardModules } = aboutConnection(connection);
  const hasNumbers = standardModules.some((one) => one.module === module && one.phoneFields.length > 0);
  if (module !== undefined && !hasNumbers) return [];
  const found = await crm.searchByPhone({ number, ...(module === undefined ? {} : { modules: [module] }) });
  if (found.outcome === 'failed') return found.failure;
  if (found.outcome === 'unable' || !found.value.searched) return [];
  return found.value.hits.map(({ module: of, id }) => ({ module: of, id }));
}
