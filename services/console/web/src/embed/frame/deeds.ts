import type { Card } from '@patchcord/contracts';
import { ask } from '../../api/client.ts';
import { newRequestId } from '../../pages/desk/use-call-commands.ts';
import { type Deeds, refused } from './bridge.ts';

/** Digits and what people write between them. */
const dialable = /^[+*#0-9A-Za-z ().-]{1,64}$/;
const maxNoteLength = 1000;

/** What the page around may have the desk do, in the name of the agent who is signed in. */
export function createDeeds(agentId: string): Deeds {
  const agentPath = `/v1/agents/${encodeURIComponent(agentId)}`;
  return {
    dial: async ({ number }) => {
      if (typeof number !== 'string' || !dialable.test(number))
        throw refused('invalid_number', 'expected a telephone number or an extension');
      await ask('/v1/calls', { method: 'POST', body: { agentId, to: number, requestId: newRequestId() } });
    },
    'set-state': async ({ state, reason }) => {
      if (state !== 'ready' && state !== 'paused') throw refused('invalid_state', 'expected ready or paused');
      const why = typeof reason === 'string' ? { reason: reason.slice(0, 80) } : {};
      await ask(`${agentPath}/${state === 'ready' ? 'unpause' : 'pause'}`, {
        method: 'POST',
        body: state === 'ready' ? {} : why,
      });
    },
    log: async ({ callId, text }) => {
      if (typeof callId !== 'string' || typeof text !== 'string' || text.trim() === '')
        throw refused('invalid_note', 'expected a callId and a text');
      await addNote(agentId, callId, text.slice(0, maxNoteLength));
    },
  };
}

/** Under what he has noted himself; who writes at the same time is not written over. */
async function addNote(agentId: string, callId: string, text: string): Promise<void> {
  const path = `/v1/agent/cards/${encodeURIComponent(callId)}`;
  const { notes } = await ask<Card>(path);
  const known = notes.find(({ by }) => by === `agent:${agentId}`);
  await ask(`${path}/note`, {
    method: 'PUT',
    headers: known === undefined ? { 'if-none-match': '*' } : { 'if-match': `"${known.revision}"` },
    body: { text: [known?.text ?? '', text].filter((part) => part !== '').join('\n') },
  });
}
