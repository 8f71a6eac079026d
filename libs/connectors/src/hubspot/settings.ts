import { z } from 'zod';

const apiPath = z.string().regex(/^[\w./-]+$/, 'expected a path without a query, as crm/v3/objects');
const property = z.string().regex(/^[a-z][a-z0-9_]*$/, 'expected the internal name of a property, in lower case');

export const settings = z.strictObject({
  /** A property of calls with unique values: then HubSpot itself keeps a call from being there twice. */
  callKeyProperty: property.optional(),
  /** Where our key stands without such a property. */
  callIdProperty: property.default('hs_call_external_id'),
  /** For how long a search may miss what was just written (ms). */
  searchLagMs: z.number().int().min(0).max(300_000).default(30_000),
  /** The account (portal) in the addresses that people open. */
  portalId: z.coerce.string().regex(/^\d+$/, 'expected the number of the account (Hub ID)').optional(),
  /** Where people open it: `https://app-eu1.hubspot.com` for accounts in the EU. */
  appUrl: z.url().default('https://app.hubspot.com'),
  /** How texts of calls and notes are sent. */
  texts: z.enum(['html', 'plain']).default('html'),
  /** HubSpot also has its API under dates, as `crm/objects/2026-03`. */
  objectsPath: apiPath.default('crm/v3/objects'),
  propertiesPath: apiPath.default('crm/v3/properties'),
  schemasPath: apiPath.default('crm/v3/schemas'),
  associationsPath: apiPath.default('crm/v4/objects'),
  ownersPath: apiPath.default('crm/v3/owners'),
  /** Ids of the associations of a ticket that is made for somebody. */
  ticketToContact: z.number().int().default(16),
  ticketToCompany: z.number().int().default(26),
});
export type Settings = z.infer<typeof settings>;

type Base = 'objectsPath' | 'propertiesPath' | 'schemasPath' | 'associationsPath';

/** Segments below one of the places of the API. */
export const under = (settings: Settings, base: Base, ...rest: string[]): string[] => [
  ...settings[base].split('/').filter((part) => part !== ''),
  ...rest,
];
