export { isPlainValue } from './command.ts';
export type { AgiFailureCode } from './failures.ts';
export type { AgiReply } from './reply.ts';
export type { AgiRequest } from './request.ts';
export * from './server.ts';
export type { AgiSession, CollectedDigits, DataOptions } from './session.ts';
export type { AgiCommand } from './wire.ts';
