import { Failure, token } from '@patchcord/contracts';
import { z } from 'zod';
import type { CallSet } from './ports.ts';

/** Where a page of calls ended. */
export interface CallPosition {
  readonly set: CallSet;
  readonly at: number;
  readonly callId: string;
}

const written = z.tuple([z.enum(['active', 'ended']), z.number(), token]);

export const callCursorOf = ({ set, at, callId }: CallPosition): string =>
  Buffer.from(JSON.stringify([set, at, callId])).toString('base64url');

/** @throws Failure permanent `invalid_request` */
export function callPositionOf(cursor: string): CallPosition {
  try {
    const [set, at, callId] = written.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
    return { set, at, callId };
  } catch {
    throw new Failure('permanent', 'invalid_request', 'the cursor is not one: expected that of the page before');
  }
}
