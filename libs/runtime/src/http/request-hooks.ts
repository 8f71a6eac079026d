import { context, trace } from '@opentelemetry/api';
import { getRPCMetadata, RPCType } from '@opentelemetry/core';
import type { FastifyReply } from 'fastify';
import type { ServiceMetrics } from '../telemetry/metrics.ts';
import { serviceAttribute } from '../telemetry/spans.ts';
import type { HttpServer } from './http-server.ts';

/** Names the server's span by its route (`POST /v1/events/:id`), never by the ids in its path. */
export function registerTracing(app: HttpServer, service: string): void {
  app.addHook('onRequest', (request, _reply, done) => {
    const metadata = getRPCMetadata(context.active());
    const route = request.routeOptions.url;
    if (metadata?.type === RPCType.HTTP && route !== undefined) metadata.route = route;
    trace.getActiveSpan()?.setAttribute(serviceAttribute, service);
    done();
  });
}

const securityHeaders = Object.entries({
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
});

/** A year, for this host: what lies beside it under the same domain is not ours to decide on (RFC 6797). */
const strictTransport = 'max-age=31536000';

/** Headers every answer carries, unless its route says otherwise. */
export function registerSecurityHeaders(app: HttpServer): void {
  app.addHook('onSend', ({ protocol, headers }, reply, _payload, done) => {
    for (const [name, value] of securityHeaders) setDefault(reply, name, value);
    // Said over plain http it counts for nothing, and a proxy that ends https may add its own.
    if (protocol === 'https' || headers['x-forwarded-proto'] === 'https')
      setDefault(reply, 'strict-transport-security', strictTransport);
    done();
  });
}

function setDefault(reply: FastifyReply, name: string, value: string): void {
  if (!reply.hasHeader(name)) reply.header(name, value);
}

const quietRoutes = ['/livez', '/readyz', '/metrics'];

/** One wide line and one measurement per request. The route is logged, not the address: a query may hold numbers. */
export function registerRequestLog(app: HttpServer, metrics: ServiceMetrics): void {
  const duration = metrics.histogram('http_request_duration_seconds', 'Time to answer an HTTP request');
  app.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'unknown';
    const { method } = request;
    const status = reply.statusCode;
    duration.record(reply.elapsedTime / 1000, { method, route, status });
    const level = quietRoutes.includes(route) ? 'debug' : 'info';
    const tenantId = request.identity?.tenantId;
    const durationMs = Math.round(reply.elapsedTime * 10) / 10;
    request.log[level]({ reqId: request.id, method, route, status, durationMs, tenantId }, 'request answered');
    done();
  });
}
