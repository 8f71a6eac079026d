import { serveRpc } from '@patchcord/bus';
import { type PbxCommand, type PbxCommandReply, pbxRpc, rpc } from '@patchcord/contracts';
import { onTestFinished } from 'vitest';
import { hashPassword } from '../src/adapters/password-hash.ts';
import { type CrmFixture, startCrm, tenantId } from './crm-fixture.ts';

export const password = 'correct horse battery';

type Body = Record<string, string | number | null>;

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** A script as people wrote them for OMniLeads with `requests`: it logs in, and sends forms, JSON or files' encoding. */
export interface Script {
  login(username: string, secret?: string): Promise<Answer>;
  get(path: string): Promise<Answer>;
  /** `requests.post(url, data=...)` */
  form(path: string, data?: Body, method?: string): Promise<Answer>;
  /** `requests.post(url, json=...)` */
  json(path: string, data: unknown, method?: string): Promise<Answer>;
  /** `requests.post(url, files=...)`, as browsers' forms too. */
  multipart(path: string, data: Body): Promise<Answer>;
}

export function scriptOf(base: string, token?: string): Script {
  let bearer = token;
  const send = async (path: string, init: RequestInit): Promise<Answer> => {
    const headers = new Headers(init.headers);
    headers.set('user-agent', 'python-requests/2.32');
    headers.set('accept', '*/*');
    if (bearer !== undefined) headers.set('authorization', `Bearer ${bearer}`);
    const answer = await fetch(new URL(path, base), { ...init, headers, redirect: 'manual' });
    const text = await answer.text();
    return { status: answer.status, body: text === '' ? answer.headers.get('location') : JSON.parse(text) };
  };
  const texts = (data: Body): [string, string][] => Object.entries(data).map(([name, value]) => [name, String(value)]);
  const script: Script = {
    login: async (username, secret = password) => {
      const answer = await script.form('/api/v1/login', { username, password: secret });
      const { token: given } = answer.body as { token?: string };
      if (given !== undefined) bearer = given;
      return answer;
    },
    get: (path) => send(path, {}),
    form: (path, data, method = 'POST') =>
      send(path, { method, ...(data === undefined ? {} : { body: new URLSearchParams(texts(data)) }) }),
    json: (path, data, method = 'POST') =>
      send(path, { method, body: JSON.stringify(data), headers: { 'content-type': 'application/json' } }),
    multipart: (path, data) => {
      const body = new FormData();
      for (const [name, value] of texts(data)) body.set(name, value);
      body.set('attachment', new Blob(['not read']), 'note.txt');
      return send(path, { method: 'POST', body });
    },
  };
  return script;
}

export interface Office extends CrmFixture {
  /** A script that has not logged in. */
  readonly script: (token?: string) => Script;
  /** One that has. */
  readonly loggedIn: (username: string) => Promise<Script>;
}

const people = [
  { id: 'ana', name: 'Ana Diaz', username: 'ana', role: 'agent', agentId: '1001' },
  { id: 'bo', name: 'Bo', username: 'bo', role: 'agent', agentId: '1002' },
  { id: 'sue', name: 'Sue', username: 'sue', role: 'supervisor' },
];

/** A tenant whose people have passwords. */
export async function startOffice(): Promise<Office> {
  const fixture = await startCrm();
  const passwordHash = await hashPassword(password);
  const entities = people.map((person) => ({ kind: 'user', entity: { ...person, passwordHash } }));
  await fixture.config.applyAll(tenantId, entities);
  const script = (token?: string): Script => scriptOf(fixture.service.url ?? '', token);
  const loggedIn = async (username: string): Promise<Script> => {
    const one = script();
    const answer = await one.login(username);
    if (answer.status !== 200) throw new Error(JSON.stringify(answer));
    return one;
  };
  return { ...fixture, script, loggedIn };
}

/** Stands where call-ingest stands: takes the commands for a PBX, and answers as it is told. */
export function startPbx(
  { bus }: Pick<CrmFixture, 'bus'>,
  answer: (command: PbxCommand) => Promise<PbxCommandReply> = async () => ({ outcome: 'accepted' }),
): PbxCommand[] {
  const commands: PbxCommand[] = [];
  const listing = serveRpc(bus, rpc.listPbxs, async () => ({ pbxs: [{ pbxId: 'lab', connected: true }] }));
  const serving = serveRpc(bus, pbxRpc('lab'), async ({ command }) => {
    commands.push(command);
    return answer(command);
  });
  onTestFinished(() => listing.stop());
  onTestFinished(() => serving.stop());
  return commands;
}
