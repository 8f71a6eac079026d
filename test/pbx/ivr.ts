import { expect, test } from 'vitest';
import type { PbxWorld } from './pbx-world.ts';

/** Asks for four digits, then on to the queue. */
const menuNumber = '+12025550120';

export const ivrTopic = {
  contexts: `
[from-pstn]
exten => ${menuNumber},1,Answer()
 same => n,Goto(account-menu,s,1)
[account-menu]
exten => s,1,Read(ACCOUNT,beep,4,,1,8)
 same => n,Queue(support,tT,,,60)
 same => n,Hangup()
`,
};

export function ivrTests(world: () => PbxWorld): void {
  test('the caller presses his number: digits, menu and variable are in the session, and he goes on to an agent', async () => {
    const at = world();
    await at.agent('1001');
    const { call, callId } = await at.calls(menuNumber);
    await at.becomes(callId, { state: 'ivr', ivrs: ['account-menu'] });
    await call.press('4*1#');
    const session = await at.becomes(callId, { state: 'talking', digits: '4*1#' });
    expect(session).toMatchObject({ variables: { ACCOUNT: '4*1' }, queues: [{ queue: 'support' }] });
    // What is pressed in a conversation is a matter of those who speak.
    await call.press('9');
    call.hangUp();
    expect(await at.becomes(callId, { state: 'ended', outcome: 'answered' })).toMatchObject({ digits: '4*1#' });
  });

  test('the caller hangs up in the menu', async () => {
    const at = world();
    const { call, callId } = await at.calls(menuNumber);
    await at.becomes(callId, { state: 'ivr' });
    await call.press('47');
    call.hangUp();
    const session = await at.becomes(callId, { state: 'ended', outcome: 'abandoned', abandoned: { during: 'ivr' } });
    expect(session).toMatchObject({ digits: '47', queues: [], interactions: [] });
  });
}
