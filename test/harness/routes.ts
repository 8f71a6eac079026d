import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { FastifyInstance, RouteOptions } from 'fastify';
import { z } from 'zod';

/** One method of one route, as fastify has it. */
export interface KnownRoute {
  readonly method: string;
  /** With `:name` for each parameter. */
  readonly url: string;
  /** Names of the fields of its body and of its query. */
  readonly fields: readonly string[];
}

export interface RouteWatch {
  readonly routes: readonly KnownRoute[];
  stop(): void;
}

/** Notes every route of every server that is made from now on in this process, also those that no document shows. */
export function watchRoutes(): RouteWatch {
  const routes: KnownRoute[] = [];
  const onServer = (message: unknown): void => {
    const { fastify } = message as { readonly fastify: FastifyInstance };
    fastify.addHook('onRoute', (route) => void routes.push(...knownRoutes(route)));
  };
  subscribe('fastify.initialization', onServer);
  return { routes, stop: () => unsubscribe('fastify.initialization', onServer) };
}

function knownRoutes({ method, url, schema }: RouteOptions): KnownRoute[] {
  const fields = [...fieldsOf(schema?.body), ...fieldsOf(schema?.querystring)];
  return [method].flat().map((one) => ({ method: one, url, fields }));
}

function fieldsOf(schema: unknown): string[] {
  if (!(schema instanceof z.ZodType)) return [];
  const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  const kinds = [json, ...(json.anyOf ?? []), ...Object.values(json.$defs ?? {})];
  return [...new Set(kinds.flatMap((one) => Object.keys(one.properties ?? {})))];
}
