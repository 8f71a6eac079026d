import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** A request as a CRM sees it. */
export interface CrmCall {
  readonly method: string;
  /** Segments of the path, decoded. */
  readonly path: readonly string[];
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly json: unknown;
  readonly form: URLSearchParams;
}

export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Serialised as JSON; a text is sent as it is. */
  readonly body?: unknown;
}

/**
 * What goes wrong with a request. `lost-answer`: the CRM does what it was asked, and the connection breaks before it says
 * so; `hang`: it never answers; `long-answer`: it does what it was asked, and says more than is read; `until`: it does what it
 * was asked at once, and says so then; a reply stands in for its own.
 */
export type Fault = 'lost-answer' | 'long-answer' | 'hang' | Reply | { readonly until: Promise<void> };

/** More than the usual limit of answers (bytes). */
const longerThanRead = 2 * 1024 * 1024;

export interface FakeHttp {
  readonly url: string;
  readonly calls: readonly CrmCall[];
  /** The next request that this fits has this fault. */
  failNext(fault: Fault, fits?: (call: CrmCall) => boolean): void;
  /** Every request from now on has this fault; undefined: it is over, also for those that hang. */
  failAll(fault: Fault | undefined): void;
  close(): Promise<void>;
}

/** A real HTTP server that answers as a CRM would. */
export async function startFakeHttp(answer: (call: CrmCall) => Reply): Promise<FakeHttp> {
  const calls: CrmCall[] = [];
  const faults: { readonly fault: Fault; readonly fits: (call: CrmCall) => boolean }[] = [];
  let ofAll: Fault | undefined;
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    void read(request).then((call) => {
      calls.push(call);
      const at = faults.findIndex(({ fits }) => fits(call));
      const fault = at < 0 ? ofAll : faults.splice(at, 1)[0]?.fault;
      respond(response, call, fault, answer);
    });
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    failNext: (fault, fits = () => true) => void faults.push({ fault, fits }),
    failAll: (fault) => {
      ofAll = fault;
      if (fault === undefined) server.closeAllConnections();
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function respond(
  response: ServerResponse,
  call: CrmCall,
  fault: Fault | undefined,
  answer: (call: CrmCall) => Reply,
): void {
  if (fault === 'hang') return;
  if (typeof fault === 'object' && 'until' in fault) {
    const late = answer(call);
    return void fault.until.then(() => respond(response, call, late, answer));
  }
  const reply = typeof fault === 'object' ? fault : answer(call);
  if (fault === 'lost-answer') return void response.destroy();
  const { status = 200, headers = {}, body } = reply;
  const isText = typeof body === 'string';
  const type = isText ? {} : { 'content-type': 'application/json' };
  response.writeHead(status, { ...type, ...headers });
  const text = body === undefined ? '' : isText ? body : JSON.stringify(body);
  response.end(fault === 'long-answer' ? `${' '.repeat(longerThanRead)}${text}` : text);
}

async function read(request: IncomingMessage): Promise<CrmCall> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks).toString();
  const { method = '', url = '/', headers } = request;
  const { pathname, searchParams } = new URL(url, 'http://crm.test');
  const path = pathname
    .split('/')
    .filter((part) => part !== '')
    .map(decodeURIComponent);
  return { method, path, query: searchParams, headers, body, json: jsonOf(body), form: new URLSearchParams(body) };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
