import { hkdfSync } from 'node:crypto';
import { Failure } from '@patchcord/contracts';
import type { HttpServer } from '@patchcord/runtime';
import { z } from 'zod';
import type { BrowserSessions } from '../adapters/browser-sessions.ts';
import type { EndedSessions } from '../adapters/ended-sessions.ts';
import { frameCookie } from '../domain/cookies.ts';
import { createSessionSeal, type SessionClaim, type SessionSeal } from '../domain/session-cookie.ts';
import { giveSession, openOf, timesOf } from './browser-session.ts';

export interface FrameSessionOptions {
  readonly sessions: BrowserSessions;
  readonly ended: EndedSessions;
  /** Seals what is handed over: with it no session is opened. */
  readonly handovers: SessionSeal;
}

/** Its key is none that a cookie is sealed with. */
export const createHandoverSeal = (key: Uint8Array): SessionSeal =>
  createSessionSeal(new Uint8Array(hkdfSync('sha256', key, '', 'patchcord console frame handover', 32)));

/** From one window of the same browser to the other. */
const handoverMs = 30_000;

/**
 * The desk in a frame of another site: browsers keep our usual cookie from it. A window of its own signs in and hands
 * its session over by a word that is good once and for seconds; the frame changes it for a cookie of the frame.
 */
export function registerFrameSession(app: HttpServer, { sessions, ended, handovers }: FrameSessionOptions): void {
  const give = {
    summary: 'A word by which the desk in a frame takes this session over: good once, for 30 seconds',
    tags: ['sign-in'],
    response: { 200: z.object({ handover: z.string(), expiresInSeconds: z.number().int() }) },
  };
  app.post('/v1/session/handover', { schema: give }, async (request) => {
    const open = request.identity === undefined ? undefined : await openOf(request, sessions);
    if (open === undefined) throw new Failure('permanent', 'unauthorized', 'nobody is signed in by this browser');
    const claim = { ...open.claim, expiresAt: Date.now() + handoverMs };
    return { handover: handovers.seal(claim), expiresInSeconds: handoverMs / 1000 };
  });
  const take = {
    summary: 'Signs the desk in a frame in: the word that was handed over becomes a cookie of this frame',
    tags: ['sign-in'],
    body: z.strictObject({ handover: z.string().min(1).max(4096) }),
  };
  app.post('/v1/session/frame', { schema: take }, async (request, reply) => {
    const claim = handovers.open(request.body.handover, Date.now());
    if (claim === undefined || (await ended.has(claim)) || (await ended.has(onceOf(claim))))
      throw new Failure('permanent', 'unauthorized', 'this sign-in is over: sign in again');
    await ended.end(onceOf(claim));
    const session = sessions.renew(claim);
    giveSession(request, reply, session, frameCookie);
    return { csrf: session.word, ...timesOf(sessions, session.claim) };
  });
}

/** What was handed over once counts as ended by itself; the session goes on. */
const onceOf = ({ sessionId, expiresAt }: SessionClaim) => ({
  sessionId: `handover:${sessionId}:${expiresAt}`,
  endsAt: expiresAt + handoverMs,
});
