import { type Served, serveRpc } from '@patchcord/bus';
import { type Failure, type PbxCommand, pbxRpc, requestedCallId, rpc, type Scope } from '@patchcord/contracts';
import { mintToken } from '@patchcord/runtime';
import { onTestFinished } from 'vitest';
import type { ConsoleFixture } from './fixture.ts';

export interface ServedPbx {
  /** What it was asked, in order. */
  readonly commands: PbxCommand[];
  /** What the next commands are answered with. */
  fails: Failure | undefined;
  away(): Promise<void>;
}

/** Answers for a PBX as call-ingest does that is connected to it. */
export function servePbx({ bus }: ConsoleFixture, pbxId = 'main', all: readonly string[] = [pbxId]): ServedPbx {
  const pbx: ServedPbx = { commands: [], fails: undefined, away: () => commands.stop() };
  const commands: Served = serveRpc(bus, pbxRpc(pbxId), async ({ command }) => {
    pbx.commands.push(command);
    if (pbx.fails !== undefined) throw pbx.fails;
    if (command.command !== 'originate') return { outcome: 'accepted' as const };
    const again = pbx.commands.filter((one) => one.command === 'originate' && one.requestId === command.requestId);
    const outcome = again.length > 1 ? ('repeated' as const) : ('accepted' as const);
    return { outcome, callId: requestedCallId(pbxId, command.requestId) };
  });
  const list = serveRpc(bus, rpc.listPbxs, async () => ({
    pbxs: all.map((one) => ({ pbxId: one, connected: true })),
  }));
  onTestFinished(async () => void (await Promise.all([commands.stop(), list.stop()])));
  return pbx;
}

/** A token that acts for one agent. */
export async function agentToken({ config }: ConsoleFixture, agentId: string, ...scopes: Scope[]): Promise<string> {
  const { token, sha256 } = mintToken('acme');
  await config.put('acme', 'api-token', { id: `agent-${agentId}`, name: 'Agent', sha256, scopes, agentId });
  return token;
}

export const entities = [
  { kind: 'external-system', entity: { id: 'crm', name: 'CRM' } },
  { kind: 'agent', entity: { id: '1001', name: 'Agent One', externalIds: { crm: 'u-77' } } },
  { kind: 'agent', entity: { id: '1002', name: 'Agent Two', interface: 'SIP/two', pbxId: 'other' } },
  {
    kind: 'contact-database',
    entity: {
      id: 'people',
      name: 'People',
      columns: ['id', 'name', 'phone'],
      phoneColumns: ['phone'],
      externalIdColumn: 'id',
    },
  },
  {
    kind: 'campaign',
    entity: {
      id: 'spring',
      name: 'Spring',
      type: 'manual',
      agents: ['1001'],
      database: 'people',
      match: { queues: ['sales', 'vip'] },
      external: { system: 'crm', id: 'c-5' },
    },
  },
  { kind: 'campaign', entity: { id: 'all', name: 'All', match: { queues: ['support', 'vip'] } } },
];
