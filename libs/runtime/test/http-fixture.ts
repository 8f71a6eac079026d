import { type ConfigSnapshot, emptyTenantConfig, type Scope } from '@patchcord/contracts';
import { onTestFinished } from 'vitest';
import {
  type AuthConfig,
  createHttpServer,
  createLogger,
  type HealthReport,
  type HttpServer,
  type HttpServerOptions,
  mintToken,
} from '../src/index.ts';

/** The configuration's part that authentication needs, held in memory. */
export function tokensInMemory(): AuthConfig & { grant(tenantId: string, ...scopes: Scope[]): string; clear(): void } {
  let snapshot: ConfigSnapshot = new Map();
  const listeners = new Set<(snapshot: ConfigSnapshot) => void>();
  const put = (next: ConfigSnapshot): void => {
    snapshot = next;
    for (const listener of listeners) listener(next);
  };
  return {
    snapshot: () => snapshot,
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    grant: (tenantId, ...scopes) => {
      const { token, sha256 } = mintToken(tenantId);
      const before = snapshot.get(tenantId) ?? emptyTenantConfig();
      const id = `t-${sha256.slice(0, 8)}`;
      const tokens = new Map([...before['api-token'], [id, { id, name: 'test', sha256, scopes }]]);
      put(new Map([...snapshot, [tenantId, { ...before, 'api-token': tokens }]]));
      return token;
    },
    clear: () => put(new Map()),
  };
}

export const silentLog = createLogger({ service: 'test', level: 'silent' });
const healthy: HealthReport = { ready: true, checks: [{ name: 'nats', ok: true, durationMs: 1 }] };

/** A server with everything but routes, closed when the test ends. */
export async function testServer(options: Partial<HttpServerOptions> = {}): Promise<HttpServer> {
  const app = await createHttpServer({
    service: 'test',
    title: 'Test',
    log: silentLog,
    config: tokensInMemory(),
    health: async () => healthy,
    ...options,
  });
  onTestFinished(() => app.close());
  return app;
}

export const bearer = (token: string): { authorization: string } => ({ authorization: `Bearer ${token}` });
