import { type CrmConnection, crmConnection, type Failure } from '@patchcord/contracts';
import { createEgress } from '@patchcord/egress';
import { expect } from 'vitest';
import {
  type CallEntry,
  type CallLedger,
  type Crm,
  type CrmAccess,
  type CrmConnector,
  type CrmResult,
  type CrmSessions,
  openCrm,
  type RecordRef,
} from '../../../src/index.ts';
import type { CrmCall, FakeHttp, Reply } from '../fake-http.ts';

/** A fake CRM that holds records and behaves as the facts say. */
export interface FakeCrm extends FakeHttp {
  /** Puts a record in, past the API; its id. */
  seed(module: string, values: Readonly<Record<string, unknown>>): string;
  readonly loggedCalls: () => readonly StoredCall[];
  /** What is shown of a user, in the CRM's own words. */
  readonly presenceOf?: (user: string) => unknown;
  /** Ends all log-ins that are out. */
  readonly endSessions?: () => void;
}

/** What can be read back of a call, in words of the house. */
export interface StoredCall {
  readonly id: string;
  /** `inbound`, `outbound`; of a CRM that has no field for it, what its text says. */
  readonly direction: string;
  /** As the CRM understood it (RFC 3339). */
  readonly startedAt: string;
  /** As the CRM keeps it. */
  readonly durationSeconds: number;
  /** All texts of it together. */
  readonly text: string;
  /** Ids of records that it stands at. */
  readonly about: readonly string[];
}

export interface Conformance<Settings> {
  readonly connector: CrmConnector<Settings>;
  readonly start: () => Promise<FakeCrm>;
  /** Of the connection, beside what every connection has. */
  readonly connection?: (fake: FakeCrm) => Record<string, unknown>;
  /** What the site authentication of the connection adds. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly person: {
    readonly module: string;
    readonly values: (name: PersonName, phone: string) => Record<string, unknown>;
    readonly phoneField: string;
    /** A text field that is free, and a value for it. */
    readonly change: readonly [field: string, value: string];
  };
  /** An answer with which this CRM says that it was asked too often. */
  readonly throttled: Reply;
  /** An answer that refuses a call for good. */
  readonly refused: Reply;
  readonly upsertField?: string;
  /** A record that can be linked to a person, where two persons cannot be. */
  readonly linkFrom?: { readonly module: string; readonly values: Record<string, unknown> };
  /** A record that takes notes, where persons do not. */
  readonly noteTo?: { readonly module: string; readonly values: Record<string, unknown> };
  /** Somebody who may log in, as the fake keeps them, and as they are told. Absent: users cannot be listed. */
  readonly user?: { readonly module: string; readonly values: Record<string, unknown>; readonly told: object };
  /** Requests that write a call. */
  readonly isLog: (call: CrmCall) => boolean;
  /** In what steps this CRM keeps durations (s). Default 1. */
  readonly durationStep?: number;
}

interface PersonName {
  readonly first: string;
  readonly last: string;
}

export const password = 'pass-4711';
export const ann: PersonName = { first: 'Ann', last: "O'Hara & Söhne" };
export const number = '+14155550123';
export const ownNumber = '+12025550100';

export const entry: CallEntry = {
  key: 'i-lab-1795218083_2E1609',
  subject: 'Inbound call from Ada',
  direction: 'inbound',
  startedAt: '2026-11-20T10:00:00.000Z',
  endedAt: '2026-11-20T10:04:41.000Z',
  durationSeconds: 281,
  from: number,
  to: ownNumber,
  outcome: 'answered',
  disposition: 'Sold',
  notes: 'She said: "José & Co" <b>wants</b> it by 5 % less;\nsecond line, 😀',
  recordingUrl: 'https://recordings.example.test/r/1.wav',
  about: [],
};

/** Somebody who may log in, in values that most CRMs have. */
export const bea = { name: 'Bea Agent', email: 'bea@acme.example', username: 'bea' };

/** A connector with its fake, anew for each test. */
export interface Subject {
  readonly fake: FakeCrm;
  readonly crm: Crm;
  /** The same CRM by a connection that has less time. */
  impatient(deadlineMs: number): Crm;
  /** Somebody with this number; the record's id. */
  person(this: void, phone: string, name?: PersonName): string;
  close(): Promise<void>;
}

export async function setUp<Settings>(of: Conformance<Settings>): Promise<Subject> {
  const fake = await of.start();
  const egress = createEgress();
  const ledger = memoryLedger();
  const sessions = memorySessions();
  const connection: CrmConnection = crmConnection.parse({
    id: 'crm',
    name: 'CRM',
    connector: 'http-json',
    baseUrl: fake.url,
    egress: { allowHttp: true, allowCidrs: ['127.0.0.0/8'] },
    ...of.connection?.(fake),
  });
  const send: CrmAccess['send'] = (request) =>
    egress.send({ ...request, headers: { ...request.headers, ...of.headers } });
  const logIn = () => Promise.resolve({ username: 'cti', password, clientSecret: 'client-pass-4711' });
  const open = (timeMs: number): Crm => {
    const access = { connection, send, sessions, logIn, region: 'US', deadline: Date.now() + timeMs };
    return openCrm({ connector: of.connector, access, ledger, ownNumbers: [ownNumber] });
  };
  return {
    fake,
    crm: open(20_000),
    impatient: open,
    person: (phone, name = ann) => fake.seed(of.person.module, of.person.values(name, phone)),
    close: async () => {
      await egress.close();
      await fake.close();
    },
  };
}

/** What was done; throws when it was not. */
export function done<Value>(result: CrmResult<Value>): Value {
  if (result.outcome === 'failed') throw result.failure;
  if (result.outcome === 'unable') throw new Error(`unable: ${result.why}`);
  return result.value;
}

export function failureOf(result: CrmResult<unknown>): Failure {
  expect(result).toMatchObject({ outcome: 'failed' });
  if (result.outcome !== 'failed') throw new Error('it did not fail');
  return result.failure;
}

function memoryLedger(): CallLedger {
  const known = new Map<string, { state: 'begun'; beganAt: number } | { state: 'written'; ref: RecordRef }>();
  return {
    get: (key) => Promise.resolve(known.get(key)),
    begin: (key) => Promise.resolve(void known.set(key, { state: 'begun', beganAt: Date.now() })),
    written: (key, ref) => Promise.resolve(void known.set(key, { state: 'written', ref })),
    forget: (key) => Promise.resolve(void known.delete(key)),
  };
}

function memorySessions(): CrmSessions {
  let session: Promise<{ readonly value: string }> | undefined;
  return {
    current: async (open, refused) => {
      if (refused !== undefined && (await session)?.value === refused) session = undefined;
      session ??= open();
      session.catch(() => {
        session = undefined;
      });
      return (await session).value;
    },
  };
}
