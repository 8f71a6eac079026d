export * from './eventually.ts';
export * from './servers/nats.ts';
export * from './servers/redis.ts';
export type { ServerProcess } from './servers/server-process.ts';
export * from './servers/servers.ts';
