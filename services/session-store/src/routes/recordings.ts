import { Failure, recording, token } from '@patchcord/contracts';
import { demandAgent, type HttpServer, type Identity, identityOf, requireScope } from '@patchcord/runtime';
import { z } from 'zod';
import type { RecordingLinks } from '../adapters/recording-links.ts';
import type { IndexedRecording } from '../domain/indexed-recording.ts';
import type { RecordingIndex } from '../domain/ports.ts';
import { cursorOf, positionOf } from '../domain/recording-cursor.ts';
import { safeFileName } from '../domain/recording-file.ts';

const instant = z.iso.datetime({ offset: true, error: 'expected a time as in 2026-11-20T23:41:25Z' });
const query = z.strictObject({
  callId: token.optional(),
  agentId: token.optional(),
  from: instant.optional().meta({ description: 'Began then or later' }),
  to: instant.optional().meta({ description: 'Began before' }),
  cursor: z.string().max(512).optional().meta({ description: 'Of the page before' }),
  limit: z.coerce.number().pipe(z.int().min(1).max(500)).default(100),
});
const params = z.object({ recordingId: token });

const recordingOut = recording
  .extend({
    callId: token,
    agentIds: z.array(token).meta({ description: 'Who is to be heard' }),
    fileName: z.string(),
    durationMs: z.number().optional(),
  })
  .meta({ id: 'Recording' });
const page = z.object({
  recordings: z.array(recordingOut),
  cursor: z.string().optional().meta({ description: 'Where the next page begins; absent on the last one' }),
});

const longestLinkSeconds = 7 * 24 * 3600;
const linkBody = z
  .strictObject({ ttlSeconds: z.int().min(10).max(longestLinkSeconds).default(300) })
  .meta({ id: 'RecordingLinkRequest' });
const link = z.object({ url: z.string(), expiresAt: z.iso.datetime() }).meta({ id: 'RecordingLink' });

export interface RecordingRoutes {
  readonly recordings: RecordingIndex;
  readonly links: RecordingLinks;
  /** How the service is reached from outside, without a slash at its end; else as this request reached it. */
  readonly publicUrl?: string | undefined;
}

/** `GET /v1/recordings`, `GET /v1/recordings/{id}` and `POST /v1/recordings/{id}/link`. */
export function registerRecordings(app: HttpServer, { recordings, links, publicUrl }: RecordingRoutes): void {
  const onRequest = requireScope('recordings:read');
  const tags = ['recordings'];
  // For an agent's token there are no recordings but those he is heard in.
  const found = async ({ tenantId, agentId }: Identity, recordingId: string): Promise<IndexedRecording> => {
    const known = await recordings.get(tenantId, recordingId);
    const mayHear = agentId === undefined || known?.agentIds.includes(agentId) === true;
    return known !== undefined && mayHear ? known : unknown(recordingId);
  };

  app.get(
    '/v1/recordings',
    { onRequest, schema: { tags, summary: 'Recordings, newest first', querystring: query, response: { 200: page } } },
    async (request) => {
      const { callId, agentId, from, to, cursor, limit } = request.query;
      const identity = identityOf(request);
      if (agentId !== undefined) demandAgent(identity, agentId);
      const entries = await recordings.find(identity.tenantId, {
        callId,
        agentId: agentId ?? identity.agentId,
        fromMs: from === undefined ? undefined : Date.parse(from),
        toMs: to === undefined ? undefined : Date.parse(to),
        after: cursor === undefined ? undefined : positionOf(cursor),
        limit: limit + 1,
      });
      const shown = entries.slice(0, limit);
      const last = entries.length > limit ? shown.at(-1) : undefined;
      return { recordings: shown.map(toOutput), ...(last === undefined ? {} : { cursor: cursorOf(last) }) };
    },
  );
  app.get(
    '/v1/recordings/:recordingId',
    { onRequest, schema: { tags, summary: 'One recording', params, response: { 200: recordingOut } } },
    async (request) => toOutput(await found(identityOf(request), request.params.recordingId)),
  );
  app.post(
    '/v1/recordings/:recordingId/link',
    {
      onRequest,
      schema: {
        tags,
        summary: 'A link by which a recording can be heard for a while, by whoever has it',
        params,
        body: linkBody,
        response: { 200: link },
      },
    },
    async (request) => {
      const { recordingId } = await found(identityOf(request), request.params.recordingId);
      const expiresAt = new Date(Date.now() + request.body.ttlSeconds * 1000);
      const signed = links.sign({ tenantId: request.tenantId, recordingId }, expiresAt);
      const url = `${publicUrl ?? addressOf(request)}/v1/recordings/file?token=${signed}`;
      return { url, expiresAt: expiresAt.toISOString() };
    },
  );
}

const addressOf = ({ protocol, host }: { readonly protocol: string; readonly host: string }): string =>
  `${protocol}://${host}`;

function unknown(recordingId: string): never {
  const message = `there is no recording "${recordingId}": it never was, or it is too long ago`;
  throw new Failure('permanent', 'not_found', message);
}

function toOutput({ pbxId: _pbxId, ...one }: IndexedRecording): z.input<typeof recordingOut> {
  const durationMs = one.endedAt === undefined ? undefined : Date.parse(one.endedAt) - Date.parse(one.startedAt);
  const fileName = safeFileName(one.location, one.recordingId);
  return { ...one, fileName, ...(durationMs === undefined ? {} : { durationMs }) };
}
