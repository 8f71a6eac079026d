import { followServerSent, type ServerSentStream } from '@patchcord/testkit';
import { onTestFinished } from 'vitest';

export type Stream = ServerSentStream;

/** Reads a stream of server-sent events until the test ends. */
export async function follow(url: URL, headers: Record<string, string>): Promise<Stream> {
  const stream = await followServerSent(url, headers);
  onTestFinished(() => stream.leave());
  return stream;
}
