import { z } from 'zod';
import type { CrmApi, CrmField, CrmModule, FieldType } from '../crm/port.ts';
import { textOf } from '../crm/values.ts';
import { klassOf, type Settings } from './settings.ts';
import { resources } from './wire.ts';

const standard: Readonly<Record<string, readonly (readonly [name: string, label: string, type: FieldType])[]>> = {
  customer: [
    ['name', 'Name', 'text'],
    ['phone', 'Phone', 'phone'],
    ['email', 'E-mail', 'email'],
    ['externalId', 'External id', 'text'],
    ['company', 'Company', 'reference'],
  ],
  conversation: [
    ['customer', 'Customer', 'reference'],
    ['name', 'Name', 'text'],
    ['status', 'Status', 'choice'],
    ['priority', 'Priority', 'number'],
    ['direction', 'Direction', 'choice'],
    ['externalId', 'External id', 'text'],
  ],
  message: [
    ['subject', 'Subject', 'text'],
    ['preview', 'Text', 'text'],
    ['channel', 'Channel', 'choice'],
    ['direction', 'Direction', 'choice'],
  ],
  company: [
    ['name', 'Name', 'text'],
    ['externalId', 'External id', 'text'],
  ],
};
const ofObjects: (typeof standard)[string] = [
  ['title', 'Title', 'text'],
  ['description', 'Description', 'text'],
  ['customer', 'Customer', 'reference'],
  ['company', 'Company', 'reference'],
  ['externalId', 'External id', 'text'],
];
const mandatory: Readonly<Record<string, readonly string[]>> = { conversation: ['customer'], company: ['name'] };

const properties = z.record(z.string(), z.looseObject({ displayName: z.string().optional() }));
const described = z.looseObject({
  properties: properties.optional(),
  metadata: z.looseObject({ properties: properties.optional() }).optional(),
});
const metadata = z.object({ data: z.looseObject({ attributes: described }) });

/** What everybody has, and the custom attributes of the organisation. */
export async function listFields(api: CrmApi<Settings>, module: string): Promise<readonly CrmField[]> {
  const { status, json } = await api.ask({
    method: 'GET',
    path: ['v1', 'metadata', klassOf(api.settings, module)],
    expect: [404],
  });
  const attributes = status === 404 ? undefined : metadata.safeParse(json).data?.data.attributes;
  const custom = attributes?.properties ?? attributes?.metadata?.properties ?? {};
  const required = mandatory[module] ?? (module in standard ? [] : ['title']);
  const own = (standard[module] ?? ofObjects).map(([name, label, type]) => ({
    name,
    label,
    type,
    required: required.includes(name),
    writable: true,
  }));
  return [...own, ...Object.entries(custom).map(([name, { displayName }]) => customField(name, displayName))];
}

const ends: readonly (readonly [end: string, type: FieldType])[] = [
  ['Str', 'text'],
  ['Txt', 'text'],
  ['Num', 'number'],
  ['Bool', 'boolean'],
  ['At', 'datetime'],
  ['Url', 'url'],
];

/** Texts have at most 1024 characters. */
function customField(name: string, label: string | undefined): CrmField {
  const type = ends.find(([end]) => name.endsWith(end))?.[1] ?? 'other';
  const common = { name: `custom.${name}`, label: label ?? name, type, required: false, writable: true };
  return type === 'text' ? { ...common, maxLength: 1024 } : common;
}

const always: readonly CrmModule[] = [
  { name: 'customer', label: 'Customers' },
  { name: 'conversation', label: 'Conversations' },
  { name: 'message', label: 'Messages' },
  { name: 'company', label: 'Companies' },
  { name: 'order', label: 'Orders' },
];

/** Custom objects need a role of their own; without it there are the standard ones. */
export async function listModules(api: CrmApi<Settings>): Promise<readonly CrmModule[]> {
  const { status, json } = await api.ask({ method: 'GET', path: ['v1', 'klasses'], expect: [403, 404] });
  const found = status === 200 ? (resources.safeParse(json).data?.data ?? []) : [];
  const names = found.map(({ attributes }) => textOf(attributes.name)).filter((name) => name !== '');
  const own = names.filter((name) => name !== api.settings.orderKlass && always.every((one) => one.name !== name));
  return [...always, ...own.map((name) => ({ name, label: name, isCustom: true }))];
}
