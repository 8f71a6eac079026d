import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Answer {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body?: string;
  /** Never answers. */
  readonly hang?: boolean;
}

/** A CRM that keeps what was put into it and answers everything else as it is told. */
export interface FakeCrm {
  readonly url: string;
  readonly requests: SeenRequest[];
  readonly records: Map<string, unknown>;
  /** Answers the next request; otherwise a PUT is stored, and everything else is 404. */
  answerNext(answer: Answer): void;
  close(): Promise<void>;
}

export async function startFakeCrm(): Promise<FakeCrm> {
  const requests: SeenRequest[] = [];
  const records = new Map<string, unknown>();
  const answers: Answer[] = [];
  const sockets = new Set<Socket>();
  const respond = (seen: SeenRequest, response: ServerResponse): void => {
    requests.push(seen);
    const answer = answers.shift();
    if (answer?.hang === true) return;
    const stored = answer === undefined && seen.method === 'PUT';
    if (stored) records.set(seen.url, JSON.parse(seen.body));
    const status = answer?.status ?? (answer !== undefined || stored ? 200 : 404);
    response.writeHead(status, answer?.headers ?? {}).end(answer?.body ?? '');
  };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      respond({ method, url, headers, body: Buffer.concat(chunks).toString() }, response);
    });
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    records,
    answerNext: (answer) => void answers.push(answer),
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
