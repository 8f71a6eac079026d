import type { Bus, ConfigStore } from '@patchcord/bus';
import type { Contacts } from '@patchcord/contacts';
import type { HttpServer } from '@patchcord/runtime';
import type { FastifyReply, FastifyRequest, HTTPMethods, RouteShorthandOptions } from 'fastify';
import type { Dispositions } from '../usecases/dispositions.ts';
import type { LogIn } from '../usecases/log-in.ts';

/** The use cases that stand beneath both this layer and `/v1`. */
export interface OmniLeadsDeps {
  readonly bus: Bus;
  readonly config: Pick<ConfigStore, 'tenant'>;
  readonly contacts: Pick<Contacts, 'add' | 'get' | 'byExternalId' | 'linkCall'>;
  readonly dispositions: Dispositions;
  readonly logIn: LogIn;
}

export type Handler = (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>;

export interface PathOptions extends Pick<RouteShorthandOptions, 'schema' | 'onRequest' | 'config'> {
  readonly method: HTTPMethods;
  /** With its slash at the end. */
  readonly url: `/${string}/`;
}

/** Scripts write the paths with and without the slash at the end; only the first is documented. */
export function path(app: HttpServer, { url, schema, ...options }: PathOptions, handler: Handler): void {
  app.route({ ...options, url, ...(schema === undefined ? {} : { schema }), handler });
  app.route({ ...options, url: url.slice(0, -1), schema: { hide: true }, handler });
}
