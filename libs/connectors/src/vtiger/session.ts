import { createHash } from 'node:crypto';
import { Failure } from '@patchcord/contracts';
import { z } from 'zod';
import type { CrmApi, CrmConnector } from '../crm/port.ts';
import { textOf } from '../crm/values.ts';
import type { Settings } from './settings.ts';
import { isSessionOver, reading, resultOf, writing } from './wire.ts';

const challenge = z.object({ token: z.string() });
const opened = z.object({ sessionName: z.string(), userId: z.string(), username: z.string() });
const me = z.looseObject({ id: z.string() });

/** It ends half an hour after it was used last, and a day after it began (`SessionManager.php`). */
const ttlMs = 25 * 60_000;

/** The log-in of `webservice.php`: the access key is never sent, only its hash with a token. */
export const session: NonNullable<CrmConnector<Settings>['session']> = {
  isUsed: ({ api }) => api === 'webservice',
  open: async (api, { username, password }) => {
    const { token } = await resultOf(api, reading(api.settings, 'getchallenge', { username }), challenge);
    const accessKey = createHash('md5').update(token).update(password).digest('hex');
    const login = { ...writing(api.settings, 'login', { username, accessKey }), writes: false };
    return { value: JSON.stringify(await resultOf(api, login, opened)), ttlMs };
  },
  apply: (request, value) => {
    const { sessionName } = openedBy(value);
    return request.form === undefined
      ? { ...request, query: { ...request.query, sessionName } }
      : { ...request, form: { ...request.form, sessionName } };
  },
  isOver: isSessionOver,
};

const openedBy = (value: string): z.infer<typeof opened> => opened.parse(JSON.parse(value));

/** Who we are there. */
export async function whoWeAre(api: CrmApi<Settings>): Promise<{ readonly id: string; readonly name: string }> {
  const value = await api.session();
  if (value !== undefined) {
    const { userId: id, username: name } = openedBy(value);
    return { id, name };
  }
  const user = await resultOf(api, reading(api.settings, 'me'), me);
  return { id: user.id, name: textOf(user.user_name) || textOf(user.username) || user.id };
}

/** Every record has an owner. */
export async function ownerOf(api: CrmApi<Settings>, userId?: string): Promise<string> {
  const owner = userId ?? api.settings.ownerId;
  if (owner === undefined) return (await whoWeAre(api)).id;
  if (/^\d+x\d+$/.test(owner)) return owner;
  throw new Failure('permanent', 'crm_user', 'the user is no id of Vtiger (expected the form 19x5)');
}
