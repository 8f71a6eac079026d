import { Readable } from 'node:stream';
import { Busboy } from '@fastify/busboy';
import {
  campaign,
  type ExternalSite,
  emptyTenantConfig,
  type PopAction,
  type RequestJob,
  type SessionChanged,
  siteMethods,
  siteTriggers,
  type TenantConfig,
} from '@patchcord/contracts';
import { renderPopAction } from '@patchcord/expressions';
import { describe, expect, it } from 'vitest';
import { factsOf } from '../src/domain/facts.ts';
import { type DispositionEvent, type Firing, firingsOfChange, firingsOfDisposition } from '../src/domain/firings.ts';
import { actionThroughUs, isFetchedByUs } from '../src/domain/pops.ts';
import { requestJob } from '../src/domain/request-job.ts';
import { changed, disposed } from './call.ts';
import { authentications, type Combination, combinations, nameOf, refusedFields, siteOf } from './site-combinations.ts';

const values = { phone: '+14155550123', source: 'José & "Co"/x' };
const parameters = [
  { family: 'call', key: 'ani', name: 'phone' },
  { family: 'fixed', key: values.source, name: 'source' },
] as const;

const answeredAt = '2026-11-20T23:41:25.200Z';
const answered: SessionChanged['data'] = changed('c-1', 'answered', { at: answeredAt }).data;
const sold: DispositionEvent = disposed({
  dispositionId: 'i-c-1',
  callId: 'c-1',
  interactionId: 'i-c-1',
  agentId: '1001',
  session: answered.session,
  disposition: { optionId: 'sold', name: 'Sold' },
  changes: 1,
});

const configOf = (site: ExternalSite): TenantConfig => ({
  ...emptyTenantConfig(),
  'external-site': new Map([[site.id, site]]),
  'site-authentication': new Map(authentications.map((one) => [one.id, one])),
  campaign: new Map([
    [
      'a',
      campaign.parse({ id: 'a', name: 'A', sites: ['crm'], dispositions: [{ id: 'sold', name: 'Sold', crm: true }] }),
    ],
  ]),
});

/** What the request or the action of a row says, read by somebody else's parser. */
async function read(type: string | undefined, body: string): Promise<Record<string, unknown>> {
  if (type === undefined) return {};
  if (type.startsWith('application/json')) return JSON.parse(body) as Record<string, unknown>;
  if (type.startsWith('application/x-www-form-urlencoded')) return Object.fromEntries(new URLSearchParams(body));
  if (type.startsWith('text/plain'))
    return Object.fromEntries(
      body.split(/\r?\n/).flatMap((line) => (line === '' ? [] : [line.split(/=(.*)/s).slice(0, 2)])),
    );
  return readMultipart(type, body);
}

function readMultipart(type: string, body: string): Promise<Record<string, string>> {
  const fields: Record<string, string> = {};
  return new Promise((resolve, reject) => {
    const parser = new Busboy({ headers: { 'content-type': type } });
    parser.on('field', (name, value) => {
      fields[name] = value;
    });
    parser.on('finish', () => resolve(fields));
    parser.on('error', reject);
    Readable.from([Buffer.from(body)]).pipe(parser);
  });
}

const types = {
  multipart: 'multipart/form-data',
  urlencoded: 'application/x-www-form-urlencoded',
  text: 'text/plain',
  json: 'application/json',
} as const;

/** What is wrong with a row, or nothing. */
async function problemsOf(combination: Combination): Promise<string[]> {
  const made = siteOf(combination, { parameters });
  const expectedFields = refusedFields(combination);
  if ('refused' in made) {
    const fields = [...new Set(made.refused.map(({ path }) => path))].sort();
    const unclear = made.refused.filter(({ message }) => !message.startsWith('expected '));
    if (fields.join() === expectedFields.join() && unclear.length === 0) return [];
    return [`refused for ${fields.join()} instead of ${expectedFields.join()}`];
  }
  if (expectedFields.length > 0) return [`taken instead of refused for ${expectedFields.join()}`];
  return problemsOfFiring(combination, made.site);
}

async function problemsOfFiring(combination: Combination, site: ExternalSite): Promise<string[]> {
  const config = configOf(site);
  const onAnswer = firingsOfChange(config, answered);
  const onDisposition = firingsOfDisposition(config, sold);
  const isOnDisposition = combination.trigger === 'disposition';
  const [firings, others] = isOnDisposition ? [onDisposition, onAnswer] : [onAnswer, onDisposition];
  const [firing] = firings;
  if (firing === undefined || firings.length !== 1 || others.length > 0)
    return ['does not fire once, at its moment only'];
  const isOurs = combination.trigger === 'server' || (isOnDisposition && combination.target === 'none');
  if (firing.by !== (isOurs ? 'server' : 'browser')) return [`executed by ${firing.by}`];
  return isOurs ? problemsOfJob(combination, jobOf(config, firing)) : problemsOfPop(combination, config, firing);
}

const jobOf = (config: TenantConfig, firing: Firing): RequestJob =>
  requestJob(firing, factsOf(config, firing.occasion, undefined));

async function problemsOfJob({ method, format }: Combination, job: RequestJob): Promise<string[]> {
  const query = Object.fromEntries(new URL(job.url).searchParams);
  const type = job.headers['content-type'];
  const sent = method === 'GET' ? query : await read(type, job.body ?? '');
  const problems: string[] = [];
  if (job.method !== method) problems.push(`sent by ${job.method}`);
  if (query.known !== '1') problems.push('the query that was there is gone');
  if (format === undefined ? type !== undefined : type?.startsWith(types[format]) !== true)
    problems.push(`sent as ${type}`);
  if (sent.phone !== values.phone || sent.source !== values.source) problems.push(`says ${JSON.stringify(sent)}`);
  if (Object.keys(job.headers).some((name) => /authorization|signature|x-key/i.test(name)))
    problems.push('the job holds a credential');
  return problems;
}

async function problemsOfPop(combination: Combination, config: TenantConfig, firing: Firing): Promise<string[]> {
  const { site, occasion } = firing;
  if (occasion.viewer?.agentId !== '1001') return [`shown to ${occasion.viewer?.agentId}`];
  const rendered = renderPopAction(site, parameters, factsOf(config, occasion, undefined));
  if (!rendered.ok) return [rendered.message];
  if (isFetchedByUs(site) !== (combination.authentication !== undefined)) return ['goes another way than it must'];
  const problems = await problemsOfAction(combination, rendered.value);
  const signed = actionThroughUs(rendered.value, 'https://pops.example/v1/pops/x');
  if (signed.kind !== rendered.value.kind || JSON.stringify(signed).includes('crm.example'))
    problems.push('what goes through us says where');
  return problems;
}

async function problemsOfAction({ method, format }: Combination, action: PopAction): Promise<string[]> {
  const query = Object.fromEntries(new URL(action.url).searchParams);
  const expected = format === undefined ? 'navigate' : format === 'json' ? 'request' : 'form';
  if (action.kind !== expected) return [`is ${action.kind} instead of ${expected}`];
  if (query.known !== '1') return ['the query that was there is gone'];
  const sent = await saidBy(action, query);
  if (action.kind === 'request' && action.method !== method) return [`sent by ${action.method}`];
  if (action.kind === 'form' && (format === undefined || action.enctype !== types[format]))
    return [`sent as ${action.enctype}`];
  return sent.phone === values.phone && sent.source === values.source ? [] : [`says ${JSON.stringify(sent)}`];
}

async function saidBy(action: PopAction, query: Record<string, string>): Promise<Record<string, unknown>> {
  if (action.kind === 'navigate') return query;
  return action.kind === 'form' ? Object.fromEntries(action.fields) : read(action.contentType, action.body);
}

describe('external sites - every combination of trigger, method, format, target and authentication', () => {
  it('there are more than a thousand, and a good part of each kind', () => {
    expect(combinations).toHaveLength(2400);
    const taken = combinations.filter((row) => refusedFields(row).length === 0);
    expect(taken.length).toBeGreaterThan(300);
    expect(new Set(taken.map(({ trigger }) => trigger)).size).toBe(4);
  });

  it.each(siteTriggers.flatMap((trigger) => siteMethods.map((method) => [trigger, method] as const)))(
    '%s %s - refused with a message for its field, or does what its trigger says',
    async (trigger, method) => {
      const rows = combinations.filter((row) => row.trigger === trigger && row.method === method);
      const wrong: string[] = [];
      for (const row of rows) for (const problem of await problemsOf(row)) wrong.push(`${nameOf(row)}: ${problem}`);
      expect(rows).toHaveLength(150);
      expect(wrong).toEqual([]);
    },
  );
});
