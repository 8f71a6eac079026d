import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NewEntity } from '@patchcord/bus';
import { type RecordedRequest, type RecordingServer, recordingServer, type ServerAnswer } from '@patchcord/testkit';
import { parse } from 'yaml';

/** The example of docs/examples/order-tracking.md: its configuration as it stands there, and the shop's CRM. */

interface OrderShop {
  readonly crmUrl: string;
  readonly mailPort: number;
  /** The CRM answers with the profile instead of writing it. */
  readonly synchronous?: boolean;
}

type Entity = { readonly id: string } & Record<string, unknown>;
type Document = Record<string, readonly Entity[]>;

/** What people copy; only the addresses are those of the test. */
export function orderTracking({ crmUrl, mailPort, synchronous = false }: OrderShop): NewEntity[] {
  const answering = synchronous ? documentOf('order-tracking-synchronous') : {};
  return Object.entries(documentOf('order-tracking')).flatMap(([kind, entities]) =>
    entities
      .map((one) => answering[kind]?.find(({ id }) => id === one.id) ?? one)
      .map((entity) => ({ kind, entity: here(kind, entity, { crmUrl, mailPort }) })),
  );
}

const documentOf = (name: string): Document =>
  parse(readFileSync(join(import.meta.dirname, '../../docs/examples', `${name}.yaml`), 'utf8')) as Document;

const allowCidrs = ['127.0.0.0/8'];

function here(kind: string, entity: Entity, { crmUrl, mailPort }: OrderShop): Entity {
  if (kind === 'mail-server') {
    const { username: _name, password: _password, ...server } = entity;
    const egress = { allowPlain: true, allowCidrs };
    return { ...server, host: '127.0.0.1', port: mailPort, security: 'none', egress };
  }
  const action = entity.action as { type: string; url: string } | undefined;
  if (kind !== 'automation' || action?.type !== 'http') return entity;
  const url = action.url.replace('https://crm.shop.example', crmUrl);
  return { ...entity, action: { ...action, url, egress: { allowHttp: true, allowCidrs } } };
}

interface Profile {
  readonly email: string;
  readonly name: string;
  readonly premium: boolean;
  readonly track: string;
}

/** Customers by their numbers and references. */
const customers: Readonly<Record<string, Profile>> = {
  '+14155550123': { email: 'ana@example.com', name: 'Ana', premium: true, track: 'T-1' },
  '+14155550124': { email: 'ben@example.com', name: 'Ben', premium: false, track: 'T-2' },
  '4711003': { email: 'cleo@example.com', name: 'Cleo', premium: true, track: 'T-3' },
  '4711004': { email: 'dan@example.com', name: 'Dan', premium: false, track: 'T-4' },
};

export interface OrderCrm extends RecordingServer {
  /** How far the CRM is with a call: look-ups that it is done with, and the status of each write into the session. */
  done(callId: string): readonly (number | 'unknown')[];
}

/** Where the CRM writes what it finds, with an API token of its own. */
interface SessionApi {
  readonly url: () => string;
  readonly token: string;
}

/** `POST /callers` is answered with 202 and written into the session; `POST /profiles` is answered with the profile. */
export async function startOrderCrm(sessions: SessionApi): Promise<OrderCrm> {
  const done = new Map<string, (number | 'unknown')[]>();
  const lookUp = async (callId: string, profile: Profile | undefined): Promise<void> => {
    const status = profile === undefined ? 'unknown' : await writeProfile(sessions, callId, profile);
    done.set(callId, [...(done.get(callId) ?? []), status]);
  };
  const server = await recordingServer(({ url, body }: RecordedRequest): ServerAnswer => {
    const asked = JSON.parse(body) as { phone?: string; reference?: string; call_id?: string };
    const profile = customers[asked.phone ?? asked.reference ?? ''];
    if (url === '/profiles') return { headers: { 'content-type': 'application/json' }, body: answerOf(profile) };
    void lookUp(asked.call_id ?? '', profile);
    return { status: 202 };
  });
  return { ...server, done: (callId) => done.get(callId) ?? [] };
}

async function writeProfile({ url, token }: SessionApi, callId: string, profile: Profile): Promise<number> {
  const { email, name, premium, track } = profile;
  const answer = await fetch(`${url()}/api/v2/sessions/${callId}`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ 'ivr.email': email, 'ivr.name': name, 'ivr.premium': premium, 'ivr.track_id': track }),
  });
  await answer.body?.cancel();
  return answer.status;
}

function answerOf(profile: Profile | undefined): string {
  if (profile === undefined) return JSON.stringify({ customer: null });
  const { track, ...known } = profile;
  return JSON.stringify({ customer: { ...known, orders: [{ track_id: track }] } });
}
