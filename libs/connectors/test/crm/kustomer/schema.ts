import { z } from 'zod';
import type { Reply } from '../fake-http.ts';
import type { FakeRecord } from '../fake-records.ts';

/** Attributes of the kinds of records that every organisation has. */
export const standard: Readonly<Record<string, readonly string[]>> = {
  customer: ['name', 'phones', 'sharedPhones', 'emails', 'externalId', 'company', 'custom'],
  conversation: ['customer', 'name', 'status', 'priority', 'direction', 'externalId', 'assignedUsers', 'custom'],
  message: ['channel', 'app', 'direction', 'subject', 'preview', 'externalId', 'conversation', 'custom'],
  company: ['name', 'externalId', 'custom'],
  note: ['conversation', 'body'],
  'ecomm-order': ['title', 'description', 'customer', 'company', 'externalId', 'custom'],
};

/** Errors have one form or the other; both quote what was sent. */
export const refuse = (status: number, code: string, pointer?: string): Reply => ({
  status,
  body: {
    errors:
      pointer === undefined
        ? [{ code, message: 'it was +14155550123', meta: {} }]
        : [{ status: String(status), code, title: 'no', detail: 'it was +14155550123', source: { pointer } }],
  },
});

/** JSON:API; what refers to another record stands among the relationships. */
export function shown({ id, module, values }: FakeRecord): object {
  const { customer, conversation, ...attributes } = values;
  const refer = (type: string, to: unknown) => (to === undefined ? {} : { [type]: { data: { type, id: to } } });
  return {
    id,
    type: module,
    attributes: { ...attributes, updatedAt: '2026-11-20T10:00:00.000Z' },
    relationships: { ...refer('customer', customer), ...refer('conversation', conversation) },
  };
}

const entry = z.looseObject({ phone: z.string() });
export const numbersOf = (phones: unknown): string[] =>
  z
    .array(entry)
    .catch([])
    .parse(phones)
    .map(({ phone }) => phone);
