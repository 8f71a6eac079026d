import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as a server saw it. */
export interface RecordedRequest {
  readonly method: string;
  /** Path and query, as they came. */
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** 200 without a body, where nothing else is said. */
export interface ServerAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface RecordingServer {
  readonly url: string;
  readonly port: number;
  /** Oldest first. */
  readonly seen: RecordedRequest[];
  close(): Promise<void>;
}

/** A server that notes what it is asked and answers what the function says. */
export async function recordingServer(
  answer: (seen: RecordedRequest) => ServerAnswer | Promise<ServerAnswer> = () => ({}),
): Promise<RecordingServer> {
  const seen: RecordedRequest[] = [];
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = '', url = '', headers } = request;
    const noted = { method, url, headers, body: await bodyOf(request) };
    seen.push(noted);
    const { status = 200, headers: sent = {}, body = '' } = await answer(noted);
    response.writeHead(status, sent).end(body);
  };
  // Who asks and goes away, or is answered by a test that fails, ends his own connection only.
  const server = createServer((request, response) => void serve(request, response).catch(() => response.destroy()));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    seen,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
