import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { CrmApi, CrmConnector } from '../crm/port.ts';
import { textOf } from '../crm/values.ts';
import type { Settings } from './settings.ts';
import { isSessionOver, loggedIn, resultOf } from './wire.ts';

const opened = z.object({ id: z.string(), user: z.string() });
const args = z.record(z.string(), z.unknown());

/** PHP forgets sessions that nobody used for 24 minutes, unless it was told otherwise. */
const ttlMs = 20 * 60_000;

export const session: NonNullable<CrmConnector<Settings>['session']> = {
  open: async (api, { username, password }) => {
    const login = { user_auth: userAuth(api.settings, username, password), application_name: 'patchcord' };
    const answer = await resultOf(api, 'login', { ...login, name_value_list: [] }, loggedIn);
    const user = textOf(answer.name_value_list.user_name?.value) || username;
    return { value: JSON.stringify({ id: answer.id, user }), ttlMs };
  },
  /** The session is the first argument. */
  apply: (request, value) => {
    const given = args.parse(JSON.parse(request.form?.rest_data ?? '{}'));
    const rest_data = JSON.stringify({ session: opened.parse(JSON.parse(value)).id, ...given });
    return { ...request, form: { ...request.form, rest_data } };
  },
  isOver: isSessionOver,
};

const userAuth = ({ login }: Settings, username: string, password: string): Record<string, string> =>
  login === 'plain'
    ? { user_name: username, password, encryption: 'PLAIN', version: '1' }
    : { user_name: username, password: createHash('md5').update(password).digest('hex'), version: '1' };

/** Who we are there. */
export const whoWeAre = async (api: CrmApi<Settings>): Promise<string> =>
  opened.parse(JSON.parse((await api.session()) ?? '')).user;
