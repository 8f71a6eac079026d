import { z } from 'zod';
import { subjects } from './names.ts';
import { token } from './tokens.ts';

/** One request/reply verb: its subject and the schemas of both directions. */
export interface RpcDefinition<Request, Reply> {
  readonly service: string;
  readonly verb: string;
  readonly subject: string;
  readonly request: z.ZodType<Request>;
  readonly reply: z.ZodType<Reply>;
}

/** A verb that a service serves under its queue group. */
export function defineRpc<Request, Reply>(
  service: string,
  verb: string,
  request: z.ZodType<Request>,
  reply: z.ZodType<Reply>,
): RpcDefinition<Request, Reply> {
  return { service, verb, subject: subjects.rpc(service, verb), request, reply };
}

/** What every verb is asked with that lists something. */
export const rpcPage = { tenantId: token, limit: z.number().int().min(1).max(500).default(100) };
