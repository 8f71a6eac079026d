import { hangsUpVariable } from '../mapping/variables.ts';
import type { Asking } from './asking.ts';
import { agentChannel } from './channels.ts';
import { understood } from './refusals.ts';

/** Of `Cause`, Q.850: an agent whose phone still rings turns the call away. */
const causes = { rings: '21', else: '16' } as const;

/**
 * Ends the agent's part of a call. The PBX tells a hangup that a program asks for like one of its own, so that nobody
 * could say later who ended the call: it is left on the channel before.
 *
 * @throws Failure permanent `not_found`, `ambiguous`
 */
export async function hangUp(
  asking: Asking,
  command: { readonly interface: string; readonly callId?: string | undefined },
): Promise<void> {
  const { name, rings } = await agentChannel(asking, command);
  const { client } = asking;
  // Where nothing can be left, the hangup itself tells why, or works all the same.
  await client.action('Setvar', { Channel: name, Variable: hangsUpVariable, Value: 'agent' }).catch(() => undefined);
  await understood(client.action('Hangup', { Channel: name, Cause: rings ? causes.rings : causes.else }), [
    { when: /no such channel/i, code: 'not_found', message: 'the call ended already' },
  ]);
}
