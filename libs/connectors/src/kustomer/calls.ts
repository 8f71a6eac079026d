import { Failure } from '@patchcord/contracts';
import { callText } from '../crm/call-text.ts';
import type { CallEntry, CrmApi, FieldValues, RecordRef } from '../crm/port.ts';
import { textOf } from '../crm/values.ts';
import { create, get, update } from './records.ts';
import { path, type Settings } from './settings.ts';
import { type Resource, resource, resources, valuesOf } from './wire.ts';

/**
 * A call is a message of the channel `voice`, in the conversation that it was about, or in one of its own with our key as
 * external id. Each is looked for before it is made: a customer, a conversation and a message of before are used again.
 */
export async function logCall(
  api: CrmApi<Settings>,
  entry: CallEntry,
  written?: (ref: RecordRef) => Promise<void>,
): Promise<RecordRef> {
  const conversation = entry.about.find(({ module }) => module === 'conversation')?.id ?? (await ownOf(api, entry));
  const there = await messageOf(api, conversation, entry.key);
  if (there === undefined) return post(api, conversation, entry);
  await written?.(there);
  await updateCall(api, there, entry);
  return there;
}

async function post(api: CrmApi<Settings>, conversation: string, entry: CallEntry): Promise<RecordRef> {
  const { json } = await api.ask({
    method: 'POST',
    path: path(api.settings, 'conversation', conversation, 'messages'),
    json: valuesOf(api.settings, messageValues(api.settings, entry)),
    writes: true,
  });
  return { module: 'message', id: resource.parse(json).data.id };
}

/** The conversation that was made for this call, or is made now. */
async function ownOf(api: CrmApi<Settings>, entry: CallEntry): Promise<string> {
  const known = await conversationOf(api, entry.key);
  if (known !== undefined) return known;
  const { id } = await create(api, 'conversation', {
    customer: await customerOf(api, entry),
    name: entry.subject,
    externalId: entry.key,
    status: api.settings.callStatus,
    direction: directionOf(entry),
    ...(entry.userId === undefined ? {} : { assignedUsers: [entry.userId] }),
  });
  return id;
}

const conversationOf = async (api: CrmApi<Settings>, key: string): Promise<string | undefined> =>
  (await get(api, 'conversation', `externalId=${key}`))?.id;

/** One of a conversation that it was about is not found by the key alone: whoever logs the call looks there. */
export async function findCall(api: CrmApi<Settings>, key: string): Promise<RecordRef | undefined> {
  const conversation = await conversationOf(api, key);
  return conversation === undefined ? undefined : messageOf(api, conversation, key);
}

export async function updateCall(api: CrmApi<Settings>, ref: RecordRef, entry: CallEntry): Promise<void> {
  const { channel: _channel, app: _app, direction: _direction, ...values } = messageValues(api.settings, entry);
  await update(api, ref, values);
}

const pageSize = 100;
const mostPages = 20;

async function messageOf(api: CrmApi<Settings>, conversation: string, key: string): Promise<RecordRef | undefined> {
  for (let page = 1; page <= mostPages; page++) {
    const { json } = await api.ask({
      method: 'GET',
      path: path(api.settings, 'conversation', conversation, 'messages'),
      query: { page, pageSize },
    });
    const { data } = resources.parse(json);
    const ours = data.find((one) => isOurs(api.settings, one, key));
    if (ours !== undefined) return { module: 'message', id: ours.id };
    if (data.length < pageSize) return undefined;
  }
  return undefined;
}

/** By the attribute that holds our key, or by the line of the text that does. */
function isOurs({ keyField, textField }: Settings, { attributes }: Resource, key: string): boolean {
  if (attributes[keyField] === key) return true;
  return textOf(attributes[textField]).split(/\r?\n/).includes(`Call id: ${key}`);
}

const directionOf = ({ direction }: CallEntry): 'in' | 'out' => (direction === 'outbound' ? 'out' : 'in');

function messageValues(settings: Settings, entry: CallEntry): FieldValues {
  const custom = {
    [settings.durationAttribute ?? '']: entry.durationSeconds,
    [settings.startedAttribute ?? '']: entry.startedAt,
    [settings.outcomeAttribute ?? '']: entry.outcome,
    [settings.dispositionAttribute ?? '']: entry.disposition,
    [settings.recordingAttribute ?? '']: entry.recordingUrl,
  };
  const named = Object.entries(custom).filter(([name, value]) => name !== '' && value !== undefined);
  return {
    channel: 'voice',
    app: settings.app,
    direction: directionOf(entry),
    [settings.subjectField]: entry.subject,
    [settings.textField]: textOfCall(entry),
    ...Object.fromEntries(named.map(([name, value]) => [`custom.${name}`, value])),
    ...entry.fields,
    [settings.keyField]: entry.key,
  };
}

const textOfCall = (entry: CallEntry): string =>
  callText(entry, [
    'notes',
    'disposition',
    'direction',
    'started',
    'numbers',
    'duration',
    'outcome',
    'recording',
    'key',
  ]);

/** A conversation is somebody's: the customer it was about, who has the number, or one who is made of it. */
async function customerOf(api: CrmApi<Settings>, entry: CallEntry): Promise<string> {
  const about = entry.about.find(({ module }) => module === 'customer');
  if (about !== undefined) return about.id;
  const number = (entry.direction === 'outbound' ? entry.to : entry.from) ?? '';
  if (!/^\+\d{5,15}$/.test(number)) throw nobody('it has no number of the public telephone network');
  const known = await get(api, 'customer', `phone=${number}`);
  if (known !== undefined) return known.id;
  if (api.settings.unknownCallers === 'refuse') throw nobody('nobody has its number');
  return newCustomer(api, number);
}

const nobody = (why: string): Failure =>
  new Failure('permanent', 'crm_no_customer', `the call belongs to no customer of Kustomer: ${why}`);

/** Somebody else may have made it in between: then the number is taken. */
async function newCustomer(api: CrmApi<Settings>, number: string): Promise<string> {
  try {
    return (await create(api, 'customer', { name: number, phone: number })).id;
  } catch (thrown) {
    const known = isRefusal(thrown) ? await get(api, 'customer', `phone=${number}`) : undefined;
    if (known === undefined) throw thrown;
    return known.id;
  }
}

const isRefusal = (thrown: unknown): boolean => thrown instanceof Failure && thrown.class === 'permanent';
