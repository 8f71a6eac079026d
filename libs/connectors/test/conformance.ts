import { type CallRecord, type CrmConnection, crmConnection } from '@patchcord/contracts';
import { createEgress, type EgressOutcome } from '@patchcord/egress';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Connector, ConnectorContext, LookupResult } from '../src/index.ts';
import { type FakeCrm, startFakeCrm } from './fake-crm.ts';

const record: CallRecord = {
  recordId: 'r-i-lab-1',
  channel: 'voice',
  callId: 'c-lab-1',
  interactionId: 'i-lab-1',
  tenantId: 'acme',
  direction: 'inbound',
  outcome: 'answered',
  ani: '+14155550123',
  callerName: 'José "Pepe" Ñandú',
  digits: '',
  variables: {},
  transfers: [],
  recordings: [],
  summary: 'Answered after 4 s.',
};

/** How a CRM's fake says what every connector must understand. */
export interface Conformance {
  readonly connector: Connector;
  /** An answer to a lookup that means: this customer's field has this value. */
  readonly found: (value: string) => { headers: Record<string, string>; body: string };
}

interface Subject {
  readonly crm: FakeCrm;
  readonly log: (more?: Partial<ConnectorContext>) => Promise<EgressOutcome>;
  readonly ask: (more?: Partial<ConnectorContext>) => Promise<LookupResult>;
}

/** What every connector must do, whatever its CRM. Run by the test of each. */
export function conformance({ connector, found }: Conformance): void {
  let subject: Subject & { close(): Promise<void> };
  beforeEach(async () => {
    subject = await setUp(connector);
  });
  afterEach(() => subject.close());

  describe(`connector ${connector.name} - log a call`, () => logsCalls(() => subject));
  describe(`connector ${connector.name} - look a value up`, () => looksUp(() => subject, found));
}

async function setUp(connector: Connector): Promise<Subject & { close(): Promise<void> }> {
  const crm = await startFakeCrm();
  const egress = createEgress();
  const connection: CrmConnection = crmConnection.parse({
    id: 'crm',
    name: 'CRM',
    connector: connector.name,
    baseUrl: `${crm.url}/api`,
    headers: { 'X-Team': 'support' },
    egress: { allowHttp: true, allowCidrs: ['127.0.0.0/8'] },
  });
  const ctx = { egress, connection, timeoutMs: 3000 };
  return {
    crm,
    log: (more) => connector.logCall({ ...ctx, ...more }, record, 'w.1'),
    ask: (more) => connector.lookup({ ...ctx, ...more }, { fieldName: 'tier', input: { ani: '+14155550123' } }),
    close: async () => {
      await egress.close();
      await crm.close();
    },
  };
}

function logsCalls(subject: () => Subject): void {
  it('writes the whole record, with the key and the headers', async () => {
    const { crm, log } = subject();
    expect((await log({ headers: { 'X-Patchcord-Attempt': '2' } })).ok).toBe(true);
    expect([...crm.records.values()]).toEqual([record]);
    expect(crm.requests.at(-1)?.headers).toMatchObject({
      'idempotency-key': 'w.1',
      'x-team': 'support',
      'x-patchcord-attempt': '2',
    });
  });

  it('writing the same record twice leaves one', async () => {
    const { crm, log } = subject();
    await log();
    await log();
    expect(crm.records.size).toBe(1);
  });

  it.each([
    [{ status: 422, body: 'no' }, 'permanent'],
    [{ status: 500 }, 'transient'],
    [{ status: 429, headers: { 'Retry-After': '5' } }, 'throttled'],
    [{ status: 410 }, 'destination-gone'],
  ])('says what %j means', async (answer, expected) => {
    subject().crm.answerNext(answer);
    const outcome = await subject().log();
    expect(outcome.ok ? 'ok' : outcome.failure.class).toBe(expected);
  });

  it('a CRM that hangs is a timeout', async () => {
    subject().crm.answerNext({ hang: true });
    expect(await subject().log({ timeoutMs: 150 })).toMatchObject({ ok: false, failure: { code: 'timeout' } });
  });
}

function looksUp(subject: () => Subject, found: Conformance['found']): void {
  it('gives the value, and does not spoil the number it asked for', async () => {
    const { crm, ask } = subject();
    crm.answerNext(found('GOLD'));
    expect(await ask()).toMatchObject({ outcome: 'found', value: 'GOLD' });
    const asked = decodeURIComponent(`${crm.requests.at(-1)?.url}${crm.requests.at(-1)?.body}`);
    expect(asked).toContain('+14155550123');
  });

  it('an unknown customer is not a failure', async () => {
    subject().crm.answerNext({ status: 404 });
    expect(await subject().ask()).toEqual({ outcome: 'not-found' });
  });

  it('a web page is a failure and no value', async () => {
    subject().crm.answerNext({ headers: { 'content-type': 'text/html' }, body: '<html>Please log in</html>' });
    expect(await subject().ask()).toMatchObject({ outcome: 'failed', failure: { class: 'permanent' } });
  });

  it('a CRM that hangs is a timeout', async () => {
    subject().crm.answerNext({ hang: true });
    expect(await subject().ask({ timeoutMs: 150 })).toMatchObject({ outcome: 'failed', failure: { code: 'timeout' } });
  });

  it('a CRM that fails is a failure', async () => {
    subject().crm.answerNext({ status: 503 });
    expect(await subject().ask()).toMatchObject({ outcome: 'failed', failure: { class: 'transient' } });
  });
}
