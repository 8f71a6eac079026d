import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Busboy } from '@fastify/busboy';
import qs from 'qs';
import type { ServerRequest } from '../../src/index.ts';

/** What arrived at the site, as node's own HTTP server read it. */
export interface Arrived {
  readonly method: string;
  /** As it stood in the request line. */
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface EchoSite {
  readonly origin: string;
  /** Sends a rendered request to it; the answer is what arrived. */
  readonly receive: (request: ServerRequest) => Promise<Arrived>;
  readonly close: () => Promise<void>;
}

/** A web server that keeps what it was sent. */
export async function startEchoSite(): Promise<EchoSite> {
  const arrivals: Arrived[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url: target = '', headers } = request;
      arrivals.push({ method, target, headers, body: Buffer.concat(chunks) });
      response.end();
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    receive: async ({ url, method, headers, body }) => {
      await fetch(url, { method, headers, ...(body === undefined ? {} : { body }) });
      const arrived = arrivals.pop();
      if (arrived === undefined) throw new Error('nothing arrived');
      return arrived;
    },
    close: () => closed(server),
  };
}

async function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
}

/** Plain name and value pairs, by parsers that know nothing of how they were written. */
export const read = {
  query: ({ target }: Arrived): unknown => ({ ...qs.parse(new URL(target, 'http://x').search.slice(1), flat) }),
  urlencoded: ({ body }: Arrived): unknown => ({ ...qs.parse(body.toString('utf8'), flat) }),
  json: ({ body }: Arrived): unknown => JSON.parse(body.toString('utf8')),
  text: ({ body }: Arrived): unknown => Object.fromEntries(lines(body.toString('utf8'))),
  multipart: async (arrived: Arrived): Promise<unknown> => {
    const parts = await multipartParts(arrived);
    return Object.fromEntries(parts.map(({ name, value }) => [name, value]));
  },
};

/** Dots and brackets in names are not looked into. */
const flat = { depth: 0, parseArrays: false, allowDots: false, plainObjects: true } as const;

function lines(text: string): [string, string][] {
  if (text === '') return [];
  // As readers do who take every end of line that Unicode knows for one.
  const found = text.replace(/\r\n$/, '').split(/\r\n|(?!\t)[\p{Cc}\u2028\u2029]/u);
  return found.map((line) => [line.slice(0, line.indexOf('=')), unescaped(line.slice(line.indexOf('=') + 1))]);
}

const unescaped = (text: string): string =>
  text.replace(/\\(?:u([0-9a-f]{4})|(.))/gs, (_, hex: string | undefined, letter: string) =>
    hex === undefined ? ({ n: '\n', r: '\r' }[letter] ?? letter) : String.fromCharCode(Number.parseInt(hex, 16)),
  );

export interface Part {
  readonly name: string;
  readonly value: string;
  readonly fileName?: string;
}

export async function multipartParts({ headers, body }: Arrived): Promise<Part[]> {
  const parts: Part[] = [];
  const parser = new Busboy({
    headers: { ...headers, 'content-type': headers['content-type'] ?? '' },
    limits: { fieldSize: 1e6 },
  });
  parser.on('field', (name, value) => parts.push({ name, value }));
  parser.on('file', (name, stream, fileName) => {
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('end', () => parts.push({ name, value: Buffer.concat(chunks).toString('utf8'), fileName }));
  });
  const finished = once(parser, 'finish');
  parser.end(body);
  await finished;
  return parts;
}
