import rateLimit from '@fastify/rate-limit';
import type { Bus } from '@patchcord/bus';
import { Failure } from '@patchcord/contracts';
import Fastify, { type FastifyBaseLogger, type FastifyRequest, LogController } from 'fastify';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import type { HealthReport } from '../health.ts';
import type { Logger } from '../logger.ts';
import { createMetrics } from '../telemetry/metrics.ts';
import { type AuthConfig, type AuthOptions, registerAuth } from './auth.ts';
import { registerBodyDeadline } from './body-deadline.ts';
import { endIdleConnections } from './closing.ts';
import { registerDocs } from './docs.ts';
import { handleError } from './errors.ts';
import type { HttpServer } from './http-server.ts';
import { registerNestingLimit } from './nesting.ts';
import { registerOperations } from './operations.ts';
import { registerRequestLog, registerSecurityHeaders, registerTracing } from './request-hooks.ts';
import { createTokenUse } from './token-use.ts';

export interface HttpServerOptions {
  readonly service: string;
  readonly log: Logger;
  /** API tokens are looked up here. */
  readonly config: AuthConfig;
  readonly health: () => Promise<HealthReport>;
  /** Heading of the API's documentation. */
  readonly title: string;
  /** Largest request body (bytes). Default 1 MiB. */
  readonly bodyLimit?: number;
  /** Requests per minute of one token; of one address where there is no valid token, a twentieth. Default 1.2 million. */
  readonly requestsPerMinute?: number;
  /** Another way to know who asks, tried when there is no `Authorization` header. */
  readonly fallbackAuth?: AuthOptions['fallback'];
  /** Reads bearer tokens that are no API tokens; without it they are not known. */
  readonly otherTokens?: AuthOptions['otherTokens'];
  /** The use of API tokens is told on it. */
  readonly bus?: Pick<Bus, 'nc' | 'connected'>;
  /** Addresses and ranges of proxies whose `X-Forwarded-` headers are believed. Default: nobody's. */
  readonly trustedProxies?: readonly string[];
}

const mebibyte = 1024 * 1024;
const anonymousShare = 20;
/** Never limited: who asks these keeps the process alive. */
const unlimitedPaths = ['/livez', '/readyz', '/metrics'];

/**
 * The HTTP server of a service, with everything but its routes: authentication, limits, one error shape, OpenAPI 3.1 at
 * `/openapi.json`, its page at `/docs`, `/livez`, `/readyz`, `/metrics`. Listen by `httpPart` or `listen`.
 */
export async function createHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const { service, health } = options;
  const app = bareServer(options);
  const metrics = createMetrics(service);
  registerTracing(app, service);
  registerBodyDeadline(app);
  registerNestingLimit(app);
  registerSecurityHeaders(app);
  registerRequestLog(app, metrics);
  registerAuth(app, authOptions(options));
  await registerRateLimit(app, options.requestsPerMinute ?? 1_200_000);
  await registerDocs(app, options.title);
  registerOperations(app, health);
  endIdleConnections(app);
  return app;
}

const authOptions = ({ config, fallbackAuth, otherTokens, bus }: HttpServerOptions): AuthOptions => ({
  config,
  ...(fallbackAuth === undefined ? {} : { fallback: fallbackAuth }),
  ...(otherTokens === undefined ? {} : { otherTokens }),
  ...(bus === undefined ? {} : { onUse: createTokenUse(bus) }),
});

function bareServer(options: HttpServerOptions): HttpServer {
  const loggerInstance: FastifyBaseLogger = options.log;
  const app = Fastify({
    loggerInstance,
    // A child per request costs more than its answer; our own lines name the request.
    childLoggerFactory: (logger) => logger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: options.bodyLimit ?? mebibyte,
    trustProxy: options.trustedProxies === undefined ? false : [...options.trustedProxies],
    connectionTimeout: 120_000,
    // Headers have so long; bodies what `registerBodyDeadline` gives them.
    http: { headersTimeout: 30_000 },
    requestTimeout: 0,
    keepAliveTimeout: 72_000,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 300 },
  }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler(handleError);
  app.setNotFoundHandler((request, reply) => {
    const message = `there is no ${request.method} ${request.url.split('?')[0]}; see /docs`;
    return handleError(new Failure('permanent', 'not_found', message), request, reply);
  });
  return app;
}

/**
 * Before anything of a route: what a route adds to itself comes behind its own check of the token, which ends the request
 * of whoever has none, and so nobody would count the tokens that somebody tries.
 */
async function registerRateLimit(app: HttpServer, perMinute: number): Promise<void> {
  await app.register(rateLimit, {
    global: false,
    timeWindow: 60_000,
    keyGenerator: limitKey,
    max: (request) => (request.identity === undefined ? Math.ceil(perMinute / anonymousShare) : perMinute),
    allowList: (request) => unlimitedPaths.includes(request.url),
    errorResponseBuilder: (_request, { ttl }) =>
      new Failure('throttled', 'rate_limited', 'too many requests', { retryAt: new Date(Date.now() + ttl) }),
  });
  app.addHook('onRequest', app.rateLimit());
}

const limitKey = ({ identity, ip }: FastifyRequest): string =>
  identity === undefined ? `address ${ip}` : `token ${identity.tenantId} ${identity.tokenId}`;
