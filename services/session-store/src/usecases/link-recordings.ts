import { Failure, type rpc } from '@patchcord/contracts';
import type { z } from 'zod';
import type { RecordingLinks } from '../adapters/recording-links.ts';
import type { RecordingIndex } from '../domain/ports.ts';

export interface LinkRecordingsOptions {
  readonly recordings: Pick<RecordingIndex, 'named'>;
  readonly links: Pick<RecordingLinks, 'sign'>;
  /** How the service is reached from outside, without a slash at its end. */
  readonly publicUrl: string | undefined;
  readonly now: () => number;
}

type Request = z.output<typeof rpc.linkRecordings.request>;
type Reply = z.output<typeof rpc.linkRecordings.reply>;

/**
 * Links to recordings, for other services: they do not know where this one is reached.
 *
 * @throws Failure own-trouble `not_configured`
 */
export function createLinkRecordings(options: LinkRecordingsOptions): (request: Request) => Promise<Reply> {
  const { recordings, links, publicUrl, now } = options;
  return async ({ tenantId, fileNames, onlyOf, ttlSeconds }) => {
    if (publicUrl === undefined) {
      throw new Failure('own-trouble', 'not_configured', 'there are no links to recordings: set RECORDINGS_PUBLIC_URL');
    }
    const expiresAt = new Date(now() + ttlSeconds * 1000);
    const linked = await Promise.all(
      fileNames.map(async (fileName) => {
        const known = await recordings.named(tenantId, fileName);
        if (known === undefined || (onlyOf !== undefined && !known.agentIds.includes(onlyOf))) return [];
        const { recordingId } = known;
        const url = `${publicUrl}/v1/recordings/file?token=${links.sign({ tenantId, recordingId }, expiresAt)}`;
        return [{ fileName, recordingId, url, expiresAt: expiresAt.toISOString() }];
      }),
    );
    return { links: linked.flat() };
  };
}
