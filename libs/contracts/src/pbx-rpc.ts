import { z } from 'zod';
import { pbxCommand, pbxCommandReply } from './pbx-command.ts';
import { defineRpc, type RpcDefinition } from './rpc-definition.ts';
import { token } from './tokens.ts';

/** Verbs that only the processes connected to this PBX serve. */
export const pbxRpc = (
  pbxId: string,
): RpcDefinition<z.infer<typeof pbxCommandRequest>, z.infer<typeof pbxCommandReply>> =>
  defineRpc('call-ingest', `pbx-${pbxId}`, pbxCommandRequest, pbxCommandReply);

const pbxCommandRequest = z.object({ tenantId: token, pbxId: token, command: pbxCommand });

/** Verbs that every process of call-ingest serves. */
export const ingestRpc = {
  /** The tenant's PBXs, as one process of call-ingest is set up. */
  listPbxs: defineRpc(
    'call-ingest',
    'list-pbxs',
    z.object({ tenantId: token }),
    z.object({ pbxs: z.array(z.object({ pbxId: token, connected: z.boolean() })) }),
  ),
} as const;
