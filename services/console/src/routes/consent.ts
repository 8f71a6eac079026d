import { type Bus, type ConfigStore, callRpc } from '@patchcord/bus';
import { asFailure, Failure, rpc, token } from '@patchcord/contracts';
import { escapeHtml } from '@patchcord/expressions';
import { type HttpServer, requireScope } from '@patchcord/runtime';
import { z } from 'zod';
import { ownUrl } from '../domain/own-address.ts';

const tags = ['external sites'];
const beginTimeoutMs = 15_000;
/** The code is changed for tokens at the authorization server, which may be slow. */
const endTimeoutMs = 75_000;
const callbackPath = '/v1/oauth/callback';

export interface ConsentRoutes {
  readonly bus: Bus;
  readonly config: ConfigStore;
  /** Where browsers reach this console. */
  readonly publicUrl: string | undefined;
}

/** The consent of a person to an OAuth 2 authorization: where his browser goes, and where it comes back. */
export function registerConsent(app: HttpServer, { bus, config, publicUrl }: ConsentRoutes): void {
  const begin = {
    summary: 'Begins a consent: send the browser of whoever consents to the url',
    tags,
    params: z.object({ id: token }),
    response: { 200: z.object({ url: z.string() }) },
  };
  const onRequest = requireScope('admin');
  app.post('/v1/site-authentications/:id/consent', { onRequest, schema: begin }, async ({ tenantId, params }) => {
    demandConsentable(config, tenantId, params.id);
    const request = { tenantId, authenticationId: params.id, redirectUri: callbackUrl(publicUrl) };
    return callRpc(bus, rpc.beginConsent, request, { timeoutMs: beginTimeoutMs });
  });

  // Nobody is signed in here: the state in the address, which only we can have made, says whose consent it is.
  app.get(callbackPath, { schema: { hide: true } }, async (request, reply) => {
    const url = new URL(callbackUrl(publicUrl));
    url.search = new URL(request.url, 'http://console').search;
    reply.type('text/html; charset=utf-8');
    try {
      const { authenticationId } = await callRpc(
        bus,
        rpc.endConsent,
        { callbackUrl: url.href },
        { timeoutMs: endTimeoutMs },
      );
      return page('Done', `The consent for "${authenticationId}" is stored. You may close this window.`);
    } catch (error) {
      const failure = asFailure(error);
      request.log.warn({ code: failure.code }, 'a consent failed');
      const why = failure.class === 'defect' ? 'an internal error, which was logged' : failure.message;
      reply.status(failure.class === 'permanent' ? 400 : 503);
      return page('Failed', `The consent is not stored: ${why}.`);
    }
  });
}

function demandConsentable(config: ConfigStore, tenantId: string, id: string): void {
  const known = config.tenant(tenantId)['site-authentication'].get(id);
  if (known === undefined) throw new Failure('permanent', 'not_found', `there is no site-authentication "${id}"`);
  if (known.kind === 'oauth2-authorization-code') return;
  const message = `"${id}" is of the kind "${known.kind}": only "oauth2-authorization-code" needs a consent`;
  throw new Failure('permanent', 'consent_not_needed', message);
}

const callbackUrl = (publicUrl: string | undefined): string => ownUrl(publicUrl, callbackPath);

const page = (title: string, text: string): string =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><title>${escapeHtml(title)}</title><h1>${escapeHtml(title)}</h1><p>${escapeHtml(text)}</p></html>`;
