import type { FastifyRequest } from 'fastify';
import { type Cookie, frameCookie, readCookie, sessionCookie } from '../domain/cookies.ts';
import { isSecure } from './secure-request.ts';

/** The session that a request names, and by which of our cookies: in a frame of another site there is only the frame's. */
export interface NamedSession {
  readonly value: string;
  readonly cookie: Cookie;
}

export function sessionOfRequest(request: FastifyRequest): NamedSession | undefined {
  const own = readCookie(request.headers.cookie, sessionCookie, isSecure(request));
  if (own !== undefined) return { value: own, cookie: sessionCookie };
  const framed = readCookie(request.headers.cookie, frameCookie, true);
  return framed === undefined ? undefined : { value: framed, cookie: frameCookie };
}
