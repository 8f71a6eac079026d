import { type Bus, type ConfigStore, callRpc } from '@patchcord/bus';
import { Failure, isFailure, rpc, type Session } from '@patchcord/contracts';
import { callScope, type Scope } from '@patchcord/expressions';
import { type SampleValues, sampledCall, sampleNotes } from '../domain/sample-values.ts';

/** A call's session is in memory: who does not answer by then has trouble. */
const timeoutMs = 2000;

export interface CallValuesDeps {
  readonly bus: Bus;
  readonly config: ConfigStore;
}

export interface CallValuesRequest {
  readonly tenantId: string;
  readonly callId?: string | undefined;
  readonly values: SampleValues;
}

export interface CallValues {
  readonly scope: Scope;
  /** Made-up values that no call ever has. */
  readonly notes: readonly string[];
}

/** The values of a call, made-up ones before them. @throws Failure permanent `not_found`; what {@link readCall} throws */
export async function callValues({ bus, config }: CallValuesDeps, request: CallValuesRequest): Promise<CallValues> {
  const { tenantId, callId, values: made } = request;
  const call = callId === undefined ? undefined : await readCall(bus, { tenantId, callId });
  const { session, values } = sampledCall(call, tenantId, made);
  const region = [...config.tenant(tenantId).tenant.values()].at(0)?.defaultRegion;
  const scope = callScope(session, { values, now: Date.now(), ...(region === undefined ? {} : { region }) });
  return { scope, notes: sampleNotes(made) };
}

type CallRef = Pick<Session, 'tenantId' | 'callId'>;

/** @throws Failure own-trouble, with the remedy, when the session store does not answer */
export async function readCall(bus: Bus, ref: CallRef): Promise<Session> {
  const reply = await callRpc(bus, rpc.readSession, ref, { timeoutMs }).catch((error: unknown) => {
    if (!isFailure(error, 'own-trouble')) throw error;
    const message = 'the call could not be read now: try again, or leave "callId" out and make values up';
    throw new Failure('own-trouble', error.code, message, { cause: error });
  });
  if (reply.outcome === 'found') return reply.session;
  throw new Failure('permanent', 'not_found', `there is no call "${ref.callId}", or it ended long ago`);
}
