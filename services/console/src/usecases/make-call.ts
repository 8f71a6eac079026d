import { randomUUID } from 'node:crypto';
import { InvalidInput } from '@patchcord/bus';
import type { Contacts } from '@patchcord/contacts';
import {
  type Campaign,
  type Contact,
  campaignVariable,
  Failure,
  type PbxCommandReply,
  pbxCommand,
  requestedCallId,
} from '@patchcord/contracts';
import type { Identity } from '@patchcord/runtime';
import { campaignIn, contactIn, named, worksOn } from '../domain/external-ids.ts';
import { type AgentPhone, agentPhone, askPbx, type ForAgent, type PhoneDeps } from './agent-phone.ts';

export interface CallDeps extends PhoneDeps {
  readonly contacts: Pick<Contacts, 'get' | 'byExternalId' | 'linkCall'>;
}

export interface MakeCall extends ForAgent {
  readonly campaignId?: string | undefined;
  /** Of the campaign's database. */
  readonly contactId?: string | undefined;
  readonly to: string;
  /** The same again makes no second call. Default: a new one. */
  readonly requestId?: string | undefined;
  readonly waitFor?: 'ringing' | 'answer' | undefined;
  readonly ringTimeoutMs?: number | undefined;
}

export interface MadeCall {
  readonly outcome: PbxCommandReply['outcome'];
  readonly callId: string;
  readonly requestId: string;
}

/** By which a call finds its contact again; longer than any call. */
const linkTtlMs = 24 * 3_600_000;

/**
 * Click-to-call: rings the agent, and dials the number once he answered.
 *
 * @throws InvalidInput that names the field, Failure permanent `forbidden`, and what {@link agentPhone} and the PBX say
 */
export async function makeCall(deps: CallDeps, identity: Identity, call: MakeCall): Promise<MadeCall> {
  const to = plausible(call.to);
  const phone = await agentPhone(deps, identity, call);
  const campaign = campaignOf(phone, call.campaignId);
  const contact = await contactOf(deps, phone, { campaign, contactId: call.contactId });
  const { pbxId } = phone;
  const { requestId = randomUUID() } = call;
  const callId = requestedCallId(pbxId, requestId);
  const { tenantId } = identity;
  // Before there is a call: its first event is looked at with the contact.
  if (contact !== undefined) await deps.contacts.linkCall(tenantId, callId, contact, linkTtlMs);
  const command = pbxCommand.parse({
    command: 'originate',
    requestId,
    ...phone.phone,
    to,
    variables: variablesOf(campaign, contact),
    waitFor: call.waitFor,
    ringTimeoutMs: call.ringTimeoutMs,
  });
  const { outcome } = await askPbx(deps, identity, { pbxId, command });
  return { outcome, callId, requestId };
}

/** What can be dialled: digits with what people write between them. The PBX's dialplan decides whether it is. */
function plausible(to: string): string {
  const digits = to.replace(/[ ().-]/g, '');
  if (/^\+?[0-9*#]{2,32}$/.test(digits)) return digits;
  const message = 'expected a telephone number or an extension, e.g. +14155550123';
  throw new InvalidInput('invalid_request', `to: ${message}`, [{ path: 'to', message }]);
}

function campaignOf({ space, agent }: AgentPhone, id: string | undefined): Campaign | undefined {
  if (id === undefined) return undefined;
  const campaign = named(campaignIn(space, id));
  if (worksOn(campaign, agent.id)) return campaign;
  const message = `agent "${agent.id}" does not work on the campaign "${campaign.id}"`;
  throw new Failure('permanent', 'forbidden', message);
}

async function contactOf(
  { contacts }: CallDeps,
  { space }: AgentPhone,
  { campaign, contactId }: { readonly campaign: Campaign | undefined; readonly contactId: string | undefined },
): Promise<Contact | undefined> {
  if (contactId === undefined) return undefined;
  if (campaign !== undefined) return named(await contactIn(space, { campaign, contacts }, contactId));
  return named({ ok: false, field: 'campaignId', expected: 'the campaign in whose database the contact is' });
}

/** For the dialplan, and on the call's session; `__`: also on the channels that the call makes. */
const variablesOf = (campaign: Campaign | undefined, contact: Contact | undefined): Record<string, string> => ({
  ...(campaign === undefined ? {} : { [`__${campaignVariable}`]: campaign.id }),
  ...(contact === undefined ? {} : { __CONTACT: contact.contactId }),
});
