export * from './eventually.ts';
export { findBinary, toolsDir } from './servers/binaries.ts';
export { hasDistributionPackages } from './servers/distribution.ts';
export * from './servers/ensure.ts';
export * from './servers/nats.ts';
export * from './servers/redis.ts';
export type { ServerProcess } from './servers/server-process.ts';
export * from './servers/servers.ts';
