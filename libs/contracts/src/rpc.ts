import { acwRpc } from './acw-rpc.ts';
import { cardRpc } from './card-rpc.ts';
import { digitalRpc } from './digital-rpc.ts';
import { dispatcherRpc } from './dispatcher-rpc.ts';
import { dispositionRpc } from './disposition-rpc.ts';
import { identityRpc } from './identity-rpc.ts';
import { ingestRpc } from './pbx-rpc.ts';
import { routingRpc } from './routing-rpc.ts';
import { sessionRpc } from './session-rpc.ts';

export * from './destination-report.ts';
export { deliveriesReply, deliveriesRequest } from './dispatcher-rpc.ts';
export * from './disposition-rpc.ts';
export { pbxRpc } from './pbx-rpc.ts';
export * from './routing-rpc.ts';
export type { RpcDefinition } from './rpc-definition.ts';
export { type SecretInfo, secretInfo } from './secret-rpc.ts';
export * from './site-test-rpc.ts';

/** Every verb that one service asks of another. */
export const rpc = {
  ...acwRpc,
  ...cardRpc,
  ...routingRpc,
  ...digitalRpc,
  ...dispatcherRpc,
  ...dispositionRpc,
  ...identityRpc,
  ...ingestRpc,
  ...sessionRpc,
} as const;
