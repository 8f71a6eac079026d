import { createHmac, timingSafeEqual } from 'node:crypto';
import { Failure, token } from '@patchcord/contracts';
import { z } from 'zod';

interface LinkedRecording {
  readonly tenantId: string;
  readonly recordingId: string;
}

/** Makes and reads the tokens by which a recording can be heard for a while by whoever has the link. */
export interface RecordingLinks {
  sign(recording: LinkedRecording, expiresAt: Date): string;
  /** @throws Failure permanent `forbidden` | `gone` */
  verify(text: string): LinkedRecording;
}

const purpose = 'patchcord.recording-link.v1';
const content = z.tuple([token, token, z.int()]);

/** `<tenant, recording and end as JSON>.<HMAC-SHA-256 of it>`, both in base64url. */
export function createRecordingLinks(key: string | Buffer, now: () => number = Date.now): RecordingLinks {
  const seal = (body: string): Buffer => createHmac('sha256', key).update(`${purpose}.${body}`).digest();
  return {
    sign: ({ tenantId, recordingId }, expiresAt) => {
      const body = Buffer.from(JSON.stringify([tenantId, recordingId, expiresAt.getTime()])).toString('base64url');
      return `${body}.${seal(body).toString('base64url')}`;
    },
    verify: (text) => {
      const [body = '', given = '', ...rest] = text.split('.');
      const expected = seal(body);
      const signature = Buffer.from(given, 'base64url');
      if (rest.length > 0 || signature.length !== expected.length || !timingSafeEqual(signature, expected)) {
        throw new Failure(
          'permanent',
          'forbidden',
          'the link is not one of ours, or it was changed: ask for a new one',
        );
      }
      const [tenantId, recordingId, expiresAtMs] = content.parse(JSON.parse(Buffer.from(body, 'base64url').toString()));
      if (expiresAtMs <= now()) throw new Failure('permanent', 'gone', 'the link has expired: ask for a new one');
      return { tenantId, recordingId };
    },
  };
}
