import type { Readable } from 'node:stream';
import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from 'fastify';
import { createScript, perform, type ScriptedBehaviour } from './behaviour.ts';

export interface SeenRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  /** As it came. */
  readonly body: string;
  /** ms since the epoch. */
  readonly at: number;
}

export interface FakeCrmOptions {
  /** Default: a free one. */
  readonly port?: number;
  /** Default: 127.0.0.1. */
  readonly host?: string;
  /** Called with each request before it is answered. */
  readonly onRequest?: (request: SeenRequest) => void;
  /** Pages of its own, asked before anything else; undefined: not one of them. */
  readonly pages?: (request: SeenRequest) => CrmPage | undefined;
}

/** What a page of the CRM answers; a stream goes on until the reader is gone. */
export interface CrmPage {
  readonly type: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly status?: number;
  readonly body: string | Readable;
}

/**
 * A CRM for tests and for the demo: takes anything at `/hooks/*`, stores call records at `/call-records/:id`, answers
 * lookups at `/lookup`, shows a page at `/customers/:id`. It honours `Idempotency-Key`: a repeated key gets the first answer again and changes nothing.
 */
export interface FakeCrm {
  readonly url: string;
  readonly port: number;
  /** Lets requests whose path begins so meet something else. */
  script(pathPrefix: string, behaviour: ScriptedBehaviour): void;
  clearScript(): void;
  /** What `/lookup` answers when it is asked for this field; null: there is no such customer. */
  answerLookup(fieldName: string, value: string | number | null): void;
  /** Oldest first; those that were refused or never answered too. */
  requests(): readonly SeenRequest[];
  /** How often each `Idempotency-Key` came. */
  idempotencyKeys(): ReadonlyMap<string, number>;
  /** Work that was done: one entry per key that was accepted, however often it came. */
  accepted(): ReadonlyMap<string, SeenRequest>;
  /** Call records by id. */
  records(): ReadonlyMap<string, unknown>;
  close(): Promise<void>;
}

interface Ledger {
  readonly requests: SeenRequest[];
  readonly keys: Map<string, number>;
  readonly accepted: Map<string, SeenRequest>;
  readonly answers: Map<string, object>;
  readonly records: Map<string, unknown>;
  readonly lookups: Map<string, string | number | null>;
}

export async function startFakeCrm(options: FakeCrmOptions = {}): Promise<FakeCrm> {
  const { port = 0, host = '127.0.0.1', onRequest, pages } = options;
  const ledger: Ledger = {
    requests: [],
    keys: new Map(),
    accepted: new Map(),
    answers: new Map(),
    records: new Map(),
    lookups: new Map(),
  };
  const script = createScript();
  const app = fastify({ forceCloseConnections: true, bodyLimit: 4 * 1024 * 1024 });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  app.addHook('preHandler', async (request, reply) => {
    const seen = see(request);
    note(ledger, seen);
    onRequest?.(seen);
    const behaviour = script.next(seen.path);
    if (behaviour !== undefined && (await perform(behaviour, reply))) return reply;
    const page = pages?.(seen);
    return (
      page &&
      reply
        .code(page.status ?? 200)
        .type(page.type)
        .headers(page.headers ?? {})
        .send(page.body)
    );
  });
  addRoutes(app, ledger);
  const boundPort = Number(new URL(await app.listen({ port, host })).port);
  return {
    url: `http://${host}:${boundPort}`,
    port: boundPort,
    script: script.add,
    clearScript: script.clear,
    answerLookup: (fieldName, value) => void ledger.lookups.set(fieldName, value),
    requests: () => ledger.requests,
    idempotencyKeys: () => ledger.keys,
    accepted: () => ledger.accepted,
    records: () => ledger.records,
    close: () => app.close(),
  };
}

function addRoutes(app: FastifyInstance, ledger: Ledger): void {
  app.all('/hooks/*', (request, reply) => once(ledger, request, reply, () => ({ ok: true })));
  app.route<{ Params: { id: string } }>({
    method: ['PUT', 'POST'],
    url: '/call-records/:id',
    handler: (request, reply) =>
      once(ledger, request, reply, () => {
        ledger.records.set(request.params.id, JSON.parse(bodyOf(request)));
        return { id: request.params.id };
      }),
  });
  app.get<{ Params: { id: string } }>('/customers/:id', (request, reply) =>
    reply.type('text/html; charset=utf-8').send(customerCard(request.params.id)),
  );
  app.route<{ Querystring: { field_name?: string } }>({
    method: ['GET', 'POST'],
    url: '/lookup',
    handler: (request, reply) => {
      const value = ledger.lookups.get(request.query.field_name ?? '');
      return value === undefined ? reply.code(404).send({}) : reply.send({ value });
    },
  });
}

/** The page that an agent sees of a customer. */
const customerCard = (id: string): string =>
  `<!doctype html><title>Customer</title><h1>Customer ${id.replace(/[^\w -]/g, '')}</h1><p>Demo CRM</p>`;

/** Does the work of a key once and gives the same answer to whoever asks again. */
function once(ledger: Ledger, request: FastifyRequest, reply: FastifyReply, work: () => object): FastifyReply {
  const key = request.headers['idempotency-key'];
  if (typeof key !== 'string') return reply.send(work());
  const earlier = ledger.answers.get(key);
  if (earlier !== undefined) return reply.header('idempotency-replayed', 'true').send(earlier);
  const answer = work();
  ledger.answers.set(key, answer);
  ledger.accepted.set(key, see(request));
  return reply.send(answer);
}

function note({ requests, keys }: Ledger, seen: SeenRequest): void {
  requests.push(seen);
  const key = seen.headers['idempotency-key'];
  if (key !== undefined) keys.set(key, (keys.get(key) ?? 0) + 1);
}

function see(request: FastifyRequest): SeenRequest {
  const url = new URL(request.url, 'http://fake');
  return {
    method: request.method,
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    headers: Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)])),
    body: bodyOf(request),
    at: Date.now(),
  };
}

const bodyOf = ({ body }: FastifyRequest): string => (typeof body === 'string' ? body : '');
