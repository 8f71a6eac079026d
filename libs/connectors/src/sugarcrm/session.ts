import { z } from 'zod';
import type { CrmConnector } from '../crm/port.ts';
import { path, type Settings } from './settings.ts';

const tokens = z.object({ access_token: z.string().min(1), expires_in: z.number().positive().default(3600) });

/** Another one is opened before the old one is refused. */
const spareMs = 60_000;

/**
 * Sugar's own OAuth 2 with user and password, the only grant without a browser. Logging in ends the log-in that the user
 * had on this platform, so a refresh token gains nothing: all replicas use one session, and open the next together.
 */
export const session: NonNullable<CrmConnector<Settings>['session']> = {
  open: async (api, { username, password, clientSecret = '' }) => {
    const { clientId, platform } = api.settings;
    const json = {
      grant_type: 'password',
      client_id: clientId,
      client_secret: clientSecret,
      username,
      password,
      platform,
    };
    const answer = await api.ask({ method: 'POST', path: path(api.settings, 'oauth2', 'token'), json });
    const { access_token: value, expires_in: seconds } = tokens.parse(answer.json);
    return { value, ttlMs: Math.max(1000, seconds * 1000 - spareMs) };
  },
  apply: (request, value) => ({ ...request, headers: { ...request.headers, 'oauth-token': value } }),
  isOver: ({ status }) => status === 401,
};
