// The CRM of the bench: takes POSTs, answers at once (lookups later, or never), and keeps the time from when each event was due to its arrival.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { build as histogram } from 'hdr-histogram-js';
import { sayReady } from './child.ts';

const nowMs = (): number => performance.timeOrigin + performance.now();
const dueAt = /"t":"?([0-9.]+)/;

/**
 * How long the custom CRM of a routing rule takes (ms). With one that answers at once, callers in a closed loop would
 * measure how many decisions a second the machine can make, not what a decision adds.
 */
const lookupMs = 50;

let latencies = histogram({ numberOfSignificantValueDigits: 3 });
let seen = new Set<string>();
let posts = 0;

function measure(body: string): void {
  posts += 1;
  const due = dueAt.exec(body)?.[1];
  if (due === undefined || seen.has(due)) return;
  seen.add(due);
  latencies.recordValue(Math.max(1, Math.round((nowMs() - Number(due)) * 1000)));
}

const quantileMs = (percent: number): number => latencies.getValueAtPercentile(percent) / 1000;

const pages: Record<string, () => unknown> = {
  '/reset': () => {
    latencies = histogram({ numberOfSignificantValueDigits: 3 });
    seen = new Set();
    posts = 0;
    return {};
  },
  '/stats': () => ({
    posts,
    distinct: seen.size,
    p50Ms: quantileMs(50),
    p99Ms: quantileMs(99),
    maxMs: quantileMs(100),
  }),
  '/lookup': () => ({ value: 'GOLD' }),
};

function handle(request: IncomingMessage, response: ServerResponse): void {
  const path = (request.url ?? '').split('?', 1)[0] ?? '';
  let body = '';
  request.on('data', (chunk: Buffer) => {
    body += chunk.toString();
  });
  request.on('end', () => {
    const page = pages[path];
    if (page === undefined) measure(body);
    const answer = (): void => {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(page?.() ?? { ok: true }));
    };
    if (path === '/hang') return;
    if (path === '/stall') response.writeHead(200, { 'content-length': '2' }).flushHeaders();
    else if (path === '/lookup') setTimeout(answer, lookupMs);
    else answer();
  });
}

const server = createServer(handle).listen(0, '127.0.0.1', () => {
  sayReady({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
});
// Callers who are silent for a while find their connection as they left it.
server.keepAliveTimeout = 120_000;
process.on('SIGTERM', () => process.exit(0));
