import { InvalidInput } from '@patchcord/bus';
import type { Contacts } from '@patchcord/contacts';
import { type Agent, type Campaign, type Contact, Failure, type TenantConfig } from '@patchcord/contracts';

/** Whose ids somebody speaks in: ours, or those of an external system (a CRM). */
export interface IdSpace {
  readonly tenantId: string;
  readonly config: TenantConfig;
  /** Id of the external system; undefined: ours. */
  readonly system: string | undefined;
}

type IdField = 'externalSystem' | 'campaignId' | 'agentId' | 'contactId';

/** What an id stands for, or which field names nothing and what was expected in it. */
export type Resolved<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly field: IdField; readonly expected: string };

const found = <T>(value: T): Resolved<T> => ({ ok: true, value });

export function idSpace(whose: Omit<IdSpace, 'system'>, externalSystem: string | undefined): Resolved<IdSpace> {
  if (externalSystem === undefined || whose.config['external-system'].has(externalSystem)) {
    return found({ ...whose, system: externalSystem });
  }
  return { ok: false, field: 'externalSystem', expected: `an external system, and there is none "${externalSystem}"` };
}

export function campaignIn({ config, system }: IdSpace, id: string): Resolved<Campaign> {
  const campaign =
    system === undefined
      ? config.campaign.get(id)
      : [...config.campaign.values()].find(({ external }) => external?.system === system && external.id === id);
  return campaign === undefined ? unknown('campaignId', 'a campaign', { system, id }) : found(campaign);
}

export function agentIn({ config, system }: IdSpace, id: string): Resolved<Agent> {
  const agent =
    system === undefined
      ? config.agent.get(id)
      : [...config.agent.values()].find(
          ({ externalIds }) => Object.hasOwn(externalIds, system) && externalIds[system] === id,
        );
  return agent === undefined ? unknown('agentId', 'an agent', { system, id }) : found(agent);
}

/** The contact's own id, or its external id in the campaign's database. */
export async function contactIn(
  { tenantId, system }: IdSpace,
  { campaign, contacts }: { readonly campaign: Campaign; readonly contacts: Pick<Contacts, 'get' | 'byExternalId'> },
  id: string,
): Promise<Resolved<Contact>> {
  const { database } = campaign;
  if (database === undefined) {
    return {
      ok: false,
      field: 'contactId',
      expected: `no contact: the campaign "${campaign.id}" has no database of them`,
    };
  }
  const contact = await (system === undefined
    ? contacts.get(tenantId, database, id)
    : contacts.byExternalId(tenantId, database, id));
  return contact === undefined
    ? unknown('contactId', `a contact of the database "${database}"`, { system, id })
    : found(contact);
}

function unknown(
  field: IdField,
  what: string,
  { system, id }: { readonly system: string | undefined; readonly id: string },
): { readonly ok: false; readonly field: IdField; readonly expected: string } {
  const whose = system === undefined ? '' : ` by its id in "${system}"`;
  return { ok: false, field, expected: `${what}${whose}, and there is none "${id}"` };
}

/** What was named in a query or a body. @throws InvalidInput `invalid_request` that names the field */
export function named<T>(resolved: Resolved<T>): T {
  if (resolved.ok) return resolved.value;
  const { field: path, expected } = resolved;
  const message = `expected ${expected}`;
  throw new InvalidInput('invalid_request', `${path}: ${message}`, [{ path, message }]);
}

/** What was named in the address; another field is refused as {@link named} does. @throws Failure permanent `not_found` */
export function addressed<T>(resolved: Resolved<T>): T {
  if (resolved.ok || resolved.field === 'externalSystem') return named(resolved);
  throw new Failure('permanent', 'not_found', `${resolved.field}: expected ${resolved.expected}`);
}

/** Agents work on the campaigns that name them, and on those that name none. */
export const worksOn = ({ agents }: Campaign, agentId: string | undefined): boolean =>
  agentId === undefined || agents.length === 0 || agents.includes(agentId);
