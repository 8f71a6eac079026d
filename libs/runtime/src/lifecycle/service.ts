import type { HealthReport } from '../health.ts';
import type { HttpPart } from '../http/listen.ts';
import type { Logger } from '../logger.ts';
import { compose, type Part } from './compose.ts';

/** A service as a process runs it, alone or beside others. */
export interface Service {
  readonly name: string;
  /** Where its HTTP server answers, once it is started. */
  readonly url?: string | undefined;
  start(): Promise<void>;
  stop(): Promise<void>;
  health(): Promise<HealthReport>;
}

export interface ServiceOptions {
  readonly name: string;
  readonly log: Logger;
  /** In the order of their start; what takes work in comes last. */
  readonly parts: readonly (Part | HttpPart)[];
  readonly health: () => Promise<HealthReport>;
}

/** A service made of parts. Its address is that of its HTTP part. */
export function composeService(options: ServiceOptions): Service {
  const { name, log, parts, health } = options;
  const composition = compose(parts, { log });
  return {
    name,
    get url() {
      return urlOf(parts);
    },
    start: async () => {
      await composition.start();
      log.info({ url: urlOf(parts) }, 'service started');
    },
    stop: async () => {
      await composition.stop();
      log.info('service stopped');
    },
    health,
  };
}

const urlOf = (parts: readonly (Part | HttpPart)[]): string | undefined =>
  parts.find((part): part is HttpPart => 'url' in part)?.url;

/** Health of several services as one: the checks of each with its name in front. */
export function healthOf(services: readonly Service[]): () => Promise<HealthReport> {
  return async () => {
    const reports = await Promise.all(services.map(async (service) => ({ service, report: await service.health() })));
    const checks = reports.flatMap(({ service, report }) =>
      report.checks.map((check) => ({ ...check, name: `${service.name}:${check.name}` })),
    );
    return { ready: reports.every(({ report }) => report.ready), checks };
  };
}
