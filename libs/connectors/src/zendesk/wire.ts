import { Failure } from '@patchcord/contracts';
import { z } from 'zod';
import type { CrmAnswer, CrmRecord, FailureMeaning, FieldValues } from '../crm/port.ts';
import { textOf } from '../crm/values.ts';

const id = z.number().transform(String);
export const record = z.looseObject({ id, updated_at: z.string().optional() });
type Stored = z.infer<typeof record>;
/** A module, and the name of one record of it, which wraps it in requests and answers. */
const singular: Readonly<Record<string, string>> = { users: 'user', tickets: 'ticket', organizations: 'organization' };

export function singularOf(module: string): string {
  const name = singular[module];
  if (name !== undefined) return name;
  throw new Failure('permanent', 'crm_module', 'Zendesk has users, tickets and organizations: expected one of them');
}

/** The one record of an answer. */
export const oneOf = (module: string, json: unknown): Stored =>
  z.looseObject({ [singularOf(module)]: record }).parse(json)[singularOf(module)] as Stored;

/** Fields of an account's own stand in a list or an object of their own; ours have a dot: `custom_fields.123`. */
export function recordOf(module: string, stored: Stored): CrmRecord {
  const name = textOf(stored[module === 'tickets' ? 'subject' : 'name']);
  return {
    module,
    id: stored.id,
    name: name || stored.id,
    fields: { ...stored, ...flat(stored) },
    ...(stored.updated_at === undefined ? {} : { modifiedAt: stored.updated_at }),
  };
}

const ownList = z.array(z.looseObject({ id, value: z.unknown() }));
const ownObject = z.record(z.string(), z.unknown());

const flat = (stored: Stored): Record<string, unknown> => ({
  ...Object.fromEntries(
    (ownList.safeParse(stored.custom_fields).data ?? []).map((one) => [`custom_fields.${one.id}`, one.value]),
  ),
  ...Object.fromEntries(
    ['user_fields', 'organization_fields'].flatMap((where) =>
      Object.entries(ownObject.safeParse(stored[where]).data ?? {}).map(([key, value]) => [`${where}.${key}`, value]),
    ),
  ),
});

/** The other way round. What a ticket is about is its first comment: a text alone is its body. */
export function bodyOf(module: string, values: FieldValues): object {
  const own = Object.entries(values);
  const plain = own.filter(([name]) => !name.includes('.'));
  const listed = own.filter(([name]) => name.startsWith('custom_fields.'));
  const nested = ['user_fields', 'organization_fields'].flatMap((where) => {
    const within = own.filter(([name]) => name.startsWith(`${where}.`));
    const values = Object.fromEntries(within.map(([name, value]) => [name.slice(where.length + 1), value]));
    return within.length === 0 ? [] : [[where, values] as const];
  });
  const { comment, ...rest } = Object.fromEntries(plain);
  return {
    [singularOf(module)]: {
      ...rest,
      ...(comment === undefined ? {} : { comment: typeof comment === 'string' ? { body: comment } : comment }),
      ...Object.fromEntries(nested),
      ...(listed.length === 0
        ? {}
        : {
            custom_fields: listed.map(([name, value]) => ({ id: Number(name.slice('custom_fields.'.length)), value })),
          }),
    },
  };
}

/** `error` is a code; of some answers an object. `details` names fields. */
const refusal = z.looseObject({
  error: z.unknown(),
  details: z.record(z.string(), z.unknown()).default({}).catch({}),
});

const errorOf = ({ json }: CrmAnswer): string => {
  const said = refusal.safeParse(json).data?.error;
  return typeof said === 'string' && /^\w{1,80}$/.test(said) ? said : '';
};

/** How long to stay away when Zendesk does not say it: its limits are per minute (ms). */
const waitMs = 60_000;

export function failureOf(answer: CrmAnswer): FailureMeaning | undefined {
  const { status } = answer;
  if (status < 400) return undefined;
  if (status === 401) return credentialsRefused;
  if (status === 409) return conflict;
  if (status === 429)
    return { class: 'throttled', code: 'crm_limit', message: 'Zendesk was asked too often within a minute', waitMs };
  if (status === 400 && errorOf(answer) === 'IdempotentRequestError') return keyUsed;
  return status === 403 || status === 400 || status === 422 ? refused(answer) : undefined;
}

export const credentialsRefused: FailureMeaning = {
  class: 'destination-gone',
  code: 'credentials_refused',
  message: 'Zendesk refused the credentials: the token was revoked, or it was not used for 30 days',
};
const conflict: FailureMeaning = {
  class: 'transient',
  code: 'crm_conflict',
  message: 'Zendesk is just being told the same, or something else of the same record',
};
/** The ticket was made with other words, and cannot be found yet. */
const keyUsed: FailureMeaning = {
  class: 'transient',
  code: 'crm_index_lag',
  message: 'Zendesk made the ticket already, with other words: it is found later',
};

/** Names of fields tell an administrator what to mend; descriptions may quote values. */
function refused(answer: CrmAnswer): FailureMeaning {
  const names = Object.keys(refusal.safeParse(answer.json).data?.details ?? {}).filter((name) =>
    /^\w{1,80}$/.test(name),
  );
  const where = names.length === 0 ? '' : ` (${names.join(', ')})`;
  const isRight = answer.status === 403;
  return {
    class: 'permanent',
    code: isRight ? 'crm_scopes' : 'crm_refused',
    message: `Zendesk refused it: ${errorOf(answer) || `status ${answer.status}`}${where}${isRight ? ': look at the scopes of the token, and the role of its user' : ''}`,
  };
}
